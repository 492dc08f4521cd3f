#include "app/auto_closer.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "api/auto_close/closing.h"
#include "api/auto_close/words.h"
#include "model/suppressed.h"
#include "triage/auto_close/sample.h"

namespace tocsin::app {
namespace {

constexpr std::string_view kAutoCloseLease = "auto_close";
constexpr std::chrono::milliseconds kGather{2'000};
constexpr std::chrono::seconds kLongestSleep{10};  // waits end, and correlation goes on, without notify()
constexpr std::chrono::minutes kReadAgain{10};
constexpr int kBatchesBetweenTests = 25;
constexpr std::chrono::hours kReviewTime{24 * 7};  // in which a person should have looked
constexpr std::int64_t kReviewsRemembered = 80;    // then the older ones count less

// Machines and people leave their mark on an incident: what is severe, decided or to be reviewed is theirs.
bool may_close_in(const model::Incident& incident) {
  return incident.severity <= model::Severity::kMedium && incident.verdict == model::Verdict::kUndecided &&
         !incident.decided && !incident.requires_review;
}

void keep_for_review(const model::Alert& alert, api::AutoCloseState& state) {
  ++state.kept;
  if (state.waiting.size() < api::kMostWaiting) state.waiting.push_back({alert.seq, alert.received_at});
}

}  // namespace

AutoCloser::AutoCloser(store::TenantStore& store, const Clock& clock, std::string process, Hooks hooks)
    : store_(store),
      clock_(clock),
      hooks_(std::move(hooks)),
      turn_(store, clock, kAutoCloseLease, std::move(process)) {}

AutoCloser::~AutoCloser() {
  stop();
}

void AutoCloser::start() {
  notify();
  thread_.start("auto-close", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void AutoCloser::stop() {
  if (!thread_.stop()) return;
  const std::lock_guard lock(running_);
  turn_.give_back();
}

void AutoCloser::notify() {
  thread_.notify();
}

void AutoCloser::run(BackgroundThread::Rest& rest) {
  bool had_trouble = false;
  while (!rest.is_stopping()) {
    const auto done = catch_up();
    if (!done && !std::exchange(had_trouble, true)) hooks_.on_error(done.error());
    if (done) had_trouble = false;
    rest.until_notified(kLongestSleep);
    rest.pause(kGather);
  }
}

Result<void> AutoCloser::catch_up() {
  const std::lock_guard lock(running_);
  for (;;) {
    TOCSIN_TRY(policy, api::read_auto_close(store_));
    if (!policy.is_on) return {};
    TOCSIN_TRY(ours, turn_.take());
    if (!ours) return {};
    TOCSIN_TRY(state, api::read_auto_close_state(store_, policy));
    if (state.stopped) return {};
    TOCSIN_TRY(holds, still_holds(policy, state));
    bool is_last = !holds;
    for (int batches = 0; !is_last && batches < kBatchesBetweenTests; ++batches) {
      TOCSIN_TRY(still_ours, turn_.take());
      if (!still_ours) return {};
      TOCSIN_TRY(batch, next_batch(policy, state));
      TOCSIN_CHECK(judge(policy, batch, state));
      is_last = batch.is_last || state.stopped.has_value();
    }
    if (is_last) return {};
  }
}

// Reads the decisions again when there is a new one; and now and then, because alerts move into incidents.
Result<void> AutoCloser::refresh(const api::AutoClosePolicy& policy) {
  TOCSIN_TRY(said, store_.dispositions().newest(1));
  const bool is_same = revision_ == policy.revision && clock_.now() - read_at_ < kReadAgain &&
                       (said.empty() ? !newest_
                                     : newest_ && newest_->alert == said[0].alert &&
                                           newest_->decided_at == said[0].decided_at);
  if (is_same) return {};
  TOCSIN_TRY(rows, api::decided_rows(store_, policy, clock_.now()));
  rows_ = std::move(rows);
  revision_ = policy.revision;
  read_at_ = clock_.now();
  newest_ = said.empty() ? std::nullopt : std::optional(said[0]);
  return {};
}

void AutoCloser::count_reviews(api::AutoCloseState& state) const {
  std::unordered_set<model::Seq> decided;
  for (const auto& row : rows_) decided.insert(row.alert);
  const auto due = clock_.now() - kReviewTime;
  std::erase_if(state.waiting, [&](const api::AutoCloseState::Waiting& one) {
    if (one.at > due) return false;
    ++state.reviews.due;
    state.reviews.decided += decided.contains(one.alert) ? 1 : 0;
    return true;
  });
  if (state.reviews.due < kReviewsRemembered) return;
  state.reviews.due /= 2;
  state.reviews.decided /= 2;
}

// False when it stopped: what people said, how alerts are judged and whether they are reviewed is looked at.
Result<bool> AutoCloser::still_holds(const api::AutoClosePolicy& policy, api::AutoCloseState& state) {
  TOCSIN_CHECK(refresh(policy));
  const auto waiting = state.waiting.size();
  count_reviews(state);
  const auto evidence = api::evidence_of(rows_, policy);
  const bool block_is_full = state.block.count() >= triage::kBlock;
  if (block_is_full && state.before.count() == 0) state.before = std::exchange(state.block, {});
  if (block_is_full) state.drift = triage::distance(state.before, state.block);
  const auto reason =
      triage::stop_reason(evidence.achieved, policy.promise, state.before, state.block, state.reviews);
  if (reason) {
    state.stopped = {*reason, clock_.now(),
                     api::stop_text(*reason, evidence.achieved, policy.promise, state)};
  } else if (block_is_full) {
    state.block = {};
  }
  if (reason || block_is_full || waiting != state.waiting.size())
    TOCSIN_CHECK(api::save_auto_close_state(store_, state));
  if (reason) hooks_.stopped(*state.stopped);
  return !reason;
}

Result<AutoCloser::Batch> AutoCloser::next_batch(const api::AutoClosePolicy& policy,
                                                 const api::AutoCloseState& state) const {
  TOCSIN_TRY(correlated, store_.incidents().watermark());
  const auto latest = clock_.now() - std::chrono::minutes(policy.wait_minutes);
  Batch batch{.last = state.position, .is_last = true};
  std::vector<model::Seq> seqs;
  TOCSIN_CHECK(store_.alerts().scan_links(state.position, [&](std::span<const model::LinkRecord> records) {
    for (const auto& record : records) {
      if (record.seq > correlated || record.received_at > latest) return false;
      if (seqs.size() == api::kClosedAtOnce) {
        batch.is_last = false;
        return false;
      }
      batch.last = record.seq;
      const bool is_open_to_it =
          triage::may_be_closed(record.severity, record.asset_tier) && !model::is_kept_apart(record);
      if (is_open_to_it) seqs.push_back(record.seq);
    }
    return true;
  }));
  TOCSIN_TRY(alerts, store_.alerts().by_seq(seqs));
  batch.alerts = std::move(alerts);
  return batch;
}

// Counts what it meets. Alerts that this policy closed already are of a batch that a crash left unsaved.
Result<std::vector<std::string>> AutoCloser::to_close(const api::AutoClosePolicy& policy, const Batch& batch,
                                                      api::AutoCloseState& state) const {
  TOCSIN_TRY(key, api::read_sample_key(store_));
  std::map<std::string, bool> incidents;  // whether their alerts may be closed
  std::vector<std::string> ids;
  for (const auto& alert : batch.alerts) {
    ++state.judged;
    state.block.add(alert.triage.fp_probability);
    if (api::is_closed_by_policy(alert)) ++state.closed;
    if (alert.triage.fp_probability < policy.threshold || !api::is_untouched(alert)) continue;
    if (alert.incident_id) {
      auto known = incidents.find(alert.incident_id->str());
      if (known == incidents.end()) {
        TOCSIN_TRY(incident, store_.incidents().find(*alert.incident_id));
        known = incidents.emplace(alert.incident_id->str(), incident && may_close_in(*incident)).first;
      }
      if (!known->second) continue;
    }
    if (triage::is_kept_for_review(alert.id.str(), key)) {
      keep_for_review(alert, state);
    } else {
      ids.push_back(alert.id.str());
    }
  }
  return ids;
}

Result<void> AutoCloser::judge(const api::AutoClosePolicy& policy, const Batch& batch,
                               api::AutoCloseState& state) {
  if (batch.last == state.position) return {};
  TOCSIN_TRY(ids, to_close(policy, batch, state));
  if (!ids.empty()) {
    TOCSIN_TRY(closed, api::close_alerts(store_, ids, policy));
    state.closed += closed;
    TOCSIN_CHECK(take_back_if_changed(policy, ids));
    if (closed > 0) hooks_.closed(closed);
  }
  state.position = batch.last;
  return api::save_auto_close_state(store_, state);
}

// A person may have switched it off, or opened everything, while the batch was on its way.
Result<void> AutoCloser::take_back_if_changed(const api::AutoClosePolicy& policy,
                                              const std::vector<std::string>& ids) const {
  TOCSIN_TRY(now, api::read_auto_close(store_));
  if (now.is_on && now.revision == policy.revision) return {};
  const store::Acting acting({.actor = std::string(api::kAutoCloseActor), .word = 0});
  TOCSIN_TRY(reopened, api::reopen_alerts(store_, ids, std::string(api::kAutoCloseActor)));
  (void)reopened;
  return error(ErrorKind::kConflict, "close alerts", "the policy was changed meanwhile",
               "It goes on by the new one");
}

}  // namespace tocsin::app
