#pragma once
// The audit in SQL: reading it, and what is written without another change.

#include "store/audit_head.h"
#include "store/sql/core.h"
#include "store/sqlite/cursor.h"
#include "store/sqlite/sql_text.h"

namespace tocsin::store {

class SqlAuditStore final : public AuditStore {
 public:
  SqlAuditStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}

  Result<Page<AuditRecord>> list(const AuditQuery& query) const override;
  Result<std::optional<AuditRecord>> find(std::int64_t number) const override;
  Result<void> scan(std::int64_t after,
                    const std::function<bool(std::span<const AuditRecord>)>& each) const override;
  Result<ChainEnd> end() const override;
  Result<void> add(const AuditEntry& entry) override;
  Result<std::vector<AuditHead>> heads(std::int64_t after, std::size_t limit) const override;
  Result<void> add_head(const AuditHead& head) override;
  Result<std::vector<AuditHead>> newest_heads(std::int64_t before, std::size_t limit) const override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

// The walk of a page: rows of the one filter that an index serves, newest first, from the cursor on. What
// else the query asks is left to fits().
SqlText audit_walk(TenantId tenant, const AuditQuery& query, const std::optional<Cursor>& from);
// The same rows, at most that many, as one number; read from the index alone.
SqlText audit_count(TenantId tenant, const AuditQuery& query, std::int64_t most);
// Whether a record has what the walk did not ask for.
bool fits(const AuditRecord& record, const AuditQuery& query);

// One chunk of records after that number, in order; empty at the end.
Result<std::vector<AuditRecord>> read_audit(Connection& db, TenantId tenant, std::int64_t after,
                                            std::size_t limit);
Result<std::vector<AuditHead>> read_heads(Connection& db, TenantId tenant, std::int64_t after,
                                          std::size_t limit);

}  // namespace tocsin::store
