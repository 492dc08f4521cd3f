#include "detect/correlation/correlator.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "detect/correlation/compaction.h"
#include "detect/correlation/correlation_graph.h"
#include "detect/correlation/keyed_store.h"
#include "detect/correlation/occurrences.h"
#include "detect/correlation/window_judge.h"

namespace tocsin::detect {
namespace {

constexpr std::uint32_t kNoLower = ~std::uint32_t{0};
constexpr std::int64_t kFarTime = std::int64_t{1} << 62;  // sums with any timespan stay in range
constexpr auto kMostDuration = std::chrono::hours(24 * 3'660);

// A match on its way to a correlation.
struct Feed {
  std::uint32_t rank = 0;
  std::uint32_t reference = 0;
  std::uint32_t lower = kNoLower;  // of the correlations that held for this event; none for a rule
  std::int64_t at = 0;

  auto in_order() const { return std::tie(rank, reference, lower); }
  bool operator>(const Feed& other) const { return in_order() > other.in_order(); }
};

// A group of a correlation that held for this event.
struct Lower {
  std::vector<std::string> texts;
  std::vector<GroupValue> values;  // their texts are the ones above
};

// An observation that was added and is still to be judged.
struct Added {
  KeyedStore::Place place = 0;
  std::uint64_t key = 0;
  std::int64_t at = 0;
  Occurrence occurrence;
};

Error out_of_range(std::string_view option) {
  return error(ErrorKind::kInvalidInput, "set up correlations", std::string(option) + " is out of range");
}

bool is_duration(std::chrono::nanoseconds duration) {
  return duration.count() >= 0 && duration <= kMostDuration;
}

std::int64_t time_of(const MatchedEvent& event, std::int64_t max_ahead) {
  const auto in_range = [](Timestamp at) { return std::clamp(to_unix_nanos(at), -kFarTime, kFarTime); };
  return std::min(in_range(event.at), in_range(event.received_at) + max_ahead);
}

std::vector<model::Seq> newest_seqs(std::span<const Observation> window) {
  std::vector<model::Seq> seqs;
  for (auto i = window.size(); i-- > 0 && seqs.size() < CorrelationHit::kMaxEvents;) {
    const auto seq = window[i].seq;
    if (seq >= 0 && std::find(seqs.begin(), seqs.end(), seq) == seqs.end()) seqs.push_back(seq);
  }
  std::reverse(seqs.begin(), seqs.end());
  return seqs;
}

}  // namespace

class Correlator::State {
 public:
  State(const sigma::RuleSet& set, const CorrelatorOptions& options)
      : max_ahead_(options.max_ahead.count()),
        graph_(set, {options.lateness.count(), options.max_observations_per_key}),
        store_({options.max_keys, options.max_keys_per_correlation, options.max_observations,
                options.max_observations_per_key},
               graph_.nodes().size()),
        reader_(options.secret) {}

  void apply(const MatchedEvent& event, std::vector<CorrelationHit>& hits) {
    reader_.forget_texts();
    lowers_.clear();
    const auto at = time_of(event, max_ahead_);
    for (std::size_t i = 0; i < event.rules.size(); ++i) {
      if (i > 0 && event.rules[i] == event.rules[i - 1]) continue;
      for (const auto& use : graph_.uses_of(event.rules[i])) feed({use.rank, use.reference, kNoLower, at});
    }
    while (!pending_.empty()) {
      const auto& node = graph_.nodes()[pending_.front().rank];
      take_in(node, event);
      judge(node, hits);
    }
  }

  const CorrelationGraph& graph() const { return graph_; }
  std::size_t bytes() const { return store_.bytes(); }
  CorrelatorStats stats() const { return {store_.keys(), store_.evicted(), dropped_, late_}; }

 private:
  void feed(const Feed& feed) {
    pending_.push_back(feed);
    std::push_heap(pending_.begin(), pending_.end(), std::greater<>());
  }

