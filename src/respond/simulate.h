#pragma once
// What a step would do to this incident, without doing it.

#include <string>
#include <vector>

#include "model/alert.h"
#include "respond/playbook.h"
#include "respond/scene.h"

namespace tocsin::respond {

struct SimulatedCommand {
  std::string platform;
  escape::Syntax syntax = escape::Syntax::kConsole;
  std::string run;
  std::vector<std::string> refused;  // values that were kept out, and why
};

struct Simulation {
  std::string action;
  bool known = false;    // a playbook has this step; else nothing is known of its effect
  std::string playbook;  // its id
  Effect effect = Effect::kNone;
  std::vector<model::Entity> targets;      // what it would act on, at most 20
  std::vector<std::string> would_do;       // sentences, fit to show
  std::vector<std::string> would_break;    // sentences, fit to show, the step's own cost first
  std::vector<SimulatedCommand> commands;  // for the first target
  std::string undo;
  std::string role;      // who does it
  std::string approver;  // empty when not known
  bool requires_approval = true;
};

// Never executes anything. `action` is the action of a step (any case), or free text.
Simulation simulate(std::string_view action, const std::vector<const Playbook*>& playbooks,
                    const Scene& scene);
// Every step of the playbook that changes something.
std::vector<Simulation> simulate_playbook(const Playbook& playbook, const Scene& scene);

// One paragraph for the action log: what would have happened, to what, and what it would have broken.
std::string sentence_of(const Simulation& simulation);

}  // namespace tocsin::respond
