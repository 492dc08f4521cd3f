#pragma once
// Assets, users and reference files in SQLite.

#include "store/sql/core.h"
#include "store/sqlite/inventory_rows.h"

namespace tocsin::store {

template <class Row>
class SqliteInventoryTable final : public InventoryTable<Row> {
 public:
  using Outcome = typename InventoryTable<Row>::Outcome;
  SqliteInventoryTable(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}

  Result<Outcome> put(std::vector<Row> rows, PutMode mode) override;
  Result<Row> replace(std::string_view id, Row row, std::optional<std::int64_t> if_version) override;
  Result<void> remove(std::string_view id, std::optional<std::int64_t> if_version) override;
  Result<std::optional<Row>> find(std::string_view id) const override;
  Result<std::optional<Row>> find_by_name(std::string_view name) const override;
  Result<std::vector<Row>> list(std::string_view text, std::string_view after_name,
                                std::size_t limit) const override;
  Result<std::int64_t> count(std::string_view text) const override;

 private:
  Result<std::optional<Row>> find_where(std::string_view condition, std::string_view value) const;

  const Parts parts_;
  const TenantId tenant_;
};

extern template class SqliteInventoryTable<Asset>;
extern template class SqliteInventoryTable<User>;

class SqliteReferenceStore final : public ReferenceStore {
 public:
  SqliteReferenceStore(Parts parts, TenantId tenant) : parts_(parts), tenant_(tenant) {}
  Result<ReferenceFile> put(ReferenceFile file) override;
  Result<std::vector<ReferenceFile>> list(std::string_view kind) const override;
  Result<std::string> body(const ReferenceId& id) const override;
  Result<void> remove(const ReferenceId& id) override;

 private:
  const Parts parts_;
  const TenantId tenant_;
};

}  // namespace tocsin::store
