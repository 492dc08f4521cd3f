#include <algorithm>
#include <unordered_set>

#include "store/scoped_alerts.h"
#include "store/sqlite/incident_notes.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kAllMembers = 1'000'000;  // the correlator's bound is far below

}  // namespace

Result<model::Incident> ScopedIncidentStore::known(const IncidentId& id) const {
  TOCSIN_TRY(incident, find(id));
  if (!incident) return no_such_incident(id);
  return *std::move(incident);
}

Result<std::vector<model::Membership>> ScopedIncidentStore::visible(
    std::span<const model::Membership> members) const {
  std::vector<Seq> seqs;
  for (const auto& member : members) {
    seqs.push_back(member.alert);
    if (member.linked_to != 0) seqs.push_back(member.linked_to);
  }
  TOCSIN_TRY(allowed_seqs, alerts_.in_scope(seqs, scope_));
  const std::unordered_set<Seq> allowed(allowed_seqs.begin(), allowed_seqs.end());
  std::vector<model::Membership> kept;
  for (auto member : members) {
    if (!allowed.contains(member.alert)) continue;
    if (member.linked_to != 0 && !allowed.contains(member.linked_to)) {
      const bool by_hand = member.reason == model::LinkReason::kAnalyst;
      member.reason = by_hand ? model::LinkReason::kAnalyst : model::LinkReason::kOpened;
      member.linked_to = 0;
      member.weight_hundredths = 0;
      member.entity_indexes.clear();
    }
    kept.push_back(std::move(member));
  }
  return kept;
}

Result<Page<model::Incident>> ScopedIncidentStore::list(const IncidentQuery& query) const {
  auto scoped = query;
  scoped.scope = scope_;
  return whole_.list(scoped);
}

Result<std::optional<model::Incident>> ScopedIncidentStore::find(const IncidentId& id) const {
  TOCSIN_TRY(found, whole_.find(id));
  if (!found) return found;
  TOCSIN_TRY(known, whole_.narrowed({*std::move(found)}, scope_));
  return known.empty() ? std::nullopt : std::optional(std::move(known[0]));
}

Result<std::vector<model::Incident>> ScopedIncidentStore::by_seq(std::span<const Seq> seqs) const {
  TOCSIN_TRY(found, whole_.by_seq(seqs));
  return whole_.narrowed(std::move(found), scope_);
}

// What this store hands out is narrowed already.
Result<std::vector<model::Incident>> ScopedIncidentStore::narrowed(std::vector<model::Incident>,
                                                                   const model::AlertScope&) const {
  return beyond_scope("narrow incidents");
}

Result<model::Incident> ScopedIncidentStore::update(const IncidentId& id, const IncidentChange& change,
                                                    std::optional<std::int64_t> if_version) {
  TOCSIN_TRY(before, known(id));
  TOCSIN_TRY(after, whole_.update(before.id, change, if_version));
  TOCSIN_TRY(seen, whole_.narrowed({after}, scope_));
  if (seen.empty()) return no_such_incident(id);  // the asset table changed meanwhile
  return std::move(seen[0]);
}

Result<std::vector<model::Membership>> ScopedIncidentStore::members(Seq incident, std::size_t limit) const {
  TOCSIN_TRY(all, whole_.members(incident, kAllMembers));
  TOCSIN_TRY(kept, visible(all));
  kept.resize(std::min(kept.size(), limit));
  return kept;
}

Result<void> ScopedIncidentStore::scan_memberships(
    Seq after_alert, const std::function<bool(std::span<const model::Membership>)>& each) const {
  Result<void> failed;
  TOCSIN_CHECK(whole_.scan_memberships(after_alert, [&](std::span<const model::Membership> members) {
    auto kept = visible(members);
    if (kept) return kept->empty() || each(*kept);
    failed = kept.error();
    return false;
  }));
  return failed;
}

Result<void> ScopedIncidentStore::scan_incidents(
    Seq after, const std::function<bool(std::span<const model::Incident>)>& each) const {
  Result<void> failed;
  TOCSIN_CHECK(whole_.scan_incidents(after, [&](std::span<const model::Incident> incidents) {
    auto kept = whole_.narrowed({incidents.begin(), incidents.end()}, scope_);
    if (kept) return kept->empty() || each(*kept);
    failed = kept.error();
    return false;
  }));
  return failed;
}

Result<void> ScopedIncidentStore::apply(const CorrelationDelta&) {
  return beyond_scope("change what belongs together");
}

Result<std::int64_t> ScopedIncidentStore::decide(const Decision&, const CorrelationDelta&) {
  return beyond_scope("merge or split incidents");
}

Result<std::vector<Decision>> ScopedIncidentStore::decisions() const {
  return beyond_scope("read what was merged and split");
}

Result<model::Note> ScopedIncidentStore::add_note(const IncidentId& id, std::string_view author,
                                                  std::string_view text) {
  TOCSIN_CHECK(known(id));
  return whole_.add_note(id, author, text);
}

Result<std::vector<model::Note>> ScopedIncidentStore::notes(const IncidentId& id) const {
  TOCSIN_CHECK(known(id));
  return whole_.notes(id);
}

Result<model::Note> ScopedIncidentStore::edit_note(const IncidentId& id, const NoteId& note,
                                                   std::string_view author, std::string_view text,
                                                   std::optional<std::int64_t> if_revision) {
  TOCSIN_CHECK(known(id));
  return whole_.edit_note(id, note, author, text, if_revision);
}

Result<std::vector<model::NoteRevision>> ScopedIncidentStore::note_revisions(const IncidentId& id,
                                                                             const NoteId& note) const {
  TOCSIN_CHECK(known(id));
  return whole_.note_revisions(id, note);
}

Result<void> ScopedIncidentStore::log_action(const model::ActionRecord& record) {
  TOCSIN_CHECK(known(record.incident));
  return whole_.log_action(record);
}

Result<std::vector<model::ActionRecord>> ScopedIncidentStore::actions(const IncidentId& id,
                                                                      std::size_t limit) const {
  TOCSIN_CHECK(known(id));
  return whole_.actions(id, limit);
}

}  // namespace tocsin::store
