#include "api/event_desk.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <thread>
#include <utility>

#include "api/dto/rule_policy_dto.h"
#include "api/finding_alert.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kChunk = 5000;
constexpr std::size_t kMaxFreshBytes = 64U << 20;
constexpr std::size_t kMaxUnreported = 1000;
constexpr std::size_t kMaxUnreportedRaw = 16 * 1024;  // bytes of a record
constexpr std::size_t kPartEvents = 2'000;            // judged at once, with their alerts
constexpr std::size_t kPartBytes = 4U << 20;
constexpr std::size_t kMaxRecent = 50'000;
constexpr model::Seq kWarmUpEvents = 10'000;
// Longer than the turn of a server that vanished lasts: one who waits for it takes it then.
constexpr std::chrono::seconds kWaitForAnother{8};
constexpr std::chrono::milliseconds kLookAgain{20};

// How many of them to judge at once; at least one.
std::size_t part_of(std::span<const model::Event> events) {
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < std::min(events.size(), kPartEvents) && bytes < kPartBytes; ++count)
    bytes += events[count].raw.size();
  return count;
}

std::uint64_t random_secret() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

EventDesk::EventDesk(store::TenantStore& store, Pipeline& pipeline, const Clock& clock,
                     const detect::RuleLibrary& rules, Hooks hooks)
    : store_(store),
      pipeline_(pipeline),
      clock_(clock),
      library_(rules),
      hooks_(std::move(hooks)),
      secret_(random_secret()),
      baselines_(store, clock),
      history_(store) {}

Result<std::vector<model::Seq>> EventDesk::store(std::vector<model::Event> events) {
  if (events.empty()) return std::vector<model::Seq>{};
  TOCSIN_TRY(seqs, store_.events().append(events));
  keep_fresh(std::move(events), seqs);
  if (hooks_.stored) hooks_.stored();
  return seqs;
}

// Beyond the bound they are read back from the store.
void EventDesk::keep_fresh(std::vector<model::Event> events, const std::vector<model::Seq>& seqs) {
  const auto first = seqs.front();
  if (seqs.back() - first + 1 != static_cast<model::Seq>(events.size())) return;
  Fresh fresh;
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].seq = seqs[i];
    fresh.bytes += sizeof(model::Event) + events[i].raw.size() + events[i].message.size();
  }
  fresh.events = std::move(events);
  const std::lock_guard lock(fresh_mutex_);
  if (fresh_bytes_ + fresh.bytes > kMaxFreshBytes) return;
  fresh_bytes_ += fresh.bytes;
  fresh_.emplace(first, std::move(fresh));
}

// The delivery that begins at `next`; those before it were judged meanwhile.
std::vector<model::Event> EventDesk::take_fresh(std::optional<model::Seq> next) {
  const std::lock_guard lock(fresh_mutex_);
  while (!fresh_.empty() && (!next || fresh_.begin()->first < *next)) {
    fresh_bytes_ -= fresh_.begin()->second.bytes;
    fresh_.erase(fresh_.begin());
  }
  if (fresh_.empty() || fresh_.begin()->first != *next) return {};
  auto events = std::move(fresh_.begin()->second.events);
  fresh_bytes_ -= fresh_.begin()->second.bytes;
  fresh_.erase(fresh_.begin());
  return events;
}

// Whole deliveries while they are at hand, else what the store gives.
Result<std::vector<model::Event>> EventDesk::next_events() {
  TOCSIN_TRY(next, store_.events().next(progress_.until));
  auto events = take_fresh(next);
  if (!next || !events.empty()) return events;
  return store_.events().after(progress_.until, kChunk);
}

Result<std::vector<std::string>> EventDesk::alerts_of(const std::vector<model::Seq>& seqs) {
  if (seqs.empty()) return std::vector<std::string>{};
  const auto until = std::chrono::steady_clock::now() + kWaitForAnother;
  for (bool asked = false;; std::this_thread::sleep_for(kLookAgain)) {
    TOCSIN_TRY(ours, judge_until(seqs));
    if (ours) return *std::move(ours);
    TOCSIN_TRY(theirs, judged_by_another(seqs));
    if (theirs) return *std::move(theirs);
    if (std::chrono::steady_clock::now() > until) break;
    if (!std::exchange(asked, true)) TOCSIN_CHECK(wait_for(store_, seqs.back()));
  }
  return error(ErrorKind::kUnavailable, "judge events", "the server whose turn it is has not come to them",
               "their alerts follow");
}

// Absent: it is another's turn.
Result<std::optional<std::vector<std::string>>> EventDesk::judge_until(std::span<const model::Seq> seqs) {
  const std::lock_guard lock(mutex_);
  for (bool more = true; more;) {
    TOCSIN_TRY(ours, take_turn(false));
    if (!ours) return std::optional<std::vector<std::string>>();
    TOCSIN_CHECK(load());
    if (progress_.until >= seqs.back()) break;  // not what others send meanwhile
    TOCSIN_TRY(judged, judge_some());
    more = judged;
  }
  return std::optional(alerts_among(recent_, seqs));
}

