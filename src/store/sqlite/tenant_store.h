#pragma once
// What only SQLite's store of a tenant has.

#include "store/sql/alert_store.h"
#include "store/sql/tenant_store.h"
#include "store/sqlite/alert_removal.h"
#include "store/sqlite/core.h"

namespace tocsin::store {

class SqliteAlertStore final : public SqlAlertStore {
 public:
  SqliteAlertStore(Parts parts, TenantId tenant, IngestState& state)
      : SqlAlertStore(parts, tenant), state_(state) {}

 protected:
  Result<std::vector<AppendOutcome>> append_prepared(const PreparedBatch& batch,
                                                     WriteContext& context) override;
  Result<std::optional<StoredAlert>> find_stored(Connection& db, std::string_view id) const override;
  Result<std::vector<StoredAlert>> load_stored(Connection& db, std::span<const Seq> seqs) const override;
  Result<void> load_documents(Connection& db, std::span<StoredAlert> alerts) const override;
  Result<Page<StoredAlert>> list_stored(Connection& db, const AlertQuery& query,
                                        ScopePtr scope) const override;

 private:
  IngestState& state_;
};

class SqliteTenantStore final : public SqlTenantStore {
 public:
  SqliteTenantStore(Parts parts, TenantId tenant, IngestState& state)
      : SqlTenantStore(parts, tenant, remove_alerts), alerts_(parts, tenant, state) {}
  AlertStore& alerts() override { return alerts_; }

 private:
  SqliteAlertStore alerts_;
};

const Dialect& sqlite_dialect();

}  // namespace tocsin::store
