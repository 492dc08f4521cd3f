#pragma once
// Which alerts are in a scope (store/scoped.h), asked inside a snapshot of either database.

#include <memory>
#include <mutex>
#include <set>

#include "store/asset_groups.h"
#include "store/sql/core.h"

namespace tocsin::store {

// Immutable: any thread.
class ScopeFilter {
 public:
  ScopeFilter(const model::AlertScope& scope, std::shared_ptr<const AssetGroups> assets);
  // `host` and `address`: the columns of the alert's row; empty where it has none.
  bool holds(std::string_view source, std::string_view host, std::string_view address) const;

 private:
  const std::set<std::string, std::less<>> sources_;  // empty: any
  const bool any_asset_;
  const std::shared_ptr<const AssetGroups> assets_;
  std::vector<bool> members_;  // of assets_
};
using ScopePtr = std::shared_ptr<const ScopeFilter>;  // null: all alerts

// The asset table of a tenant as groups, read anew when the table's revision, which every change of it raises
// in its transaction, is another. Thread-safe.
class AssetGroupsCache {
 public:
  // As the snapshot that `db` is in has it.
  Result<std::shared_ptr<const AssetGroups>> read(Connection& db, TenantId tenant);

 private:
  std::mutex mutex_;
  std::int64_t revision_ = -1;
  std::shared_ptr<const AssetGroups> groups_;
};

// Inside a snapshot. Null for a scope that allows everything.
Result<ScopePtr> read_scope(Connection& db, TenantId tenant, AssetGroupsCache& assets,
                            const model::AlertScope& scope);

// Those of `seqs` that are in the scope, in their order.
Result<std::vector<Seq>> seqs_in_scope(Connection& db, TenantId tenant, const ScopeFilter& scope,
                                       std::span<const Seq> seqs);

Result<AlertFigures> count_figures(Connection& db, TenantId tenant, const ScopeFilter& scope);

// As many values as a statement of a size that is used often has; the last one is repeated.
std::vector<std::int64_t> padded(std::span<const Seq> seqs);
constexpr std::size_t kSeqsAtOnce = 512;  // of one statement

}  // namespace tocsin::store
