#pragma once
// Lines of the incidents' action logs, written inside the writer's transaction.

#include <span>

#include "model/incident.h"
#include "store/sql/core.h"

namespace tocsin::store {

Result<void> write_actions(std::span<const model::ActionRecord> records, TenantId tenant, Connection& db);

}  // namespace tocsin::store
