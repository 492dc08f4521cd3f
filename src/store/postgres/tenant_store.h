#pragma once
// What only PostgreSQL's store of a tenant has.

#include "store/postgres/alert_append.h"
#include "store/postgres/alert_removal.h"
#include "store/sql/alert_store.h"
#include "store/sql/tenant_store.h"

namespace tocsin::store {

class PostgresAlertStore final : public SqlAlertStore {
 public:
  PostgresAlertStore(Parts parts, TenantId tenant, GroupAppender& appender)
      : SqlAlertStore(parts, tenant), appender_(appender) {}

 protected:
  Result<std::vector<AppendOutcome>> append_prepared(const PreparedBatch& batch,
                                                     WriteContext& context) override;
  Result<std::optional<StoredAlert>> find_stored(Connection& db, std::string_view id) const override;
  Result<std::vector<StoredAlert>> load_stored(Connection& db, std::span<const Seq> seqs) const override;
  Result<void> load_documents(Connection& db, std::span<StoredAlert> alerts) const override;
  Result<Page<StoredAlert>> list_stored(Connection& db, const AlertQuery& query,
                                        ScopePtr scope) const override;

 private:
  GroupAppender& appender_;
};

class PostgresTenantStore final : public SqlTenantStore {
 public:
  PostgresTenantStore(Parts parts, TenantId tenant, GroupAppender& appender)
      : SqlTenantStore(parts, tenant, postgres::remove_alerts), alerts_(parts, tenant, appender) {}
  AlertStore& alerts() override { return alerts_; }

 private:
  PostgresAlertStore alerts_;
};

const Dialect& postgres_dialect();

}  // namespace tocsin::store
