#pragma once
// Playbooks: what people do about a kind of incident, step by step, as YAML files (data/playbooks; README.md
// has the format). Reading, matching and showing only: nothing here touches another system.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/alert.h"

namespace tocsin::respond {

enum class Phase : std::uint8_t { kTriage, kContain, kEradicate, kRecover, kDocument };
enum class Risk : std::uint8_t { kNone, kLow, kMedium, kHigh };
enum class Approver : std::uint8_t { kAnalyst, kSocLead, kIncidentManager, kSystemOwner };
std::string_view to_text(Phase value);     // triage contain eradicate recover document
std::string_view to_text(Risk value);      // none low medium high
std::string_view to_text(Approver value);  // analyst soc_lead incident_manager system_owner

struct Command {
  std::string platform;
  std::string
      run;  // a command or console path; {user} {host} {ip} {domain} {cloud_resource} stand for a target
};

struct Step {
  Phase phase = Phase::kTriage;
  std::string action;  // one line, unique in its playbook
  std::string purpose;
  Risk risk = Risk::kNone;  // of doing it
  std::string impact;       // what it breaks or costs
  Approver approver = Approver::kAnalyst;
  std::optional<model::EntityKind> target;  // what it acts on, if anything
  std::string undo;
  std::vector<std::string> evidence;  // what to keep
  std::vector<Command> commands;
};

struct Playbook {
  std::string id;
  std::string title;
  std::vector<std::string> types;       // alert types it is for
  std::vector<std::string> techniques;  // ATT&CK ids; a parent stands for its sub-techniques
  std::vector<Step> steps;              // in order of phase
};

// kInvalidSyntax or kInvalidInput; `where` is FILE:LINE:COL (from 1). Unknown keys are errors.
Result<Playbook> parse_playbook(std::string_view yaml, std::string_view file);

struct Library {
  std::vector<Playbook> playbooks;  // by id
  std::vector<Error> errors;        // files that were left out, and why
};
const std::vector<Playbook>& shipped_playbooks();
// The shipped ones, with every *.yaml and *.yml of `directory` added or, for the same id, put in their place.
// A file that cannot be read is an error of its own; the rest still counts.
Library load_playbooks(const std::string& directory);

// Playbooks for these types or techniques, best first: matched by type before matched by technique, then by
// id.
std::vector<const Playbook*> match_playbooks(const std::vector<Playbook>& playbooks,
                                             std::span<const std::string> types,
                                             std::span<const std::string> techniques);

// S0's shape: the union of the steps, each action once.
struct ShortStep {
  std::string action, risk, impact;
};
std::vector<ShortStep> short_steps(const std::vector<const Playbook*>& playbooks);

}  // namespace tocsin::respond
