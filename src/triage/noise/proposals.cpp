#include "triage/noise/proposals.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "base/ascii.h"

namespace tocsin::triage {
namespace {

using std::chrono::minutes;

constexpr std::array<std::int64_t, 5> kAtLeast = {2, 3, 5, 10, 20};
constexpr std::array<minutes, 3> kWindows = {minutes(10), minutes(60), minutes(24 * 60)};
constexpr std::size_t kMostTried = 20;  // values of one rule
// A longer item is only worth it when it takes in so much more.
constexpr double kWorthLonger = 1.1;

class Proposer {
 public:
  Proposer(const WeighedAlerts& alerts, const NoiseNeeds& needs) : alerts_(alerts), needs_(needs) {
    for (const auto& one : alerts) add(one, whole_);
  }

  std::vector<NoiseProposal> run() {
    std::vector<NoiseProposal> offered;
    if (whole_.false_positive < needs_.false_positives) return offered;
    offered = exceptions();
    if (auto found = threshold()) offered.push_back(*std::move(found));
    if (auto found = aggregation()) offered.push_back(*std::move(found));
    return offered;
  }

 private:
  NoiseProposal blank(ProposalKind kind) const {
    NoiseProposal proposal;
    proposal.kind = kind;
    proposal.key = alerts_.front().alert->key;
    proposal.of_false_positives = whole_.false_positive;
    proposal.of_real = whole_.real;
    return proposal;
  }

  bool is_enough(const NoiseProposal& proposal, const Weight& weight) const {
    const auto hidden = proposal.hidden.false_positive;
    return proposal.hidden.real == 0 && hidden >= needs_.false_positives && weight.words >= needs_.words &&
           weight.acts >= needs_.acts &&
           static_cast<double>(hidden) >= needs_.share * static_cast<double>(whole_.false_positive);
  }

  // Values by how many false positives hold them, most first.
  using Value = std::pair<model::EntityKind, std::string>;
  std::vector<std::pair<std::int64_t, Value>> candidates() const {
    std::map<Value, std::int64_t> counts;
    for (const auto& one : alerts_) {
      if (!one.is_called(model::Verdict::kFalsePositive)) continue;
      std::set<Value> once;
      for (const auto& entity : one.alert->entities) {
        if (entity.value.size() <= kLongestValue) once.emplace(entity.kind, to_lower(entity.value));
      }
      for (const auto& value : once) ++counts[value];
    }
    std::vector<std::pair<std::int64_t, Value>> most;
    for (const auto& [value, count] : counts) {
      if (count >= needs_.false_positives) most.emplace_back(count, value);
    }
    std::sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
      return std::pair(-a.first, a.second) < std::pair(-b.first, b.second);
    });
    if (most.size() > kMostTried) most.resize(kMostTried);
    return most;
  }

  // Of values that hold the same false positives the one that hides least beside them is offered.
  std::vector<NoiseProposal> exceptions() const {
    std::vector<NoiseProposal> found;
    for (auto& [count, value] : candidates()) {
      auto proposal = blank(ProposalKind::kException);
      proposal.entity = value.first;
      proposal.value = std::move(value.second);
      const auto weight = weigh(alerts_, hides_exception(alerts_, proposal.entity, proposal.value), proposal);
      if (is_enough(proposal, weight)) found.push_back(std::move(proposal));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::pair(-a.hidden.false_positive, a.hidden.alerts) <
             std::pair(-b.hidden.false_positive, b.hidden.alerts);
    });
    if (found.size() > kProposalsOfRule) found.resize(kProposalsOfRule);
    return found;
  }

  // The one that hides most; of equals the lowest count and the longest time, which hide least unseen.
  std::optional<NoiseProposal> threshold() const {
    std::optional<NoiseProposal> best;
    if (whole_.real < needs_.real_for_threshold) return best;
    for (const auto at_least : kAtLeast) {
      for (auto window = kWindows.rbegin(); window != kWindows.rend(); ++window) {
        auto proposal = blank(ProposalKind::kThreshold);
        auto replay = replay_threshold(alerts_, at_least, *window);
        proposal.at_least = at_least;
        proposal.window = *window;
        proposal.delayed = replay.delayed;
        proposal.longest_delay = replay.longest_delay;
        const auto weight = weigh(alerts_, replay.hides, proposal);
        if (!is_enough(proposal, weight)) continue;
        if (!best || proposal.hidden.false_positive > best->hidden.false_positive) best = std::move(proposal);
      }
    }
    return best;
  }

  std::optional<NoiseProposal> aggregation() const {
    std::optional<NoiseProposal> best;
    for (const auto window : kWindows) {
      auto proposal = blank(ProposalKind::kAggregation);
      proposal.window = window;
      const auto weight = weigh(alerts_, hides_aggregation(alerts_, window), proposal);
      if (!is_enough(proposal, weight)) continue;
      if (!best || static_cast<double>(proposal.hidden.false_positive) >
                       kWorthLonger * static_cast<double>(best->hidden.false_positive))
        best = std::move(proposal);
    }
    return best;
  }

  const WeighedAlerts& alerts_;
  const NoiseNeeds& needs_;
  NoiseCount whole_;
};

}  // namespace

std::vector<NoiseProposal> propose(const WeighedAlerts& alerts, const NoiseNeeds& needs) {
  return Proposer(alerts, needs).run();
}

}  // namespace tocsin::triage
