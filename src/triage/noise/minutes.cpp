#include "triage/noise/minutes.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <string_view>

namespace tocsin::triage {
namespace {

constexpr std::chrono::seconds kOneAct{1};

// Places of alerts that a known person decided, by person and time.
std::vector<std::size_t> decided_in_order(const std::vector<NoisyAlert>& alerts) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    if (alerts[i].said && !alerts[i].said->actor.empty()) places.push_back(i);
  }
  std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    const auto by = [&](std::size_t i) {
      return std::tuple(std::string_view(alerts[i].said->actor), alerts[i].said->at, i);
    };
    return by(a) < by(b);
  });
  return places;
}

double length_of(std::span<const std::size_t> act, const std::vector<NoisyAlert>& alerts,
                 std::optional<Timestamp> before) {
  auto from = alerts[act.front()].received_at;
  for (const auto place : act) from = std::min(from, alerts[place].received_at);
  if (before) from = std::max(from, *before);
  const std::chrono::duration<double, std::ratio<60>> took = alerts[act.front()].said->at - from;
  return std::clamp(took.count(), 0.0, static_cast<double>(kLongestAct.count()));
}

}  // namespace

std::vector<Spent> minutes_spent(const std::vector<NoisyAlert>& alerts) {
  std::vector<Spent> spent(alerts.size());
  const auto places = decided_in_order(alerts);
  std::size_t acts = 0;
  std::optional<Timestamp> before;  // the last decision of the same person
  for (std::size_t first = 0, end = 0; first < places.size(); first = end) {
    const auto& actor = alerts[places[first]].said->actor;
    const auto said = [&](std::size_t i) -> const WordOnAlert& { return *alerts[places[i]].said; };
    if (first > 0 && said(first - 1).actor != actor) before.reset();
    end = first + 1;
    while (end < places.size() && said(end).actor == actor && said(end).at - said(end - 1).at <= kOneAct)
      ++end;
    const auto act = std::span(places).subspan(first, end - first);
    const auto each = length_of(act, alerts, before) / static_cast<double>(act.size());
    ++acts;
    for (const auto place : act) spent[place] = {each, acts};
    before = said(end - 1).at;
  }
  return spent;
}

}  // namespace tocsin::triage