  // All of the event that reaches this correlation, before any of it is judged: an event that two references
  // match is there for both.
  void take_in(const CorrelationNode& node, const MatchedEvent& event) {
    const auto rank = pending_.front().rank;
    added_.clear();
    same_event_.clear(node.plan.references.size() * OccurrenceReader::kMost);
    while (!pending_.empty() && pending_.front().rank == rank) {
      const auto feed = pending_.front();
      std::pop_heap(pending_.begin(), pending_.end(), std::greater<>());
      pending_.pop_back();
      EventView view{event.fields, {}};
      if (feed.lower != kNoLower) view.lower_group = lowers_[feed.lower].values;
      occurrences_.clear();
      reader_.read(node.plan, feed.reference, view, occurrences_);
      for (const auto& occurrence : occurrences_) {
        if (!is_counted_already(node.plan, feed, occurrence)) add(node, feed, occurrence, event.seq);
      }
    }
  }

  // An event that several references match is one event of its group.
  bool is_counted_already(const CorrelationPlan& plan, const Feed& feed, const Occurrence& occurrence) {
    const bool once = plan.is_numeric() || plan.type == sigma::CorrelationType::kEventCount;
    if (!once || feed.lower != kNoLower) return false;
    auto [first_reference, is_new] = same_event_.insert(occurrence.group);
    if (is_new) first_reference = feed.reference;
    return first_reference != feed.reference;
  }

  void add(const CorrelationNode& node, const Feed& feed, const Occurrence& occurrence, model::Seq seq) {
    const auto key = occurrence.group ^ ((feed.rank + 1) * 0xd6e8feb86659fd93U);
    const auto place = store_.touch(feed.rank, key);
    const auto seen = store_.of(place);
    const auto newest = seen.empty() ? feed.at : std::max(seen.back().at, feed.at);
    if (feed.at + node.plan.timespan + node.plan.lateness < newest) {
      ++late_;
      return;
    }
    if (store_.is_full(place)) make_room(node.plan, place, newest);
    insert(node.plan, place, {feed.at, std::max<model::Seq>(seq, 0), occurrence.value});
    added_.push_back({place, key, feed.at, occurrence});
  }

  void make_room(const CorrelationPlan& plan, KeyedStore::Place place, std::int64_t newest) {
    const auto size = store_.of(place).size();
    auto kept = compactor_.compact(plan, store_.of(place), newest);
    store_.keep_first(place, kept);
    if (kept * 8 <= size * 7 && kept < size) return;  // else it would soon be full again
    if (store_.grow(place, plan.most_observations) || kept < size) return;
    const auto gone = std::max<std::size_t>(1, size / 8);
    const auto seen = store_.of(place);
    std::copy(seen.begin() + static_cast<std::ptrdiff_t>(gone), seen.end(), seen.begin());
    store_.keep_first(place, size - gone);
    dropped_ += gone;
  }

  // By time, and at the same time in the order of the references, so that it counts as their order.
  void insert(const CorrelationPlan& plan, KeyedStore::Place place, const Observation& observation) {
    const auto seen = store_.of(place);
    const auto after = [&](const Observation& before, const Observation& later) {
      return before.at != later.at ? before.at < later.at : plan.is_temporal() && before.value < later.value;
    };
    auto at = seen.size();
    if (at > 0 && after(observation, seen.back()))
      at = static_cast<std::size_t>(std::upper_bound(seen.begin(), seen.end(), observation, after) -
                                    seen.begin());
    store_.insert(place, at, observation);
  }

  void judge(const CorrelationNode& node, std::vector<CorrelationHit>& hits) {
    judged_.clear(added_.size());
    const auto rank = static_cast<std::uint32_t>(&node - graph_.nodes().data());
    for (const auto& added : added_) {
      const auto time = static_cast<std::uint64_t>(added.at) * 0xa0761d6478bd642fU;
      if (!judged_.insert(added.key ^ time).second) continue;
      if (!store_.holds(added.place, rank, added.key)) continue;  // forgotten for another of its groups
      const auto judgement = judge_.judge(
          node.plan, {store_.of(added.place), added.at, store_.quiet_until(added.place), node.is_presence});
      if (judgement.window) report(node, added, judgement, hits);
    }
  }

