#include "app/correlation_service.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "app/link_reader.h"

namespace tocsin::app {

using correlate::Aggregate;
using correlate::Merge;
using model::Incident;
using model::LinkRecord;
using model::Membership;
using model::Seq;

namespace {

constexpr std::size_t kAllMembers = 1'000'000;
constexpr std::size_t kBusyAlerts = 200;  // a step with as many is load, not a trickle

correlate::ScoreOptions with_caps(correlate::ScoreOptions score, const correlate::Options& options) {
  score.max_alerts_per_incident = options.max_alerts_per_incident;
  score.max_duration = options.max_duration;
  return score;
}

correlate::Correlator::Standing standing_of(const Incident& incident) {
  return {incident.decided, incident.status == model::IncidentStatus::kClosed, 0};
}

// Where each incident that was merged in a step went in the end.
std::unordered_map<Seq, Seq> settled(const std::vector<Merge>& merges) {
  std::unordered_map<Seq, Seq> into;
  for (auto merge = merges.rbegin(); merge != merges.rend(); ++merge) {
    const auto further = into.find(merge->into);
    into[merge->from] = further == into.end() ? merge->into : further->second;
  }
  return into;
}

Seq settled_one(const std::unordered_map<Seq, Seq>& into, Seq incident) {
  const auto found = into.find(incident);
  return found == into.end() ? incident : found->second;
}

}  // namespace

CorrelationService::CorrelationService(store::TenantStore& store, const Clock& clock,
                                       CorrelationOptions options, CorrelationHooks hooks)
    : store_(store),
      clock_(clock),
      options_(options),
      hooks_(std::move(hooks)),
      writer_(store, clock, with_caps(options_.score, options_.correlate), hooks_.title),
      turn_(store, clock, store::kCorrelationLease, options_.process) {}

CorrelationService::~CorrelationService() {
  stop();
}

void CorrelationService::start() {
  thread_.start("correlate", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void CorrelationService::stop() {
  if (!thread_.stop()) return;
  const std::lock_guard lock(mutex_);
  turn_.give_back();
}

void CorrelationService::notify() {
  thread_.notify();
}

bool CorrelationService::is_live() const {
  const auto mode = store_.setting("correlation.mode");
  if (!mode || !*mode) return options_.live;
  return **mode == "live";
}

void CorrelationService::run(BackgroundThread::Rest& rest) {
  while (!rest.is_stopping()) {
    rest.until_notified(std::chrono::seconds(1));
    if (rest.is_stopping() || !is_live()) continue;
    rest.pause(options_.gather);
    std::unique_lock lock(mutex_);
    const auto judged = step();
    auto written = std::exchange(unpublished_, {});
    lock.unlock();
    publish(std::move(written));
    if (!judged && hooks_.on_error) hooks_.on_error(judged.error());
    if (judged && *judged < kBusyAlerts) continue;
    rest.pause(options_.busy_pause);
    if (judged) notify();  // more may have come while this was written
  }
}

void CorrelationService::publish(std::vector<Incident> incidents) {
  if (hooks_.publish && !incidents.empty()) hooks_.publish(incidents);
}

Result<void> CorrelationService::catch_up() {
  std::unique_lock lock(mutex_);
  auto done = finish_waiting();
  auto written = std::exchange(unpublished_, {});
  lock.unlock();
  publish(std::move(written));
  return done;
}

// For whoever asks this process for something: from now on it is the one that correlates.
Result<void> CorrelationService::finish_waiting() {
  TOCSIN_CHECK(seize_turn());
  for (;;) {
    TOCSIN_TRY(judged, step());
    if (judged == 0) return {};
  }
}

// ---- the turn among processes ----

// What was known while it was another's turn is old.
Result<bool> CorrelationService::take_turn() {
  TOCSIN_TRY(ours, turn_.take());
  if (!ours) forget();
  return ours;
}

Result<void> CorrelationService::seize_turn() {
  TOCSIN_TRY(ours, turn_.take());
  if (ours) return {};
  forget();
  return turn_.seize();
}

void CorrelationService::forget() {
  correlator_.reset();
  waiting_.reset();
  changes_.clear();
}

// ---- restoring ----

Result<void> CorrelationService::restore() {
  if (correlator_) return {};
  TOCSIN_TRY(last_incident, store_.incidents().last_incident_seq());
  TOCSIN_TRY(correlator, correlate::Correlator::create(options_.correlate, last_incident + 1));
  TOCSIN_TRY(watermark, store_.incidents().watermark());
  watermark_ = watermark;
  correlator_ = std::move(correlator);
  const auto most = static_cast<Seq>(options_.restored_alerts);
  auto done = restore_members(std::max<Seq>(0, watermark_ - most));
  if (done) done = complete_partial_totals();
  if (!done) correlator_.reset();
  return done;
}

Result<void> CorrelationService::restore_members(Seq after) {
  auto& correlator = *correlator_;
  return for_each_alert(store_, after, [&](const LinkRecord& record, const Membership* member) {
    if (record.seq > watermark_) return;
    correlator.place(record, member == nullptr ? 0 : member->incident, {}, changes_);
    changes_.clear();
  });
}

// Incidents that began before the restored alerts are counted whole; all get what people did to them.
Result<void> CorrelationService::complete_partial_totals() {
  std::vector<Seq> seqs;
  correlator_->for_each_incident([&](Seq seq, const Aggregate&) { seqs.push_back(seq); });
  TOCSIN_TRY(incidents, store_.incidents().by_seq(seqs));
  for (const auto& incident : incidents) {
    correlator_->set_standing(incident.seq, standing_of(incident));
    if (correlator_->find(incident.seq)->alerts == incident.alert_count) continue;
    TOCSIN_TRY(members, store_.incidents().members(incident.seq, kAllMembers));
    TOCSIN_TRY(total, total_of(members));
    correlator_->set_aggregate(incident.seq, total);
  }
  return {};
}

Result<Aggregate> CorrelationService::total_of(const std::vector<Membership>& members) {
  std::vector<Seq> seqs;
  for (const auto& member : members) seqs.push_back(member.alert);
  std::sort(seqs.begin(), seqs.end());
  Aggregate total;
  TOCSIN_CHECK(for_each_of(store_.alerts(), seqs, [&](const LinkRecord& record) {
    combine(total, correlate::aggregate_of(record, correlate::bounded_time(record)));
  }));
  return total;
}

// ---- the live step ----

Result<std::size_t> CorrelationService::step() {
  TOCSIN_TRY(ours, take_turn());
  if (!ours) return std::size_t{0};
  TOCSIN_CHECK(restore());
  TOCSIN_CHECK(write_waiting());
  TOCSIN_CHECK(read_links(store_.alerts(), watermark_, options_.chunk_alerts, chunk_));
  if (chunk_.empty()) return std::size_t{0};
  TOCSIN_CHECK(refresh_standings(chunk_));
  for (const auto& record : chunk_) correlator_->judge(record, changes_);
  auto delta = live_delta(chunk_);
  changes_.clear();
  if (!delta) {
    correlator_.reset();  // it judged what was not written
    return std::move(delta).error();
  }
  watermark_ = chunk_.back().seq;
  waiting_ = std::move(*delta);
  TOCSIN_CHECK(write_waiting());
  return chunk_.size();
}

Result<void> CorrelationService::write_waiting() {
  if (!waiting_) return {};
  if (auto applied = store_.incidents().apply(*waiting_); !applied) {
    if (applied.error().kind == ErrorKind::kConflict) forget();  // another process has taken over
    return applied;
  }
  unpublished_.insert(unpublished_.end(), waiting_->upserts.begin(), waiting_->upserts.end());
  waiting_.reset();
  return {};
}

// People change incidents beside us, and retention removes them: what became of one is looked up before it
// matters. One that is gone takes no more alerts, or writing it would bring it back.
Result<void> CorrelationService::refresh_standings(std::span<const LinkRecord> records) {
  std::vector<Seq> seqs;
  for (const auto& record : records) correlator_->reachable(record, seqs);
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  TOCSIN_TRY(incidents, store_.incidents().by_seq(seqs));
  std::unordered_map<Seq, correlate::Correlator::Standing> standings;
  for (const auto& incident : incidents) standings.emplace(incident.seq, standing_of(incident));
  constexpr correlate::Correlator::Standing kGone{.decided = true, .closed = true};
  for (const auto seq : seqs) {
    const auto found = standings.find(seq);
    correlator_->set_standing(seq, found == standings.end() ? kGone : found->second);
  }
  return {};
}

Result<store::CorrelationDelta> CorrelationService::live_delta(std::span<const LinkRecord> records) {
  store::CorrelationDelta delta;
  delta.watermark = records.back().seq;
  const auto into = settled(changes_.merges);
  std::map<Seq, IncidentDraft> drafts;
  const auto priority_of = [&](Seq alert) {
    const auto found = std::lower_bound(records.begin(), records.end(), alert,
                                        [](const LinkRecord& record, Seq seq) { return record.seq < seq; });
    return found != records.end() && found->seq == alert ? int{found->priority} : 0;
  };
  TOCSIN_CHECK(add_moved_members(changes_.merges, delta));
  for (auto link : changes_.links) {
    link.incident = settled_one(into, link.incident);
    delta.memberships.push_back(to_membership(link));
    auto& draft = drafts[link.incident];
    draft.raised_priority = std::max(draft.raised_priority, priority_of(link.alert));
  }
  for (const auto& [seq, total] : changes_.forgotten) {
    if (drafts.count(seq) != 0) drafts[seq].total = total;
  }
  for (auto& [seq, draft] : drafts) {
    draft.seq = seq;
    if (const auto* total = correlator_->find(seq)) draft.total = *total;
  }
  std::vector<IncidentDraft> in_order;
  for (const auto& [seq, draft] : drafts) in_order.push_back(draft);
  TOCSIN_TRY(last_stored, store_.incidents().last_incident_seq());
  for (const auto& [from, to] : into) {
    if (from <= last_stored) in_order.push_back({from, {}, 0, false, to});
  }
  TOCSIN_TRY(incidents, writer_.write_up(in_order));
  delta.upserts = std::move(incidents);
  return delta;
}

// Members of merged incidents that were stored before this step.
Result<void> CorrelationService::add_moved_members(const std::vector<Merge>& merges,
                                                   store::CorrelationDelta& delta) {
  const auto into = settled(merges);
  for (const auto& merge : merges) {
    TOCSIN_TRY(members, store_.incidents().members(merge.from, kAllMembers));
    for (auto& member : members) {
      member.incident = into.at(merge.from);
      delta.memberships.push_back(std::move(member));
    }
  }
  return {};
}

}  // namespace tocsin::app