// Absent: not yet.
Result<std::optional<std::vector<std::string>>> EventDesk::judged_by_another(
    std::span<const model::Seq> seqs) const {
  TOCSIN_TRY(progress, load_progress(store_));
  if (progress.until < seqs.back()) return std::optional<std::vector<std::string>>();
  TOCSIN_TRY(alerts, load_event_alerts(store_));
  return std::optional(alerts_among(alerts, seqs));
}

Result<std::vector<EventDesk::Judged>> EventDesk::take_findings() {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY(ours, take_turn(true));
  for (bool more = true; more && ours;) {
    TOCSIN_TRY(judged, judge_some());
    more = judged;
    TOCSIN_TRY(still, take_turn(false));
    ours = still;
  }
  if (!ours)
    return error(ErrorKind::kUnavailable, "judge events", "another server took its turn", "send it again");
  std::vector<Judged> taken(std::make_move_iterator(unreported_.begin()),
                            std::make_move_iterator(unreported_.end()));
  unreported_.clear();
  return taken;
}

Result<EventDesk::Totals> EventDesk::totals() {
  const std::lock_guard lock(mutex_);
  if (hooks_.turn && !had_turn_) is_loaded_ = false;
  TOCSIN_CHECK(load());
  return progress_.totals;
}

// Others get in between two parts.
Result<void> EventDesk::catch_up() {
  for (bool more = true; more; std::this_thread::yield()) {
    const std::lock_guard lock(mutex_);
    TOCSIN_TRY(ours, take_turn(false));
    if (!ours) return {};
    TOCSIN_TRY(judged, judge_some());
    more = judged;
  }
  return {};
}

// What was known while it was another's turn is old, and what another judges need not be at hand.
Result<bool> EventDesk::take_turn(bool now) {
  if (!hooks_.turn) return true;
  TOCSIN_TRY(ours, hooks_.turn(now));
  if (ours && !had_turn_) is_loaded_ = false;
  if (!ours) {
    const std::lock_guard fresh(fresh_mutex_);
    fresh_.clear();
    fresh_bytes_ = 0;
  }
  had_turn_ = ours;
  return ours;
}

// A bounded part of the next events at a time: what comes of them is many times their size.
Result<bool> EventDesk::judge_some() {
  TOCSIN_CHECK(load());
  TOCSIN_TRY(events, next_events());
  if (events.empty()) return false;
  TOCSIN_CHECK(read_policy());
  TOCSIN_CHECK(use_current_rules());  // not before there are events: most tenants of many have none
  for (std::span<const model::Event> rest(events); !rest.empty();) {
    const auto part = rest.first(part_of(rest));
    rest = rest.subspan(part.size());
    TOCSIN_TRY(ours, judge_next(part));
    if (!ours) return true;
  }
  // Once for all parts: each write waits for the disk, and judging a part again stores nothing twice.
  auto saved = save_progress(store_, progress_);
  if (saved) {
    baselines_.keep_some(*detector_, progress_.until);
    return true;
  }
  is_loaded_ = false;
  return std::move(saved).error();
}

void EventDesk::remember(Judged judged) {
  auto& event = judged.finding.event;
  recent_.emplace_back(event->seq, judged.alert_id);
  if (recent_.size() > kMaxRecent) recent_.pop_front();
  if (event->raw.size() > kMaxUnreportedRaw) {  // it can be read by its seq
    auto without = *event;
    without.raw.clear();
    event = std::make_shared<const model::Event>(std::move(without));
  }
  unreported_.push_back(std::move(judged));
  if (unreported_.size() > kMaxUnreported) unreported_.pop_front();
}

// Another process may have changed it: what the store says counts.
Result<void> EventDesk::read_policy() {
  TOCSIN_TRY(text, store_.setting(kRulePolicyKey));
  if (text.value_or("{}") == policy_text_) return {};
  TOCSIN_TRY(data, read_rule_policy(text.value_or("{}")));
  TOCSIN_TRY(policy, detect::RulePolicy::make(std::move(data)));
  policy_ = std::make_shared<const detect::RulePolicy>(std::move(policy));
  policy_text_ = text.value_or("{}");
  if (detector_) detector_->use(policy_);
  return {};
}

Result<detect::RulePolicyPtr> EventDesk::policy() {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(read_policy());
  return policy_;
}

Result<detect::RulePolicyPtr> EventDesk::change_policy(
    const std::function<Result<void>(detect::RulePolicyData&)>& change) {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(read_policy());
  auto data = policy_->data();
  TOCSIN_CHECK(change(data));
  TOCSIN_TRY(readable, detect::RulePolicy::make(data));  // else it is not kept
  static_cast<void>(readable);
  TOCSIN_CHECK(store_.set_setting(kRulePolicyKey, to_json(data)));
  TOCSIN_CHECK(read_policy());
  return policy_;
}

