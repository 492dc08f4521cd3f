#pragma once
// Reading alerts on any connection: by id, by seq, with or without their documents.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store/sqlite/alert_row.h"
#include "store/sqlite/core.h"

namespace tocsin::store {

// By "AL-…", or by the client's own id: the newest that has it.
Result<std::optional<StoredAlert>> find_alert(Connection& db, const KeyTail& tail, TenantId tenant,
                                              std::string_view id);

// In the order asked for; missing ones are left out.
Result<std::vector<StoredAlert>> load_alerts(Connection& db, TenantId tenant,
                                             std::span<const model::Seq> seqs);

// Fills in message, entities, raw and the rest; each block is unpacked once.
Result<void> load_documents(Connection& db, std::span<StoredAlert> alerts);

// The newest alert's; 0 when there is none. One step down each (status, severity) run of an index: ordering a
// tenant's alerts by seq would read them all.
std::string_view last_seq_sql();
Result<model::Seq> last_seq_of(Connection& db, TenantId tenant);
Result<model::Seq> watermark_of(Connection& db, std::string_view name);

}  // namespace tocsin::store
