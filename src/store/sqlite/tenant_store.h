#pragma once
// What only SQLite's store of a tenant has.

#include "store/sql/alert_store.h"
#include "store/sql/tenant_store.h"
#include "store/sqlite/core.h"
#include "store/sqlite/retention_store.h"

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
      : SqlTenantStore(parts, tenant), alerts_(parts, tenant, state), retention_(parts, tenant) {}
  AlertStore& alerts() override { return alerts_; }
  RetentionStore& retention() override { return retention_; }

 private:
  SqliteAlertStore alerts_;
  SqliteRetentionStore retention_;
};

const Dialect& sqlite_dialect();

}  // namespace tocsin::store
