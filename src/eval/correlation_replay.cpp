#include "eval/correlation_replay.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/hash.h"
#include "correlate/campaigns.h"
#include "eval/triage_replay.h"

namespace tocsin::eval {
namespace {

constexpr std::uint64_t kHidden = 0;  // as an incident; theirs begin at 1

// The incident of each row. What others know of a signature says how likely it is real, not how unusual here.
// What is shown is never alone: campaigns have a place for all.
std::vector<std::uint64_t> incidents_of(const Environment& environment, const Replay& run) {
  correlate::Campaigns campaigns;
  std::vector<std::uint64_t> incidents;
  for (std::size_t i = 0; i < environment.alerts.size(); ++i) {
    const auto& opinion = run.opinions[i];
    if (opinion.standing == triage::Standing::kHidden) {
      incidents.push_back(kHidden);
      continue;
    }
    const auto sighting = sighting_of(environment.alerts[i]);
    incidents.push_back(campaigns
                            .place({sighting.at, sighting.signature, sighting.asset,
                                    opinion.score - opinion.prior, opinion.is_known_real})
                            .id);
  }
  return incidents;
}

Agreement agreement(const Environment& environment, const std::vector<std::uint64_t>& incidents) {
  std::vector<std::uint64_t> predicted, truth;
  auto alone = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    const auto& alert = environment.alerts[i];
    if (!alert.is_real) continue;
    predicted.push_back(incidents[i] == kHidden ? alone-- : incidents[i]);
    truth.push_back(hash64(alert.incident));
  }
  return agreement_of(predicted, truth);
}

using Rows = std::map<std::uint64_t, std::size_t>;  // by incident

void look_at_attacks(const Environment& environment, const std::vector<std::uint64_t>& incidents,
                     CorrelationFigures& out) {
  std::map<std::string, Rows> attacks;
  std::map<std::string, bool> phases;  // whether one of its rows is in an incident
  Rows false_rows;
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    const auto& alert = environment.alerts[i];
    const bool is_shown = incidents[i] != kHidden;
    if (alert.is_real) {
      auto& rows = attacks[alert.incident];
      if (is_shown) ++rows[incidents[i]];
      phases[alert.incident + '/' + alert.phase] |= is_shown;
    } else if (is_shown && !alert.is_ambiguous) {
      ++false_rows[incidents[i]];
    }
  }
  double spread = 0;
  for (const auto& [attack, rows] : attacks) {
    spread += static_cast<double>(rows.size());
    const auto most = std::max_element(rows.begin(), rows.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != rows.end())
      out.false_rows_in_attack = std::max(out.false_rows_in_attack, false_rows[most->first]);
  }
  for (const auto& [phase, is_found] : phases) {
    if (!is_found) out.phases_missed.push_back(phase);
  }
  out.attacks = attacks.size();
  out.incidents_per_attack = attacks.empty() ? std::numeric_limits<double>::quiet_NaN()
                                             : spread / static_cast<double>(attacks.size());
}

}  // namespace

CorrelationFigures correlate_replayed(const Environment& environment, const triage::ModelOptions& options,
                                      const triage::SignaturePrior* prior) {
  CorrelationFigures out;
  out.rows = environment.alerts.size();
  if (out.rows == 0) return out;
  const auto run = replay(environment, options, prior, eval::Rows::kAll);
  const auto incidents = incidents_of(environment, run);
  std::set<std::uint64_t> items(incidents.begin(), incidents.end());
  items.erase(kHidden);
  out.items = items.size();
  using Days = std::chrono::duration<double, std::ratio<86'400>>;
  out.days = std::max(1.0, Days(environment.alerts.back().at - environment.alerts.front().at).count());
  out.reduction = 1 - static_cast<double>(out.items) / static_cast<double>(out.rows);
  out.agreement = agreement(environment, incidents);
  look_at_attacks(environment, incidents, out);
  return out;
}

}  // namespace tocsin::eval
