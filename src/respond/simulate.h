#pragma once
// What a step would do to this incident, without doing it.

#include <string>
#include <vector>

#include "model/alert.h"
#include "respond/playbook.h"

namespace tocsin::respond {

// What simulation needs to know of an incident.
struct Scene {
  std::vector<model::Entity> entities;                      // merged, most often named first
  model::AssetTier asset_tier = model::AssetTier::kNormal;  // the highest of its alerts
};

struct Simulation {
  std::string action;
  bool known = false;                  // a playbook has this step; else nothing is known of its effect
  std::vector<model::Entity> targets;  // what it would act on, at most 20
  std::vector<std::string> would_do;   // sentences, fit to show
  std::vector<std::string> would_break;
  std::vector<Command> commands;  // with the first target filled in where its value is harmless in a shell
  std::string undo;
  std::string approver;  // empty when not known
  bool requires_approval = true;
};

// Never executes anything. `action` is the action of a step (any case), or free text.
Simulation simulate(std::string_view action, const std::vector<const Playbook*>& playbooks,
                    const Scene& scene);

// {user} and the like replaced by the first entity of that kind, but only where the value is 1..128
// characters of A-Z a-z 0-9 . _ @ : - and does not begin with '-': anything else could change the meaning of
// the command, so the placeholder stays.
std::string fill(std::string_view command, const std::vector<model::Entity>& entities);

}  // namespace tocsin::respond
