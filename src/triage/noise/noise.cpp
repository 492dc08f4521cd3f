#include "triage/noise/noise.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "triage/noise/proposals.h"

namespace tocsin::triage {
namespace {

std::map<NoiseKey, WeighedAlerts> by_rule(const std::vector<NoisyAlert>& alerts) {
  const auto spent = minutes_spent(alerts);
  std::map<NoiseKey, WeighedAlerts> rules;
  for (std::size_t i = 0; i < alerts.size(); ++i) rules[alerts[i].key].push_back({&alerts[i], spent[i]});
  for (auto& [key, ones] : rules) {
    std::stable_sort(ones.begin(), ones.end(), [](const WeighedAlert& a, const WeighedAlert& b) {
      return a.alert->received_at < b.alert->received_at;
    });
  }
  return rules;
}

template <class Row, class Count>
void keep_noisiest(std::vector<Row>& rows, std::size_t most, Count count) {
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    const auto noise = [&](const Row& row) {
      const NoiseCount& of = count(row);
      return std::tuple(-of.minutes, -of.false_positive, -of.alerts);
    };
    return noise(a) < noise(b);
  });
  if (rows.size() > most) rows.resize(most);
}

}  // namespace

std::string_view to_text(ProposalKind kind) {
  switch (kind) {
    case ProposalKind::kException:
      return "exception";
    case ProposalKind::kThreshold:
      return "threshold";
    case ProposalKind::kAggregation:
      return "aggregation";
  }
  return {};
}

NoiseProposal replay_hiding(const std::vector<NoisyAlert>& alerts, const std::vector<bool>& hides) {
  const auto spent = minutes_spent(alerts);
  WeighedAlerts weighed;
  NoiseCount whole;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    weighed.push_back({&alerts[i], spent[i]});
    add(weighed.back(), whole);
  }
  NoiseProposal replayed;
  weigh(weighed, hides, replayed);
  replayed.of_false_positives = whole.false_positive;
  replayed.of_real = whole.real;
  return replayed;
}

NoiseReport look_for_noise(const std::vector<NoisyAlert>& alerts, const NoiseNeeds& needs) {
  NoiseReport report;
  for (const auto& [key, ones] : by_rule(alerts)) {
    ++report.rules_seen;
    auto& rule = report.rules.emplace_back();
    rule.key = key;
    for (const auto& one : ones) add(one, rule.count);
    rule.false_positive_share = interval_of(static_cast<std::size_t>(rule.count.false_positive),
                                            static_cast<std::size_t>(rule.count.decided()));
    auto offered = propose(ones, needs);
    std::move(offered.begin(), offered.end(), std::back_inserter(report.proposals));
  }
  keep_noisiest(
      report.rules, kNoisyRules, [](const RuleNoise& rule) -> auto& { return rule.count; });
  keep_noisiest(
      report.proposals, kProposals, [](const NoiseProposal& proposal) -> auto& { return proposal.hidden; });
  return report;
}

}  // namespace tocsin::triage
