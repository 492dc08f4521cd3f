#pragma once
// An audit record as JSON: what the API answers and exports hold.

#include <string>

#include "base/json_writer.h"
#include "store/audit.h"

namespace tocsin::store {

std::string_view to_text(ActorKind kind);  // "machine", "person", "key"

// `before` and `after` are the very texts that were hashed: JSON inside of a string.
void write_audit_record(JsonWriter& json, const AuditRecord& record);

}  // namespace tocsin::store
