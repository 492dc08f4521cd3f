#include "respond/match.h"

#include <algorithm>
#include <map>

#include "base/display_text.h"
#include "model/attack.h"

namespace tocsin::respond {
namespace {

using model::Alert;

constexpr int kType = 100, kTechnique = 60, kParentTechnique = 50, kTactic = 10;
constexpr std::size_t kMostMatches = 8;
constexpr std::size_t kShownIds = 10;

bool type_fits(std::string_view pattern, std::string_view type) {
  if (!pattern.ends_with('*')) return pattern == type;
  return type.starts_with(pattern.substr(0, pattern.size() - 1));
}

int technique_strength(std::string_view known, std::string_view technique) {
  if (technique == known) return kTechnique;
  const bool is_child = technique.starts_with(known) && technique.substr(known.size()).starts_with('.');
  return is_child ? kParentTechnique : 0;
}

bool names_kind(const Playbook& playbook, const Alert& alert) {
  if (playbook.entities.empty()) return true;
  return std::any_of(alert.entities.begin(), alert.entities.end(), [&](const model::Entity& entity) {
    return std::find(playbook.entities.begin(), playbook.entities.end(), entity.kind) !=
           playbook.entities.end();
  });
}

// One thing that speaks for a playbook, with the alerts that say it.
struct Ground {
  int strength = 0;
  std::vector<std::string> alert_ids;
  std::size_t alerts = 0;
};
using Grounds = std::map<std::string, Ground>;  // by what it says: "alert type ssh_bruteforce"

void add_ground(Grounds& grounds, const std::string& what, int strength, const Alert& alert) {
  auto& ground = grounds[what];
  ground.strength = std::max(ground.strength, strength);
  ++ground.alerts;
  if (ground.alert_ids.size() < kShownIds) ground.alert_ids.push_back(alert.id.str());
}

std::string technique_words(const std::string& id) {
  const auto* known = model::find_technique(id);
  return known == nullptr ? "ATT&CK " + id : "ATT&CK " + id + " " + std::string(known->name);
}

std::string tactic_words(const std::string& id) {
  const auto place = model::find_tactic(id);
  return "the tactic " + (place ? std::string(model::tactics()[*place].name) : id);
}

void add_type(const Playbook& playbook, const Alert& alert, Grounds& grounds) {
  const bool fits = std::any_of(playbook.types.begin(), playbook.types.end(),
                                [&](const auto& pattern) { return type_fits(pattern, alert.type); });
  if (fits) add_ground(grounds, "alert type " + display_text(alert.type, 60), kType, alert);
}

void add_attack(const Playbook& playbook, const Alert& alert, Grounds& grounds) {
  for (const auto& technique : alert.attack.techniques) {
    int best = 0;
    for (const auto& known : playbook.techniques) best = std::max(best, technique_strength(known, technique));
    if (best > 0) add_ground(grounds, technique_words(technique), best, alert);
  }
  for (const auto& tactic : alert.attack.tactics) {
    if (std::find(playbook.tactics.begin(), playbook.tactics.end(), tactic) != playbook.tactics.end())
      add_ground(grounds, tactic_words(tactic), kTactic, alert);
  }
}

std::size_t alerts_for(const Match& match) {
  std::size_t most = 0;
  for (const auto& reason : match.reasons) most = std::max(most, reason.alert_ids.size());
  return most;
}

Match match_of(const Playbook& playbook, const AlertRefs& alerts) {
  Grounds grounds;
  for (const auto* alert : alerts) {
    add_type(playbook, *alert, grounds);
    if (names_kind(playbook, *alert)) add_attack(playbook, *alert, grounds);
  }
  Match match{&playbook, 0, {}};
  for (const auto& [what, ground] : grounds) match.strength = std::max(match.strength, ground.strength);
  for (auto& [what, ground] : grounds) {
    if (ground.strength == kTactic && match.strength > kTactic) continue;  // says no more than the others
    const auto count =
        ground.alerts == 1 ? "One alert has " : std::to_string(ground.alerts) + " alerts have ";
    match.reasons.push_back({count + what + ".", std::move(ground.alert_ids)});
  }
  return match;
}

}  // namespace

std::vector<Match> match_playbooks(const std::vector<Playbook>& playbooks, const AlertRefs& alerts) {
  std::vector<Match> matches;
  for (const auto& playbook : playbooks) {
    auto match = match_of(playbook, alerts);
    if (match.strength > 0) matches.push_back(std::move(match));
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return std::pair(a.strength, alerts_for(a)) > std::pair(b.strength, alerts_for(b));
  });
  if (!matches.empty() && matches.front().strength > kTactic)
    std::erase_if(matches, [](const Match& match) { return match.strength <= kTactic; });
  if (matches.size() > kMostMatches) matches.resize(kMostMatches);
  return matches;
}

std::vector<const Playbook*> playbooks_of(const std::vector<Match>& matches) {
  std::vector<const Playbook*> playbooks;
  for (const auto& match : matches) playbooks.push_back(match.playbook);
  return playbooks;
}

}  // namespace tocsin::respond
