#include "store/sql/scope.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "store/sqlite/inventory_rows.h"
#include "store/sqlite/sql_text.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kSourcesShown = 100;
constexpr std::int64_t kCountedAtOnce = 10'000;

Result<std::shared_ptr<const AssetGroups>> read_assets(Connection& db, TenantId tenant) {
  auto groups = std::make_shared<AssetGroups>();
  auto rows = db.prepare("SELECT document FROM assets WHERE tenant = ?1");
  rows.query(tenant.value);
  while (rows.next()) {
    Asset asset;
    if (decode_row(rows.blob(0), asset)) groups->add(asset);
  }
  TOCSIN_CHECK(rows.status());
  return std::shared_ptr<const AssetGroups>(std::move(groups));
}

std::string_view text_or_empty(const Statement& row, int column) {
  return row.null(column) ? std::string_view() : row.text(column);
}

NamedCounts most_first(const std::map<std::string, std::int64_t>& counted, std::size_t limit) {
  NamedCounts counts(counted.begin(), counted.end());
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  counts.resize(std::min(counts.size(), limit));
  return counts;
}

struct Tally {
  std::int64_t alerts = 0;
  std::map<std::string, std::int64_t> by_severity, by_status, by_source;
};

// One chunk of alerts below `before`, which is left at the last one read; how many there were.
Result<std::int64_t> tally_chunk(Connection& db, TenantId tenant, const ScopeFilter& scope, Seq& before,
                                 Tally& tally) {
  auto rows = db.prepare(
      "SELECT seq, source, host, ip, severity, status FROM alerts NOT INDEXED WHERE tenant = ?1 AND seq < ?2 "
      "ORDER BY seq DESC LIMIT ?3");
  rows.query(tenant.value, before, kCountedAtOnce);
  std::int64_t read = 0;
  for (; rows.next(); ++read) {
    before = rows.int64(0);
    if (!scope.holds(rows.text(1), text_or_empty(rows, 2), text_or_empty(rows, 3))) continue;
    ++tally.alerts;
    ++tally.by_source[std::string(rows.text(1))];
    ++tally.by_severity[std::string(to_text(static_cast<model::Severity>(rows.integer(4))))];
    ++tally.by_status[std::string(to_text(static_cast<model::AlertStatus>(rows.integer(5))))];
  }
  TOCSIN_CHECK(rows.status());
  return read;
}

}  // namespace

ScopeFilter::ScopeFilter(const model::AlertScope& scope, std::shared_ptr<const AssetGroups> assets)
    : sources_(scope.sources.begin(), scope.sources.end()),
      any_asset_(scope.asset_groups.empty()),
      assets_(std::move(assets)) {
  if (!any_asset_) members_ = assets_->members_of(scope.asset_groups);
}

bool ScopeFilter::holds(std::string_view source, std::string_view host, std::string_view address) const {
  if (!sources_.empty() && !sources_.contains(source)) return false;
  return any_asset_ || assets_->holds(host, address, members_);
}

std::shared_ptr<AssetGroupsCache> make_asset_groups_cache() {
  return std::make_shared<AssetGroupsCache>();
}

// Read beside other threads that may do the same: the newest stays.
Result<std::shared_ptr<const AssetGroups>> AssetGroupsCache::read(Connection& db, TenantId tenant) {
  TOCSIN_TRY(counters, read_counters(db, tenant, Counter::kAssetRevision, 1));
  const auto revision = counters.empty() ? 0 : counters[0].second;
  {
    const std::lock_guard lock(mutex_);
    if (groups_ && revision_ == revision) return groups_;
  }
  TOCSIN_TRY(groups, read_assets(db, tenant));
  const std::lock_guard lock(mutex_);
  if (revision > revision_) {
    revision_ = revision;
    groups_ = groups;
  }
  return groups;
}

Result<ScopePtr> read_scope(Connection& db, TenantId tenant, AssetGroupsCache& assets,
                            const model::AlertScope& scope) {
  if (scope.is_everything()) return ScopePtr();
  if (scope.asset_groups.empty()) return std::make_shared<const ScopeFilter>(scope, nullptr);
  TOCSIN_TRY(groups, assets.read(db, tenant));
  return std::make_shared<const ScopeFilter>(scope, std::move(groups));
}

std::vector<std::int64_t> padded(std::span<const Seq> seqs) {
  std::vector<std::int64_t> values(seqs.begin(), seqs.end());
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{64}, kSeqsAtOnce}) {
    if (values.empty() || values.size() > size) continue;
    values.resize(size, values.back());
    break;
  }
  return values;
}

Result<std::vector<Seq>> seqs_in_scope(Connection& db, TenantId tenant, const ScopeFilter& scope,
                                       std::span<const Seq> seqs) {
  std::unordered_set<Seq> held;
  for (std::size_t at = 0; at < seqs.size(); at += kSeqsAtOnce) {
    SqlText text;
    text.sql =
        "SELECT seq, source, host, ip FROM alerts NOT INDEXED WHERE tenant = " + text.bind(tenant.value) +
        " AND seq IN (" + text.bind_all(padded(seqs.subspan(at, std::min(kSeqsAtOnce, seqs.size() - at)))) +
        ")";
    auto rows = db.prepare(text.sql);
    rows.query_values(text.values);
    while (rows.next()) {
      if (scope.holds(rows.text(1), text_or_empty(rows, 2), text_or_empty(rows, 3)))
        held.insert(rows.int64(0));
    }
    TOCSIN_CHECK(rows.status());
  }
  std::vector<Seq> kept;
  std::copy_if(seqs.begin(), seqs.end(), std::back_inserter(kept),
               [&](Seq seq) { return held.contains(seq); });
  return kept;
}

Result<AlertFigures> count_figures(Connection& db, TenantId tenant, const ScopeFilter& scope) {
  Tally tally;
  Seq before = std::numeric_limits<Seq>::max();
  std::int64_t read = 0, last = kCountedAtOnce;
  for (; read < kScopeCounted && last == kCountedAtOnce; read += last) {
    TOCSIN_TRY(chunk, tally_chunk(db, tenant, scope, before, tally));
    last = chunk;
  }
  AlertFigures figures;
  figures.alerts = tally.alerts;
  figures.by_severity = most_first(tally.by_severity, tally.by_severity.size());
  figures.by_status = most_first(tally.by_status, tally.by_status.size());
  figures.by_source = most_first(tally.by_source, kSourcesShown);
  figures.in_part = last == kCountedAtOnce;
  return figures;
}

}  // namespace tocsin::store