  void report(const CorrelationNode& node, const Added& added, const Judgement& judgement,
              std::vector<CorrelationHit>& hits) {
    const auto group = reader_.group_values(node.plan, added.occurrence);
    if (judgement.fires) {
      store_.set_quiet_until(added.place, judgement.window->ends_at + node.plan.timespan);
      if (!node.is_silent) hits.push_back(hit_of(node, *judgement.window, group));
    }
    if (node.uses.empty()) return;
    const auto lower = static_cast<std::uint32_t>(lowers_.size());
    lowers_.push_back(lower_of(group));
    for (const auto& use : node.uses) {
      const bool asks_presence = graph_.nodes()[use.rank].plan.is_temporal();
      if (judgement.fires || asks_presence) feed({use.rank, use.reference, lower, judgement.window->ends_at});
    }
  }

  static CorrelationHit hit_of(const CorrelationNode& node, const Window& window,
                               std::span<const GroupValue> group) {
    CorrelationHit hit;
    hit.correlation = node.place;
    for (const auto& value : group) hit.group.emplace_back(value.text);
    hit.first = from_unix_nanos(window.events.front().at);
    hit.last = from_unix_nanos(window.ends_at);
    hit.events = newest_seqs(window.events);
    hit.value = window.value;
    return hit;
  }

  static Lower lower_of(std::span<const GroupValue> group) {
    Lower lower;
    for (const auto& value : group) lower.texts.emplace_back(value.text);
    for (std::size_t i = 0; i < group.size(); ++i) lower.values.push_back({group[i].hash, lower.texts[i]});
    return lower;
  }

  std::int64_t max_ahead_;
  CorrelationGraph graph_;
  KeyedStore store_;
  OccurrenceReader reader_;
  WindowJudge judge_;
  Compactor compactor_;
  std::uint64_t dropped_ = 0;
  std::uint64_t late_ = 0;

  // Of one event.
  std::vector<Feed> pending_;  // a heap, lowest rank first
  std::vector<Lower> lowers_;
  std::vector<Occurrence> occurrences_;
  std::vector<Added> added_;
  StampedTable<std::uint32_t> same_event_;  // group to the reference that brought it
  StampedTable<char> judged_;
};

Result<Correlator> Correlator::create(const sigma::RuleSet& set, const CorrelatorOptions& options) {
  if (options.max_keys == 0 || options.max_keys > (std::size_t{1} << 30)) return out_of_range("max_keys");
  if (options.max_keys_per_correlation == 0) return out_of_range("max_keys_per_correlation");
  const auto per_key = options.max_observations_per_key;
  if (!std::has_single_bit(per_key) || per_key < 64 || per_key > 65'536)
    return out_of_range("max_observations_per_key");
  if (options.max_observations < 4'096 || options.max_observations > (std::size_t{1} << 31))
    return out_of_range("max_observations");
  if (!is_duration(options.lateness)) return out_of_range("lateness");
  if (!is_duration(options.max_ahead)) return out_of_range("max_ahead");
  return Correlator(std::make_unique<State>(set, options));
}

Correlator::Correlator(std::unique_ptr<State> state) : state_(std::move(state)) {}
Correlator::Correlator(Correlator&&) noexcept = default;
Correlator& Correlator::operator=(Correlator&&) noexcept = default;
Correlator::~Correlator() = default;

void Correlator::apply(const MatchedEvent& event, std::vector<CorrelationHit>& hits) {
  state_->apply(event, hits);
}

bool Correlator::uses(std::size_t rule) const {
  return !state_->graph().uses_of(rule).empty();
}

bool Correlator::is_silent(std::size_t rule) const {
  return state_->graph().is_silent(rule);
}

bool Correlator::is_silent_correlation(std::size_t correlation) const {
  return state_->graph().is_silent_correlation(correlation);
}

std::vector<std::string> Correlator::fields() const {
  return state_->graph().fields();
}

const std::vector<Error>& Correlator::refusals() const {
  return state_->graph().refusals();
}

CorrelatorStats Correlator::stats() const {
  return state_->stats();
}

std::size_t Correlator::bytes() const {
  return state_->bytes();
}

}  // namespace tocsin::detect
