// What a Suppressor found out: saved, and made again after a crash.

#include <algorithm>
#include <utility>

#include "app/suppressor.h"
#include "model/suppressed.h"

namespace tocsin::app {
namespace {

constexpr std::string_view kActor = "suppression";
constexpr std::chrono::seconds kLongestSleep{60};
constexpr std::chrono::milliseconds kPause{500};  // between saves; at least ten times as long as one took
constexpr std::chrono::minutes kClosing{10};  // after its end an hour is still open: commits, other clocks
constexpr std::chrono::hours kMarksKept{3};
constexpr model::Seq kSearched =
    10'000;  // alerts, for a pause that a crash left unsaved: it is of the last second
constexpr std::size_t kReadAtOnce = 500;

std::int64_t open_hour(Timestamp now) {
  return triage::hour_of(now - kClosing);
}

}  // namespace

Result<void> Suppressor::load() {
  TOCSIN_TRY(hits, api::read_hits(store_));
  TOCSIN_TRY(last, store_.alerts().last_seq());
  is_changed_.store(false);
  TOCSIN_CHECK(reload());
  model::Seq settled = 0;
  {
    const std::lock_guard lock(mutex_);
    // Nothing was counted yet: of suppressions that are there, what they hid was cut off by a crash.
    if (hits.open_from == 0) hits = {rules_.empty() ? last : 0, 1, {}};
    settled = hits.settled;
    hits_ = std::move(hits);
  }
  has_foreign_.store(true);
  TOCSIN_CHECK(find_lost_pauses(std::max(settled, last - kSearched)));
  return catch_up();
}

Result<void> Suppressor::find_lost_pauses(model::Seq after) {
  {
    const std::lock_guard lock(mutex_);
    if (rules_.empty()) return {};
  }
  TOCSIN_TRY(last, store_.alerts().last_seq());
  std::vector<model::Seq> seqs;
  for (auto seq = after + 1; seq <= last; ++seq) {
    seqs.push_back(seq);
    if (seqs.size() < kReadAtOnce && seq < last) continue;
    TOCSIN_TRY(alerts, store_.alerts().by_seq(seqs));
    const std::lock_guard lock(mutex_);
    for (const auto& alert : alerts) recover_pause(alert);
    seqs.clear();
  }
  return {};
}

void Suppressor::recover_pause(const model::Alert& alert) {
  const auto rule = rules_.find(model::marked_by(alert, model::kSuppressionReviewTag));
  if (rule == rules_.end() || api::is_waiting(rule->second->set, rule->second->pause)) return;
  const auto fact = std::find_if(alert.facts.begin(), alert.facts.end(), [&](const model::Fact& one) {
    return one.name.starts_with("suppression_") && one.from == rule->first;
  });
  if (fact == alert.facts.end()) return;
  const auto kind = fact->name.ends_with("jump") ? api::Pause::Kind::kJump : api::Pause::Kind::kNewEntity;
  rule->second->pause = api::Pause{kind, alert.id.str(), fact->value, fact->at};
  rule->second->is_pause_saved = false;
}

Result<void> Suppressor::catch_up() {
  const std::lock_guard saving(saving_);
  TOCSIN_CHECK(save_pauses());
  TOCSIN_CHECK(save_known());
  return save_counts();
}

Result<void> Suppressor::save_pauses() {
  std::vector<std::pair<api::Suppression, api::Pause>> waiting;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, rule] : rules_) {
      if (!rule->is_pause_saved && rule->pause) waiting.emplace_back(rule->set, *rule->pause);
    }
  }
  const store::Acting acting({.actor = std::string(kActor)});
  for (const auto& [set, pause] : waiting) {
    TOCSIN_CHECK(api::save_pause(store_, set, pause));
    const std::lock_guard lock(mutex_);
    const auto rule = rules_.find(set.id);
    const bool is_same =
        rule != rules_.end() && rule->second->pause && rule->second->pause->alert == pause.alert;
    if (is_same) rule->second->is_pause_saved = true;
  }
  return {};
}

Result<void> Suppressor::save_known() {
  std::vector<std::pair<api::Suppression, api::Learned>> grown;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, rule] : rules_) {
      if (std::exchange(rule->is_known_saved, true)) continue;
      grown.push_back({rule->set, {{rule->known.begin(), rule->known.end()}, rule->before.hours()}});
    }
  }
  for (const auto& [set, learned] : grown) TOCSIN_CHECK(api::save_learned(store_, set, learned));
  return {};
}

Result<void> Suppressor::save_counts() {
  const auto now = clock_.now();
  TOCSIN_TRY(last, store_.alerts().last_seq());
  marks_.emplace_back(now, last);
  std::erase_if(marks_, [&](const auto& mark) { return now - mark.first > kMarksKept; });
  api::HitState state;
  {
    const std::lock_guard lock(mutex_);
    if (rules_.empty() && hits_.of.empty()) return {};
    state = hits_;
  }
  const bool is_hour_over = open_hour(now) > state.open_from;
  if (has_foreign_.exchange(false) || is_hour_over) {
    if (const auto counted = api::recount(store_, state); !counted) {
      has_foreign_.store(true);
      return counted;
    }
    take_over(std::move(state), open_hour(now));
  }
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(are_hits_saved_, true)) return {};
    state = hits_;
  }
  return api::save_hits(store_, state);
}

// Counts went on while the store was read: of an open hour the higher number is the newer one.
void Suppressor::take_over(api::HitState counted, std::int64_t open_from) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, hits] : counted.of) {
    auto& known = hits_.of[id];
    for (const auto& [hour, count] : known.hours.hours()) {
      const auto more = count - hits.hours.in(hour);
      if (hour >= open_from && more > 0) hits.hours.add(hour, more);
    }
    hits.before += hits.hours.since(counted.open_from) - hits.hours.since(open_from);
    hits.last = std::max(hits.last, known.last);
    known = std::move(hits);
  }
  hits_.open_from = open_from;
  for (const auto& [at, seq] : marks_) {
    if (at < triage::start_of_hour(open_from)) hits_.settled = std::max(hits_.settled, seq);
  }
  are_hits_saved_ = false;
}

// ---- the thread ----

void Suppressor::start() {
  thread_.start("suppress", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void Suppressor::stop() {
  if (!thread_.stop()) return;
  if (const auto saved = catch_up(); !saved) hooks_.on_error(saved.error());
}

void Suppressor::run(BackgroundThread::Rest& rest) {
  bool had_trouble = false;
  while (!rest.is_stopping()) {
    const auto began = std::chrono::steady_clock::now();
    const auto done = catch_up();
    const auto took = std::chrono::steady_clock::now() - began;
    if (!done && !std::exchange(had_trouble, true)) hooks_.on_error(done.error());
    if (done) had_trouble = false;
    rest.until_notified(kLongestSleep);
    rest.pause(std::max(kPause, std::chrono::duration_cast<std::chrono::milliseconds>(took * 10)));
  }
}

}  // namespace tocsin::app
