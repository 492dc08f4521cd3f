#pragma once
// Playbooks: what people do about a kind of incident, step by step, as YAML files (data/playbooks; README.md
// has the format). Reading and matching only: nothing here touches another system.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "escape/shell.h"
#include "model/alert.h"

namespace tocsin::respond {

enum class Phase : std::uint8_t { kTriage, kContain, kEradicate, kRecover, kDocument };
enum class Risk : std::uint8_t { kNone, kLow, kMedium, kHigh };
// Who does a step, and whose consent it needs before.
enum class Role : std::uint8_t {
  kAnalyst,
  kEndpointAdmin,
  kIdentityAdmin,
  kMailAdmin,
  kNetworkAdmin,
  kCloudAdmin,
  kSystemOwner,
  kSocLead,
  kIncidentManager,
};
enum class Approver : std::uint8_t { kAnalyst, kSocLead, kIncidentManager, kSystemOwner };  // analyst: nobody
// What a step changes in other systems; simulate.h knows what each may break.
enum class Effect : std::uint8_t {
  kNone,  // reads or records only
  kIsolateHost,
  kRebuildHost,
  kStopProcess,
  kRemoveFile,
  kDisableAccount,
  kEndSessions,
  kResetCredential,
  kRevokeKey,
  kChangePermission,
  kBlockAddress,
  kBlockDomain,
  kBlockFile,
  kLimitTraffic,
  kRemoveMail,
  kCloseStorage,
  kRestoreData,
};
std::string_view to_text(Phase value);     // triage contain eradicate recover document
std::string_view to_text(Risk value);      // none low medium high
std::string_view to_text(Role value);      // analyst endpoint_admin identity_admin mail_admin network_admin
                                           // cloud_admin system_owner soc_lead incident_manager
std::string_view to_text(Approver value);  // analyst soc_lead incident_manager system_owner
std::string_view to_text(Effect value);    // none isolate_host rebuild_host stop_process …

struct Command {
  std::string platform;
  escape::Syntax syntax = escape::Syntax::kConsole;
  // {user} {host} {ip} … (an entity kind) stand for what the incident names, {from} {until} for its time.
  std::string run;
};

struct Step {
  Phase phase = Phase::kTriage;
  std::string action;  // one line, unique in its playbook
  std::string purpose;
  Effect effect = Effect::kNone;
  Risk risk = Risk::kNone;  // of doing it
  std::string impact;       // what it breaks or costs
  Role role = Role::kAnalyst;
  Approver approver = Approver::kAnalyst;
  std::optional<model::EntityKind> target;      // what it acts on, if anything
  std::vector<model::EntityRole> target_roles;  // preferred, best first
  std::string undo;
  std::vector<std::string> evidence;  // what to keep
  std::vector<Command> commands;
};

struct Playbook {
  std::string id;
  std::string title;
  std::vector<std::string> types;           // alert types it is for; a last '*' stands for any ending
  std::vector<std::string> techniques;      // ATT&CK ids; a parent stands for its sub-techniques
  std::vector<std::string> tactics;         // ATT&CK ids
  std::vector<model::EntityKind> entities;  // technique and tactic count only when one of these is named
  std::vector<Step> steps;                  // in order of phase
};

// kInvalidSyntax or kInvalidInput; `where` is FILE:LINE:COL (from 1). Unknown keys, unknown placeholders and
// placeholders inside quotes are errors.
Result<Playbook> parse_playbook(std::string_view yaml, std::string_view file);

struct Library {
  std::vector<Playbook> playbooks;  // by id
  std::vector<Error> errors;        // files that were left out, and why
};
const std::vector<Playbook>& shipped_playbooks();
// The shipped ones, with every *.yaml and *.yml of `directory` added or, for the same id, put in their place.
// A file that cannot be read is an error of its own; the rest still counts.
Library load_playbooks(const std::string& directory);

// S0's shape: the union of the steps, each action once.
struct ShortStep {
  std::string action, risk, impact;
};
std::vector<ShortStep> short_steps(const std::vector<const Playbook*>& playbooks);

}  // namespace tocsin::respond
