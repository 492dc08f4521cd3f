#pragma once
// Notes of incidents and the texts that they had before.

#include "store/sql/core.h"

namespace tocsin::store {

Error no_such_incident(const IncidentId& id);

// The one note that the reference systems' calls overwrite: made, edited, or emptied, which hides it. Gives
// its text before; absent when there was none or the change says nothing of it.
Result<std::optional<std::string>> replace_note(const IncidentId& id, const IncidentChange& change,
                                                TenantId tenant, WriteContext& context);

}  // namespace tocsin::store