EventDesk::RuleFigures EventDesk::rule_figures() {
  const std::lock_guard lock(mutex_);
  if (!detector_ || !costs_) return {};
  return {detector_->catalog_ptr(), detector_->figures(), detector_->correlation_stats(), costs_->figures(),
          judging_since_};
}

// Whoever has not the turn knows what the one who has it saved.
Result<MatchSumsByRule> EventDesk::match_sums() {
  const std::lock_guard lock(mutex_);
  if (hooks_.turn && !had_turn_) is_loaded_ = false;
  TOCSIN_CHECK(load());
  return history_.sums(progress_.hour, clock_.now());
}

// New rules know what correlations would remember of the last events, and what baselines learned.
Result<void> EventDesk::use_current_rules() {
  auto catalog = library_.current();
  if (detector_ && &detector_->catalog() == catalog.get()) return {};
  TOCSIN_TRY(made, detect::Detector::create(std::move(catalog), policy_,
                                            {.correlator = {.secret = secret_},
                                             .baselines = {.bounds = {}, .secret = secret_},
                                             .helpers = hooks_.helpers}));
  auto before = std::exchange(detector_, std::nullopt);  // it gives away what its baselines learned
  TOCSIN_CHECK(baselines_.give_past(made, before ? &*before : nullptr, progress_.until));
  TOCSIN_CHECK(warm_up(made));
  detector_ = std::move(made);
  costs_.emplace(detector_->catalog_ptr());
  judging_since_ = clock_.now();
  return {};
}

Result<void> EventDesk::warm_up(detect::Detector& detector) const {
  const auto now = clock_.now();
  auto after = std::max<model::Seq>(0, progress_.until - kWarmUpEvents);
  while (after < progress_.until) {
    TOCSIN_TRY(before, store_.events().after(after, kChunk));
    if (before.empty()) break;
    after = before.back().seq;
    std::erase_if(before, [&](const model::Event& event) {
      return event.seq > progress_.until || event.received_at < now - std::chrono::hours(1);
    });
    detector.warm_up(before, now);
  }
  return {};
}

// False: the turn went to another meanwhile, and nothing came of it.
Result<bool> EventDesk::judge_next(std::span<const model::Event> events) {
  const auto before = detector_->figures().matches;
  const auto begin = std::chrono::steady_clock::now();
  auto findings = detector_->judge(events, clock_.now());
  if (costs_) costs_->add(events, *policy_, std::chrono::steady_clock::now() - begin);
  TOCSIN_TRY(ours, take_turn(false));
  if (!ours) return false;
  auto kept = keep(std::move(findings), before, events.back().seq);
  if (kept) return true;
  detector_.reset();  // it has seen these events; the next try warms up a new one
  return std::move(kept).error();
}

// A correlation matches when it tells so.
Result<void> EventDesk::count_matches(const MatchesByPlace& before, std::span<const detect::Finding> findings,
                                      DetectionProgress& progress) {
  if (const auto now = hour_of(clock_.now()); progress.hour.hour != now) {
    TOCSIN_CHECK(history_.keep(progress.hour));
    progress.hour = {now, {}};
  }
  auto& counts = progress.hour.by_rule;
  const auto& catalog = detector_->catalog();
  const auto& after = detector_->figures().matches;
  for (std::size_t place = 0; place < after.size(); ++place) {
    if (const auto more = after[place] - before[place]; more > 0)
      counts[detect::RuleCatalog::key_of(catalog.rules()[place])] += static_cast<std::int64_t>(more);
  }
  for (const auto& finding : findings) {
    if (!catalog.find(finding.rule)) ++counts[finding.rule];
  }
  return {};
}

Result<void> EventDesk::keep(std::vector<detect::Finding> findings, const MatchesByPlace& before,
                             model::Seq until) {
  auto progress = progress_;
  progress.until = until;
  TOCSIN_CHECK(count_matches(before, findings, progress));
  if (!findings.empty()) {
    std::vector<model::Alert> alerts;
    AlertMaker maker(clock_.now());
    for (const auto& finding : findings) alerts.push_back(maker.make(finding));
    TOCSIN_TRY(reply, pipeline_.submit(std::move(alerts)));
    for (const auto& item : reply.items) {
      if (item.kind == store::AppendKind::kDuplicate || item.index >= findings.size()) continue;
      auto& finding = findings[item.index];
      ++progress.totals.suspicious;
      ++progress.totals.by_severity[std::string(to_text(finding.severity))];
      remember({std::move(finding), item.id.str()});
    }
    if (hooks_.turn) TOCSIN_CHECK(save_event_alerts(store_, recent_));
  }
  progress_ = std::move(progress);
  return {};
}

// What another left, too.
Result<void> EventDesk::load() {
  if (is_loaded_) return {};
  TOCSIN_TRY(progress, load_progress(store_));
  if (hooks_.turn) {
    TOCSIN_TRY(alerts, load_event_alerts(store_));
    recent_ = std::move(alerts);
  }
  progress_ = std::move(progress);
  detector_.reset();
  history_.forget();
  is_loaded_ = true;
  return {};
}

}  // namespace tocsin::api
