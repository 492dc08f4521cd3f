#pragma once
// Reading alerts on any connection: by id, by seq, with or without their documents; many in one statement.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store/sql/core.h"
#include "store/sqlite/alert_row.h"

namespace tocsin::store::postgres {

// By "AL-…", or by the client's own id: the newest that has it.
Result<std::optional<StoredAlert>> find_alert(Connection& db, TenantId tenant, std::string_view id);

// In the order asked for; missing ones are left out.
Result<std::vector<StoredAlert>> load_alerts(Connection& db, TenantId tenant, std::span<const Seq> seqs);

// Fills in message, entities, raw and the rest.
Result<void> load_documents(Connection& db, TenantId tenant, std::span<StoredAlert> alerts);

// "{1,2}", for ?n::text::int8[].
std::string array_text(std::span<const std::int64_t> numbers);

}  // namespace tocsin::store::postgres
