#include "triage/noise/replay.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/ascii.h"
#include "triage/auto_close/bound.h"

namespace tocsin::triage {
namespace {

using model::Verdict;

constexpr double kConfidence = 0.95;

// Places of the alerts on each asset, in the order of arrival.
std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_asset(const WeighedAlerts& alerts) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    if (alerts[i].alert->asset != 0) places[alerts[i].alert->asset].push_back(i);
  }
  return places;
}

// Walks the alerts on one asset; what lies in a window that is full is shown from the window's last on.
class ThresholdWalk {
 public:
  ThresholdWalk(const WeighedAlerts& alerts, const std::vector<std::size_t>& places)
      : alerts_(alerts), places_(places) {}

  void run(std::int64_t at_least, std::chrono::minutes window, ThresholdReplay& replay) {
    std::int64_t in_window = 0;
    std::size_t oldest = 0, first_hidden = 0;
    for (std::size_t newest = 0; newest < places_.size(); ++newest) {
      in_window += of(newest).occurrences;
      while (of(newest).received_at - of(oldest).received_at > window) in_window -= of(oldest++).occurrences;
      if (in_window < at_least) continue;
      for (auto i = std::max(first_hidden, oldest); i <= newest; ++i) show(i, newest, replay);
      first_hidden = newest + 1;
    }
  }

 private:
  const NoisyAlert& of(std::size_t i) const { return *alerts_[places_[i]].alert; }

  void show(std::size_t i, std::size_t newest, ThresholdReplay& replay) const {
    replay.hides[places_[i]] = false;
    if (i == newest || !alerts_[places_[i]].is_real()) return;
    ++replay.delayed;
    const auto delay = std::chrono::ceil<std::chrono::minutes>(of(newest).received_at - of(i).received_at);
    replay.longest_delay = std::max(replay.longest_delay, delay);
  }

  const WeighedAlerts& alerts_;
  const std::vector<std::size_t>& places_;
};

}  // namespace

void add(const WeighedAlert& one, NoiseCount& count) {
  ++count.alerts;
  count.occurrences += one.alert->occurrences;
  count.real += one.is_real();
  count.benign_positive += one.is_called(Verdict::kBenignPositive);
  count.false_positive += one.is_called(Verdict::kFalsePositive);
  count.minutes += one.spent.minutes;
}

Hides hides_exception(const WeighedAlerts& alerts, model::EntityKind kind,
                      std::string_view lower_case_value) {
  Hides hides(alerts.size());
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const auto& entities = alerts[i].alert->entities;
    hides[i] = std::any_of(entities.begin(), entities.end(), [&](const model::Entity& entity) {
      return entity.kind == kind && equal_ignoring_case(entity.value, lower_case_value);
    });
  }
  return hides;
}

ThresholdReplay replay_threshold(const WeighedAlerts& alerts, std::int64_t at_least,
                                 std::chrono::minutes window) {
  ThresholdReplay replay{.hides = Hides(alerts.size(), false)};
  for (const auto& [asset, places] : by_asset(alerts)) {
    for (const auto place : places) replay.hides[place] = true;
    ThresholdWalk(alerts, places).run(at_least, window, replay);
  }
  return replay;
}

Hides hides_aggregation(const WeighedAlerts& alerts, std::chrono::minutes window) {
  Hides hides(alerts.size(), false);
  for (const auto& [asset, places] : by_asset(alerts)) {
    auto lead = places.front();
    for (const auto place : places) {
      const auto& one = alerts[place];
      if (place == lead || one.alert->received_at - alerts[lead].alert->received_at > window) {
        lead = place;
        continue;
      }
      hides[place] = !(one.is_real() && alerts[lead].is_real());
    }
  }
  return hides;
}

Weight weigh(const WeighedAlerts& alerts, const Hides& hides, NoiseProposal& proposal) {
  Weight weight;
  std::set<std::size_t> acts;
  std::set<std::string_view> people;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    if (!hides[i]) continue;
    const auto& one = alerts[i];
    if (is_never_hidden(one.alert->severity, one.alert->tier)) {
      ++proposal.guarded;
      continue;
    }
    add(one, proposal.hidden);
    if (one.spent.act != 0) people.insert(one.alert->said->actor);
    if (!one.is_called(Verdict::kFalsePositive)) continue;
    weight.words += one.alert->said->word;
    if (one.spent.act != 0) acts.insert(one.spent.act);
  }
  weight.acts = static_cast<std::int64_t>(acts.size());
  proposal.people = static_cast<std::int64_t>(people.size());
  proposal.real_share_at_most = upper_share(static_cast<std::size_t>(proposal.hidden.real),
                                            static_cast<std::size_t>(proposal.hidden.decided()), kConfidence);
  return weight;
}

}  // namespace tocsin::triage
