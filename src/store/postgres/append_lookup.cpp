#include "store/postgres/append_lookup.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kCandidates = 8;  // alerts of one key that are looked at, newest first

enum class Kind { kId, kFingerprint, kRepeat };

// Keys hold their tenant. Beside the LIMIT the planner must not be told of it: it would walk the primary key
// backwards and look for the key in every row of the tenant. The same goes for `+ 0`.
constexpr std::string_view kLookup =
    "SELECT 0, k, a.seq, a.ulid, a.source, a.source_id, a.fingerprint, a.status, a.first_seen, a.last_seen, "
    "a.occurrences, NULL, a.close_reason FROM unnest(?2::text::int8[]) AS k CROSS JOIN LATERAL (SELECT * "
    "FROM alerts WHERE "
    "id_key = k ORDER BY seq DESC LIMIT 8) AS a WHERE a.tenant = ?1 "
    "UNION ALL "
    "SELECT 1, k, a.seq, a.ulid, a.source, a.source_id, a.fingerprint, a.status, a.first_seen, a.last_seen, "
    "a.occurrences, NULL, a.close_reason FROM unnest(?3::text::int8[]) AS k CROSS JOIN LATERAL (SELECT * "
    "FROM alerts WHERE "
    "fingerprint_key = k ORDER BY seq DESC LIMIT 8) AS a WHERE a.tenant = ?1 "
    "UNION ALL "
    "SELECT 2, k, a.seq, a.ulid, a.source, a.source_id, a.fingerprint, a.status, a.first_seen, a.last_seen, "
    "a.occurrences, o.source_id, a.close_reason FROM unnest(?2::text::int8[]) AS k JOIN alert_occurrences AS "
    "o ON o.id_key = "
    "k AND o.tenant + 0 = ?1 JOIN alerts AS a ON a.tenant = o.tenant AND a.seq = o.alert_seq";

class KeyList {
 public:
  void add(Key key) {
    if (key != 0) keys_.push_back(key);
  }
  std::string text() {
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    std::string text = "{";
    for (const auto key : keys_) text += (text.size() > 1 ? "," : "") + std::to_string(key);
    return text + "}";
  }

 private:
  std::vector<Key> keys_;
};

}  // namespace

std::string_view append_lookup_sql() {
  return kLookup;
}

Result<void> AppendLookup::read(Connection& db, TenantId tenant,
                                std::span<const PreparedBatch* const> batches) {
  KeyList ids, fingerprints;
  for (const auto* batch : batches) {
    for (const auto& alert : batch->alerts) {
      ids.add(alert.id_key);
      fingerprints.add(alert.fingerprint_key);
    }
  }
  auto rows = db.prepare(kLookup);
  rows.query(tenant.value, ids.text(), fingerprints.text());
  while (rows.next()) read_row(rows);
  TOCSIN_CHECK(rows.status());
  const auto older = [this](std::size_t a, std::size_t b) { return candidates_[a].seq < candidates_[b].seq; };
  for (auto* places : {&by_id_, &by_fingerprint_}) {
    for (auto& [key, found] : *places) std::sort(found.begin(), found.end(), older);
  }
  return {};
}

std::size_t AppendLookup::place_of(const Statement& row) {
  const auto [known, is_new] = places_.try_emplace(row.int64(2), candidates_.size());
  if (!is_new) return known->second;
  Candidate candidate;
  candidate.seq = row.int64(2);
  candidate.ulid = row.text(3);
  candidate.source = row.text(4);
  candidate.source_id = row.text(5);
  candidate.fingerprint = static_cast<std::uint64_t>(row.int64(6));
  candidate.status = static_cast<model::AlertStatus>(row.integer(7));
  candidate.first_seen = row.time(8);
  candidate.last_seen = row.time(9);
  candidate.occurrences = row.int64(10);
  candidate.close_reason = row.text(12);
  candidates_.push_back(std::move(candidate));
  return known->second;
}

void AppendLookup::read_row(const Statement& row) {
  const auto place = place_of(row);
  const Key key = row.int64(1);
  switch (static_cast<Kind>(row.integer(0))) {
    case Kind::kId:
      by_id_[key].push_back(place);
      return;
    case Kind::kFingerprint:
      by_fingerprint_[key].push_back(place);
      return;
    case Kind::kRepeat:
      by_repeat_[key].push_back({std::string(row.text(11)), place});
      return;
  }
}

Candidate* AppendLookup::with_client_id(const PreparedAlert& added, const PreparedBatch& batch) {
  if (added.id_key == 0) return nullptr;
  const auto id = batch.view(added.source_id);
  if (const auto found = by_id_.find(added.id_key); found != by_id_.end()) {
    for (auto place = found->second.rbegin(); place != found->second.rend(); ++place) {
      auto& candidate = candidates_[*place];
      if (candidate.source == batch.view(added.source) && candidate.source_id == id) return &candidate;
    }
  }
  const auto repeats = by_repeat_.find(added.id_key);
  if (repeats == by_repeat_.end()) return nullptr;
  for (const auto& repeat : repeats->second) {
    if (repeat.source_id == id) return &candidates_[repeat.place];
  }
  return nullptr;
}

std::vector<Candidate*> AppendLookup::with_fingerprint(const PreparedAlert& added) {
  std::vector<Candidate*> newest;
  const auto found = by_fingerprint_.find(added.fingerprint_key);
  if (added.fingerprint_key == 0 || found == by_fingerprint_.end()) return newest;
  for (auto place = found->second.rbegin(); place != found->second.rend() && newest.size() < kCandidates;
       ++place) {
    if (candidates_[*place].fingerprint == added.fingerprint) newest.push_back(&candidates_[*place]);
  }
  return newest;
}

void AppendLookup::add(const PreparedAlert& added, const PreparedBatch& batch, model::Seq seq) {
  const auto place = candidates_.size();
  if (added.id_key != 0) by_id_[added.id_key].push_back(place);
  if (added.fingerprint_key != 0) by_fingerprint_[added.fingerprint_key].push_back(place);
  candidates_.push_back({seq, std::string(batch.view(added.ulid)), std::string(batch.view(added.source)),
                         std::string(batch.view(added.source_id)), added.fingerprint, added.status,
                         added.first_seen, added.last_seen, added.occurrences, 0,
                         std::string(batch.view(added.close_reason))});
}

void AppendLookup::add_repeat(const PreparedAlert& added, const PreparedBatch& batch,
                              const Candidate& taken_by) {
  if (added.id_key == 0) return;
  by_repeat_[added.id_key].push_back(
      {std::string(batch.view(added.source_id)), static_cast<std::size_t>(&taken_by - candidates_.data())});
}

std::vector<const Candidate*> AppendLookup::repeated() const {
  std::vector<const Candidate*> repeated;
  for (const auto& candidate : candidates_) {
    if (candidate.added > 0) repeated.push_back(&candidate);
  }
  return repeated;
}

}  // namespace tocsin::store
