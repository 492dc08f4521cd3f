#include "triage/habit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "triage/factors.h"
#include "triage/learn/calibration.h"
#include "triage/learn/rarity.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using model::Alert;
using model::Habit;
using model::Reason;

// Hours of watching that weigh as much as not having watched: after a day what is usual counts half.
constexpr double kHoursToTrust = 24;
constexpr double kMostShift = 2;  // in log-odds, up and down
// Being common makes an alert doubtful and no more: whoever can send alerts can make them common. Only what
// people said of it or of its rule takes it further.
constexpr double kMostByHabit = 0.65;
constexpr double kVoteStrength = 2;  // words that weigh as much as everything else that is known

double logit(double p) {
  const auto bounded = std::clamp(p, 0.001, 0.999);
  return std::log(bounded / (1 - bounded));
}

Rarity rarity_of(const Habit& habit) {
  return {habit.on_asset, habit.anywhere, habit.hours, habit.new_on_asset, habit.new_elsewhere};
}

// In log-odds that the alert is real.
double shift_of(const Habit& habit) {
  constexpr Calibration kUsual;
  const auto trust = habit.hours / (habit.hours + kHoursToTrust);
  const auto odds = kUsual.slope * surprise_of(rarity_of(habit)).sum() + kUsual.offset;
  return trust * std::clamp(odds, -kMostShift, kMostShift);
}

double number(double value) {
  return value < 10 ? std::round(value * 10) / 10 : std::round(value);
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", number(value));
  return text.data();
}

std::string on_asset(const Alert& alert) {
  const auto& habit = *alert.triage.habit;
  return habit.asset < alert.entities.size() ? " on " + entity_text(alert.entities[habit.asset])
                                             : std::string();
}

// "about 2.6 times a day", "about once in 12 days"
std::string how_often(double count, double hours) {
  const auto a_day = 24 * count / hours;
  if (a_day >= 1) return "about " + number_text(a_day) + (number(a_day) == 1 ? " time" : " times") + " a day";
  return "about once in " + number_text(1 / a_day) + " days";
}

std::string usual_sentence(const Alert& alert) {
  constexpr double kSeen = 0.1;  // of a sighting: one that faded to less is as if it had not been
  const auto& habit = *alert.triage.habit;
  const auto place = on_asset(alert);
  const auto of_all = "; anywhere " + how_often(habit.anywhere, habit.hours) + ".";
  if (habit.on_asset >= kSeen)
    return "Alerts of this kind come " + how_often(habit.on_asset, habit.hours) + place + of_all;
  if (habit.anywhere >= kSeen) return "No alert of this kind is known" + place + of_all;
  return "No alert of this kind is known" + place + " or anywhere else.";
}

std::string company_sentence(const Habit& habit) {
  const auto kinds = [](std::uint32_t count) { return counted(count, "other kind"); };
  if (habit.new_on_asset == 0 && habit.new_elsewhere == 0) return {};
  std::string text = " In the ten minutes before, ";
  if (habit.new_on_asset > 0) text += kinds(habit.new_on_asset) + " came up there for the first time";
  if (habit.new_elsewhere > 0)
    text += (habit.new_on_asset > 0 ? ", and " : "") + kinds(habit.new_elsewhere) +
            " for the first time elsewhere";
  return text + ".";
}

std::vector<std::string> evidence(const Alert& alert) {
  std::vector<std::string> pointers{alert.id.str() + "#/source", alert.id.str() + "#/type"};
  const auto asset = alert.triage.habit->asset;
  if (asset < alert.entities.size())
    pointers.push_back(alert.id.str() + "#/entities/" + std::to_string(asset));
  return pointers;
}

Reason on_usual(const Alert& alert, double weight) {
  const auto& habit = *alert.triage.habit;
  if (habit.hours < 1)
    return {"Alerts have been watched for less than an hour, so how usual this one is is not known yet.",
            weight, evidence(alert)};
  return {usual_sentence(alert) + company_sentence(habit), weight, evidence(alert)};
}

Reason on_votes(const Alert& alert, double weight) {
  const auto& habit = *alert.triage.habit;
  const auto like = "alerts of this kind" + on_asset(alert);
  const auto real = number_text(habit.called_real);
  const auto benign = number_text(habit.called_benign);
  if (habit.called_real > 0 && habit.called_benign > 0)
    return {"People contradict each other about " + like + ": their words for real weigh " + real +
                ", those for not real " + benign + ".",
            weight, evidence(alert)};
  const bool is_real = habit.called_real > 0;
  return {"People said of " + like + " that they were " + (is_real ? "" : "not ") +
              "real; their words weigh " + (is_real ? real : benign) + ".",
          weight, evidence(alert)};
}

}  // namespace

double votes_of(const Alert& alert) {
  return alert.triage.habit ? alert.triage.habit->called_real + alert.triage.habit->called_benign : 0;
}

FalsePositiveSteps false_positive_steps(const Alert& alert, const Prior& prior) {
  const auto by_rule = false_positive_prior(alert.severity, prior);
  if (!alert.triage.habit) return {by_rule, by_rule, by_rule};
  const auto& habit = *alert.triage.habit;
  auto by_habit = 1 / (1 + std::exp(shift_of(habit) - logit(by_rule)));
  if (prior.false_positives <= 0 && habit.called_benign <= 0)
    by_habit = std::min(by_habit, std::max(by_rule, kMostByHabit));
  const auto votes = habit.called_real + habit.called_benign;
  return {by_rule, by_habit, (habit.called_benign + kVoteStrength * by_habit) / (votes + kVoteStrength)};
}

std::vector<Reason> habit_reasons(const Alert& alert, const FalsePositiveSteps& steps) {
  std::vector<Reason> reasons;
  if (!alert.triage.habit) return reasons;
  reasons.push_back(on_usual(alert, steps.by_rule - steps.by_habit));
  if (votes_of(alert) > 0) reasons.push_back(on_votes(alert, steps.by_habit - steps.by_votes));
  return reasons;
}

}  // namespace tocsin::triage
