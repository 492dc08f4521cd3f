#pragma once
// Which playbooks an incident calls for, and why.

#include <string>
#include <vector>

#include "respond/alerts.h"
#include "respond/playbook.h"

namespace tocsin::respond {

struct MatchReason {
  std::string text;                    // one sentence, fit to show
  std::vector<std::string> alert_ids;  // at most 10
};

struct Match {
  const Playbook* playbook = nullptr;  // of the list that was passed in
  int strength = 0;                    // type 100, technique 60 (its parent 50), tactic 10; the best counts
  std::vector<MatchReason> reasons;
};

// Strongest first, then the one that more alerts speak for, then by id; at most 8. Tactics alone decide only
// when neither a type nor a technique does.
std::vector<Match> match_playbooks(const std::vector<Playbook>& playbooks, const AlertRefs& alerts);

std::vector<const Playbook*> playbooks_of(const std::vector<Match>& matches);

}  // namespace tocsin::respond
