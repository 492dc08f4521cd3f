#pragma once
// Tables that a reader of a scope may read and not write; of assets, those of his groups.

#include <algorithm>

#include "base/ascii.h"
#include "store/scoped_alerts.h"

namespace tocsin::store {

class ReadOnlyIntel final : public IntelStore {
 public:
  explicit ReadOnlyIntel(IntelStore& whole) : whole_(whole) {}
  Result<IntelList> put(IntelList, std::vector<IntelEntry>) override { return refusal(); }
  Result<std::vector<IntelList>> lists() const override { return whole_.lists(); }
  Result<std::optional<IntelList>> find_list(const IntelListId& id) const override {
    return whole_.find_list(id);
  }
  Result<std::vector<std::pair<std::int64_t, IntelEntry>>> entries(const IntelListId& id, std::int64_t after,
                                                                   std::size_t limit) const override {
    return whole_.entries(id, after, limit);
  }
  Result<void> remove(const IntelListId&) override { return refusal(); }
  Result<std::vector<IntelHit>> find(const model::Ioc& ioc, Timestamp now) const override {
    return whole_.find(ioc, now);
  }

 private:
  static Error refusal() { return beyond_scope("change indicator lists"); }
  IntelStore& whole_;
};

class ReadOnlyReferences final : public ReferenceStore {
 public:
  explicit ReadOnlyReferences(ReferenceStore& whole) : whole_(whole) {}
  Result<ReferenceFile> put(ReferenceFile) override { return refusal(); }
  Result<std::vector<ReferenceFile>> list(std::string_view kind) const override { return whole_.list(kind); }
  Result<std::string> body(const ReferenceId& id) const override { return whole_.body(id); }
  Result<void> remove(const ReferenceId&) override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("change reference files"); }
  ReferenceStore& whole_;
};

// Which rows a scope has.
class RowsOfScope {
 public:
  explicit RowsOfScope(const model::AlertScope& scope) : scope_(scope) {}
  bool all(const Asset*) const { return scope_.asset_groups.empty(); }
  bool all(const User*) const { return true; }
  bool has(const User&) const { return true; }
  bool has(const Asset& asset) const {
    return all(&asset) || names(asset.department) || names(asset.zone) ||
           std::any_of(asset.tags.begin(), asset.tags.end(), [&](const auto& tag) { return names(tag); });
  }

 private:
  bool names(std::string_view group) const {
    return !group.empty() && std::any_of(scope_.asset_groups.begin(), scope_.asset_groups.end(),
                                         [&](const auto& own) { return equal_ignoring_case(own, group); });
  }
  const model::AlertScope& scope_;
};

template <class Row>
class ReadOnlyTable final : public InventoryTable<Row> {
 public:
  using Outcome = typename InventoryTable<Row>::Outcome;
  ReadOnlyTable(InventoryTable<Row>& whole, const model::AlertScope& scope) : whole_(whole), scope_(scope) {}

  Result<Outcome> put(std::vector<Row>, PutMode) override { return refusal(); }
  Result<Row> replace(std::string_view, Row, std::optional<std::int64_t>) override { return refusal(); }
  Result<void> remove(std::string_view, std::optional<std::int64_t>) override { return refusal(); }
  Result<std::optional<Row>> find(std::string_view id) const override { return visible(whole_.find(id)); }
  Result<std::optional<Row>> find_by_name(std::string_view name) const override {
    return visible(whole_.find_by_name(name));
  }
  Result<std::vector<Row>> list(std::string_view text, std::string_view after_name,
                                std::size_t limit) const override {
    std::vector<Row> kept;
    TOCSIN_CHECK(walk(text, after_name, std::max(limit, kLeastAtOnce), [&](Row row) {
      if (kept.size() < limit) kept.push_back(std::move(row));
      return kept.size() < limit;
    }));
    return kept;
  }
  Result<std::int64_t> count(std::string_view text) const override {
    if (scope_.all(static_cast<const Row*>(nullptr))) return whole_.count(text);
    std::int64_t total = 0;
    TOCSIN_CHECK(walk(text, "", kMostAtOnce, [&](const Row&) { return ++total > 0; }));
    return total;
  }

 private:
  static constexpr std::size_t kLeastAtOnce = 100;
  static constexpr std::size_t kMostAtOnce = 5'000;

  static Error refusal() { return beyond_scope("change tables of the tenant"); }

  Result<std::optional<Row>> visible(Result<std::optional<Row>> found) const {
    if (found && *found && !scope_.has(**found)) return std::optional<Row>();
    return found;
  }

  // Visible rows by name, until `each` says false. The table has at most kMaxInventoryRows.
  template <class Each>
  Result<void> walk(std::string_view text, std::string_view after_name, std::size_t at_once,
                    Each each) const {
    std::string after(after_name);
    for (;;) {
      TOCSIN_TRY(rows, whole_.list(text, after, at_once));
      const bool at_end = rows.size() < at_once;
      if (!rows.empty()) after = rows.back().name;
      for (auto& row : rows) {
        if (scope_.has(row) && !each(std::move(row))) return {};
      }
      if (at_end) return {};
    }
  }

  InventoryTable<Row>& whole_;
  const RowsOfScope scope_;
};

// Holds of incidents that the scope shows; what removes is the whole tenant's.
class ScopedRetention final : public RetentionStore {
 public:
  ScopedRetention(RetentionStore& whole, const IncidentStore& shown) : whole_(whole), shown_(shown) {}
  Result<void> hold(const IncidentId& incident, std::string_view reason) override {
    TOCSIN_CHECK(check_shown(incident));
    return whole_.hold(incident, reason);
  }
  Result<void> release(const IncidentId& incident, std::string_view reason) override {
    TOCSIN_CHECK(check_shown(incident));
    return whole_.release(incident, reason);
  }
  Result<std::optional<Hold>> held(const IncidentId& incident) const override {
    TOCSIN_CHECK(check_shown(incident));
    return whole_.held(incident);
  }
  Result<RetentionSlice> remove(Timestamp, model::Seq, std::size_t) override { return refusal(); }
  Result<Removed> would_remove(Timestamp) const override { return refusal(); }
  Result<std::optional<Timestamp>> newest_within(std::int64_t) const override { return refusal(); }

 private:
  static Error refusal() { return beyond_scope("use retention"); }
  Result<void> check_shown(const IncidentId& id) const {
    TOCSIN_TRY(incident, shown_.find(id));
    if (incident) return {};
    return error(ErrorKind::kNotFound, "find incident", "there is no incident " + id.str());
  }

  RetentionStore& whole_;
  const IncidentStore& shown_;
};

}  // namespace tocsin::store
