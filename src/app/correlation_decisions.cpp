// What people decide about which alerts belong together: merge, split, open. Each is stored with the change
// it makes, in one transaction; a rebuild leaves decided incidents as they are.

#include <algorithm>

#include "app/correlation_service.h"

namespace tocsin::app {

using model::Incident;
using model::Membership;
using model::Seq;

namespace {

constexpr std::size_t kAllMembers = 1'000'000;
constexpr std::size_t kIdsAtOnce = 5'000;

Error refused(ErrorKind kind, std::string_view op, std::string message, std::string hint = {}) {
  return error(kind, std::string(op), std::move(message), std::move(hint));
}

void move_to(std::vector<Membership>& members, Seq incident, Seq linked_to) {
  for (auto& member : members) {
    member.incident = incident;
    member.reason = model::LinkReason::kAnalyst;
    member.linked_to = member.alert == linked_to ? 0 : linked_to;
    member.weight_hundredths = 0;
    member.entity_indexes.clear();
  }
}

std::vector<Seq> alerts_of(const std::vector<Membership>& members) {
  std::vector<Seq> seqs;
  for (const auto& member : members) seqs.push_back(member.alert);
  return seqs;
}

bool is_closed(const Incident& incident) {
  return incident.status == model::IncidentStatus::kClosed;
}

}  // namespace

Result<Incident> CorrelationService::standing_incident(const IncidentId& id, std::string_view op) {
  TOCSIN_TRY(incident, store_.incidents().find(id));
  if (!incident) return refused(ErrorKind::kNotFound, op, "there is no incident " + id.str());
  if (incident->merged_into) {
    return refused(ErrorKind::kConflict, op, id.str() + " was merged into " + incident->merged_into->str(),
                   "Use " + incident->merged_into->str());
  }
  return *std::move(incident);
}

Result<Incident> CorrelationService::merge(const IncidentId& into, const std::vector<IncidentId>& others,
                                           std::string_view actor) {
  constexpr std::string_view kOp = "merge incidents";
  std::unique_lock lock(mutex_);
  TOCSIN_CHECK(finish_waiting());
  TOCSIN_TRY(staying, standing_incident(into, kOp));
  std::vector<Incident> ending;
  for (const auto& id : others) {
    if (id == into) return refused(ErrorKind::kInvalidInput, kOp, "an incident cannot be merged into itself");
    TOCSIN_TRY(other, standing_incident(id, kOp));
    const auto same = [&](const Incident& i) { return i.seq == other.seq; };
    if (std::none_of(ending.begin(), ending.end(), same)) ending.push_back(std::move(other));
  }
  if (ending.empty()) return refused(ErrorKind::kInvalidInput, kOp, "no incident to merge was named");
  for (const auto& other : ending) TOCSIN_CHECK(merge_one(staying, other, actor));
  auto written = std::exchange(unpublished_, {});
  lock.unlock();
  publish(std::move(written));
  return standing_incident(into, kOp);
}

Result<void> CorrelationService::merge_one(const Incident& into, const Incident& other,
                                           std::string_view actor) {
  auto& incidents = store_.incidents();
  TOCSIN_TRY(moved, incidents.members(other.seq, kAllMembers));
  TOCSIN_TRY(all, incidents.members(into.seq, kAllMembers));
  move_to(moved, into.seq, into.lead_alert);
  all.insert(all.end(), moved.begin(), moved.end());
  TOCSIN_TRY(total, total_of(all));
  TOCSIN_TRY(rows,
             writer_.write_up({{into.seq, total, other.priority}, {other.seq, {}, 0, false, into.seq}}));
  const store::CorrelationDelta delta{rows, moved, {}, watermark_};
  store::Decision decision;
  decision.kind = store::Decision::Kind::kMerge;
  decision.after_alert = watermark_;
  decision.incident = into.seq;
  decision.other_incident = other.seq;
  decision.actor = std::string(actor);
  decision.made_at = clock_.now();
  TOCSIN_TRY(number, incidents.decide(decision, delta));
  static_cast<void>(number);
  correlator_->merge(other.seq, into.seq);
  correlator_->set_aggregate(into.seq, total);
  correlator_->set_standing(into.seq, {true, is_closed(into), 0});
  unpublished_.insert(unpublished_.end(), rows.begin(), rows.end());
  TOCSIN_TRY(notes, incidents.notes(other.id));
  for (const auto& note : notes) {
    TOCSIN_TRY(copy, incidents.add_note(into.id, note.author, "[from " + other.id.str() + "] " + note.text));
    static_cast<void>(copy);
  }
  return {};
}

Result<std::vector<model::Alert>> CorrelationService::alerts_named(const std::vector<std::string>& ids,
                                                                   std::string_view op) {
  if (ids.empty()) return refused(ErrorKind::kInvalidInput, op, "no alert was named");
  if (ids.size() > kIdsAtOnce)
    return refused(ErrorKind::kInvalidInput, op, "more than 5000 alerts", "Name fewer");
  std::vector<model::Alert> alerts;
  for (const auto& id : ids) {
    TOCSIN_TRY(alert, store_.alerts().find(id));
    if (!alert) return refused(ErrorKind::kNotFound, op, "there is no alert " + id.substr(0, 100));
    if (alert->seq == 0)
      return refused(ErrorKind::kInternal, op, "the store does not say where " + id + " stands");
    const auto same = [&](const model::Alert& other) { return other.seq == alert->seq; };
    if (std::none_of(alerts.begin(), alerts.end(), same)) alerts.push_back(*std::move(alert));
  }
  std::sort(alerts.begin(), alerts.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
  return alerts;
}

Result<Incident> CorrelationService::split(const IncidentId& from, const std::vector<std::string>& alert_ids,
                                           std::string_view actor) {
  constexpr std::string_view kOp = "split an incident";
  std::unique_lock lock(mutex_);
  TOCSIN_CHECK(finish_waiting());
  TOCSIN_TRY(whole, standing_incident(from, kOp));
  TOCSIN_TRY(alerts, alerts_named(alert_ids, kOp));
  TOCSIN_TRY(left, store_.incidents().members(whole.seq, kAllMembers));
  std::vector<Membership> taken;
  for (const auto& alert : alerts) {
    const auto found =
        std::find_if(left.begin(), left.end(), [&](const auto& m) { return m.alert == alert.seq; });
    if (found == left.end()) {
      return refused(ErrorKind::kInvalidInput, kOp, alert.id.str() + " is not in " + from.str());
    }
    taken.push_back(*found);
    left.erase(found);
  }
  if (left.empty()) {
    return refused(ErrorKind::kInvalidInput, kOp, "all its alerts were named",
                   "Leave at least one in the incident");
  }
  auto made = set_apart(std::move(whole), std::move(taken), std::move(left), actor);
  auto written = std::exchange(unpublished_, {});
  lock.unlock();
  publish(std::move(written));
  return made;
}

Result<Incident> CorrelationService::open(const std::vector<std::string>& alert_ids, std::string_view actor) {
  constexpr std::string_view kOp = "open an incident";
  std::unique_lock lock(mutex_);
  TOCSIN_CHECK(finish_waiting());
  TOCSIN_TRY(alerts, alerts_named(alert_ids, kOp));
  std::vector<Membership> taken;
  for (const auto& alert : alerts) {
    if (alert.incident_id) {
      return refused(ErrorKind::kConflict, kOp, alert.id.str() + " is in " + alert.incident_id->str(),
                     "Split it from that incident");
    }
    taken.push_back({alert.seq});
  }
  auto made = set_apart({}, std::move(taken), {}, actor);
  auto written = std::exchange(unpublished_, {});
  lock.unlock();
  publish(std::move(written));
  return made;
}

Result<Incident> CorrelationService::describe(const IncidentId& id) {
  constexpr std::string_view kOp = "describe an incident";
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY(incident, standing_incident(id, kOp));
  TOCSIN_TRY(members, store_.incidents().members(incident.seq, kAllMembers));
  TOCSIN_TRY(total, total_of(members));
  TOCSIN_TRY(rows, writer_.write_up({{incident.seq, total}}));
  TOCSIN_CHECK(store_.incidents().apply({std::move(rows), {}, {}, 0}));
  return standing_incident(id, kOp);
}

// A new incident of `taken`; `left` stays in `from`, if there is one.
Result<Incident> CorrelationService::set_apart(std::optional<Incident> from, std::vector<Membership> taken,
                                               std::vector<Membership> left, std::string_view actor) {
  const auto made = correlator_->next_incident();
  move_to(taken, made, taken.front().alert);
  TOCSIN_TRY(total, total_of(taken));
  TOCSIN_TRY(rest, total_of(left));
  std::vector<IncidentDraft> drafts{{made, total, 0, true}};
  if (from) drafts.push_back({from->seq, rest});
  TOCSIN_TRY(rows, writer_.write_up(drafts));
  const store::CorrelationDelta delta{rows, taken, {}, watermark_};
  store::Decision decision;
  decision.kind = from ? store::Decision::Kind::kSplit : store::Decision::Kind::kOpen;
  decision.after_alert = watermark_;
  decision.incident = from ? from->seq : made;
  decision.other_incident = from ? made : 0;
  decision.alerts = alerts_of(taken);
  decision.actor = std::string(actor);
  decision.made_at = clock_.now();
  TOCSIN_TRY(number, store_.incidents().decide(decision, delta));
  static_cast<void>(number);
  correlator_->set_next_incident(made + 1);
  correlator_->assign(decision.alerts, made, changes_);
  changes_.clear();
  correlator_->set_aggregate(made, total);
  if (from) {
    correlator_->set_aggregate(from->seq, rest);
    correlator_->set_standing(from->seq, {true, is_closed(*from), 0});
  }
  unpublished_.insert(unpublished_.end(), rows.begin(), rows.end());
  return standing_incident(rows.front().id, "read the new incident");
}

}  // namespace tocsin::app
