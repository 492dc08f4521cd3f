#include "respond/checklist.h"

#include <algorithm>
#include <set>

#include "base/display_text.h"

namespace tocsin::respond {
namespace {

using model::Alert;
using model::EntityKind;

constexpr std::size_t kShownIds = 10;
// Clocks of machines in one network differ by seconds; minutes mean that a clock is wrong.
constexpr auto kSkew = std::chrono::minutes(5);

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string share(std::size_t part, std::size_t whole) {
  return std::to_string(part) + " of " + counted(whole, "alert", "alerts");
}

// "1 of 1 alert has", "1 of 3 alerts has", "2 of 3 alerts have"
bool is_singular(std::size_t part, std::size_t whole) {
  return part == 1 || whole == 1;
}

template <class Holds>
std::vector<std::string> ids_where(const AlertRefs& alerts, Holds holds) {
  std::vector<std::string> ids;
  for (const auto* alert : alerts) {
    if (ids.size() < kShownIds && holds(*alert)) ids.push_back(alert->id.str());
  }
  return ids;
}

template <class Holds>
std::size_t count_where(const AlertRefs& alerts, Holds holds) {
  return static_cast<std::size_t>(
      std::count_if(alerts.begin(), alerts.end(), [&](const Alert* alert) { return holds(*alert); }));
}

CheckState all_or_part(std::size_t part, std::size_t whole) {
  if (whole > 0 && part == whole) return CheckState::kPassed;
  return part > 0 ? CheckState::kAttention : CheckState::kFailed;
}

// ---- one function a check

std::size_t count_kind(const CheckInput& input, std::initializer_list<EntityKind> kinds) {
  return static_cast<std::size_t>(
      std::count_if(input.entities.begin(), input.entities.end(), [&](const model::Entity& entity) {
        return std::find(kinds.begin(), kinds.end(), entity.kind) != kinds.end();
      }));
}

Check scope(const CheckInput& input) {
  const auto names_something = [](const Alert& alert) {
    return std::any_of(alert.entities.begin(), alert.entities.end(), [](const model::Entity& entity) {
      return entity.kind == EntityKind::kHost || entity.kind == EntityKind::kUser ||
             entity.kind == EntityKind::kAccount || entity.kind == EntityKind::kCloudResource;
    });
  };
  const auto named = count_where(input.alerts, names_something);
  Check check{"scope", "Affected hosts, users and resources are known",
              all_or_part(named, input.alerts.size()), "",
              ids_where(input.alerts, [&](const Alert& alert) { return !names_something(alert); })};
  check.reason =
      share(named, input.alerts.size()) + (is_singular(named, input.alerts.size()) ? " names" : " name") +
      " what is affected: " + counted(count_kind(input, {EntityKind::kHost}), "host", "hosts") + ", " +
      counted(count_kind(input, {EntityKind::kUser, EntityKind::kAccount}), "user", "users") + ", " +
      counted(count_kind(input, {EntityKind::kCloudResource}), "cloud resource", "cloud resources") + ".";
  return check;
}

Check validate(const CheckInput& input) {
  const auto judged = [](const Alert& alert) { return alert.triage.verdict != model::Verdict::kUndecided; };
  const auto count = count_where(input.alerts, judged);
  const bool whole = input.incident.verdict != model::Verdict::kUndecided;
  Check check{"validate", "Every alert has a verdict",
              whole ? CheckState::kPassed : all_or_part(count, input.alerts.size()),
              share(count, input.alerts.size()) +
                  (is_singular(count, input.alerts.size()) ? " has" : " have") + " a verdict of a person.",
              ids_where(input.alerts, [&](const Alert& alert) { return !judged(alert); })};
  check.reason += whole ? " The incident has one: " + std::string(to_text(input.incident.verdict)) + "."
                        : " The incident has none.";
  return check;
}

Check iocs(const CheckInput& input) {
  if (input.iocs.empty())
    return {"iocs",
            "Indicators are extracted",
            CheckState::kAttention,
            "No alert names a public indicator: there is nothing to block or to search elsewhere.",
            {}};
  std::map<std::string_view, std::size_t> kinds;
  for (const auto& ioc : input.iocs) ++kinds[to_text(ioc.kind)];
  std::string text;
  for (const auto& [kind, count] : kinds)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(kind);
  return {"iocs",
          "Indicators are extracted",
          CheckState::kPassed,
          counted(input.iocs.size(), "indicator", "indicators") + ": " + text + ".",
          {}};
}

Check searched(const CheckInput& input) {
  Check check{"searched", "Indicators were searched in other incidents", CheckState::kPassed, "", {}};
  if (input.iocs.empty()) {
    check.reason = "There is no indicator to search.";
    return check;
  }
  check.reason = std::to_string(input.searched) + " of " +
                 counted(input.iocs.size(), "indicator was", "indicators were") +
                 " searched among the alerts of this server";
  if (input.searched == 0) check.state = CheckState::kFailed;
  if (input.elsewhere.empty()) {
    check.reason += "; none stands in another incident.";
    return check;
  }
  check.state = CheckState::kAttention;
  check.reason += "; in other incidents too: ";
  for (std::size_t i = 0; i < std::min<std::size_t>(5, input.elsewhere.size()); ++i) {
    const auto& one = input.elsewhere[i];
    check.reason += (i > 0 ? ", " : "") + display_text(one.value, 60) + " (" + one.incident_ids.front() +
                    (one.incident_ids.size() > 1 ? " …)" : ")");
  }
  check.reason += ".";
  return check;
}

Check mitre(const CheckInput& input) {
  const auto mapped = [](const Alert& alert) { return !alert.attack.techniques.empty(); };
  const auto from_table = [](const Alert& alert) {
    return std::any_of(alert.facts.begin(), alert.facts.end(),
                       [](const model::Fact& fact) { return fact.name == "attack_basis"; });
  };
  const auto count = count_where(input.alerts, mapped), guessed = count_where(input.alerts, from_table);
  Check check{"mitre", "ATT&CK techniques are assigned", all_or_part(count, input.alerts.size()),
              share(count, input.alerts.size()) +
                  (is_singular(count, input.alerts.size()) ? " has" : " have") + " a technique",
              ids_where(input.alerts, [&](const Alert& alert) { return !mapped(alert); })};
  check.reason += guessed > 0 ? "; for " + std::to_string(guessed) +
                                    " it comes from the table of alert families, not from the tool."
                              : ", each named by its tool.";
  return check;
}

Check timeline(const CheckInput& input) {
  const auto from_the_future = [](const Alert& alert) {
    return alert.occurred_at > alert.received_at + kSkew;
  };
  const auto skewed = count_where(input.alerts, from_the_future);
  Check check{"timeline", "The time line is sound", skewed > 0 ? CheckState::kAttention : CheckState::kPassed,
              "From " + to_rfc3339(input.incident.first_seen) + " to " + to_rfc3339(input.incident.last_seen),
              ids_where(input.alerts, from_the_future)};
  if (input.alerts.empty()) check.state = CheckState::kFailed;
  check.reason += skewed > 0 ? "; " + share(skewed, input.alerts.size()) +
                                   " claim a time more than 5 minutes after their arrival: a clock is wrong."
                             : "; no alert claims a time after its arrival.";
  return check;
}

Check exploited(const CheckInput& input) {
  Check check{"exploited", "Known-exploited vulnerabilities are looked for", CheckState::kPassed, "", {}};
  if (input.exploited.empty()) {
    check.reason = input.cves.empty()
                       ? "No alert names a vulnerability."
                       : "None of " +
                             counted(input.cves.size(), "named vulnerability", "named vulnerabilities") +
                             " is on the list of known-exploited ones.";
    return check;
  }
  check.state = CheckState::kAttention;
  check.reason = "Known to be exploited: ";
  for (std::size_t i = 0; i < std::min<std::size_t>(10, input.exploited.size()); ++i)
    check.reason += (i > 0 ? ", " : "") + display_text(input.exploited[i], 40);
  check.reason += ". Patch or shield these first.";
  return check;
}

bool is_containment(const std::string& action, const std::vector<Playbook>& playbooks) {
  constexpr std::string_view kVerbs[] = {"isolate", "block",   "disable",    "contain", "quarantine",
                                         "revoke",  "suspend", "rate_limit", "kill",    "stop"};
  for (const auto& playbook : playbooks) {
    for (const auto& step : playbook.steps) {
      if (step.phase == Phase::kContain && step.action == action) return true;
    }
  }
  return std::any_of(std::begin(kVerbs), std::end(kVerbs),
                     [&](std::string_view verb) { return action.starts_with(verb); });
}

Check containment(const CheckInput& input) {
  Check check{"containment",
              "A containment action is recorded",
              CheckState::kFailed,
              "The action log holds no containment.",
              {}};
  for (const auto& action : input.actions) {
    if (!is_containment(action.action, input.playbooks)) continue;
    if (action.simulated && check.state == CheckState::kFailed) {
      check.state = CheckState::kAttention;
      check.reason = "Only simulated so far: " + display_text(action.action, 100) + ".";
    }
    if (action.simulated) continue;
    check.state = CheckState::kPassed;
    check.reason = display_text(action.action, 100) + ", recorded by " + display_text(action.actor, 40) +
                   " at " + to_rfc3339(action.created_at) + ".";
    break;
  }
  return check;
}

Check owner(const CheckInput& input) {
  const auto& assignee = input.incident.assignee;
  const bool owned = assignee && !assignee->empty();
  return {"owner",
          "Somebody owns the incident",
          owned ? CheckState::kPassed : CheckState::kFailed,
          owned ? "Assigned to " + display_text(*assignee, 60) + "." : "It is assigned to nobody.",
          {}};
}

Check evidence(const CheckInput& input) {
  const auto kept = [](const Alert& alert) { return !alert.raw.empty() && alert.raw != "null"; };
  const auto count = count_where(input.alerts, kept);
  return {"evidence", "Raw records are kept", all_or_part(count, input.alerts.size()),
          share(count, input.alerts.size()) + (is_singular(count, input.alerts.size()) ? " keeps" : " keep") +
              " the record as it came.",
          ids_where(input.alerts, [&](const Alert& alert) { return !kept(alert); })};
}

}  // namespace

std::string_view to_text(CheckState state) {
  constexpr std::array<std::string_view, 3> kNames{"passed", "attention", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<Check> automatic_checks(const CheckInput& input) {
  std::vector<Check> checks;
  for (const auto evaluate :
       {scope, validate, iocs, searched, mitre, timeline, exploited, containment, owner, evidence})
    checks.push_back(evaluate(input));
  return checks;
}

const std::array<ManualStep, 4>& manual_steps() {
  static constexpr std::array<ManualStep, 4> kSteps{{
      {"contain", "Contained", "The intruder can do no more: hosts, accounts and channels are closed."},
      {"eradicate", "Eradicated", "What was left behind is gone, and the way in is closed."},
      {"recover", "Recovered", "Systems and people work again, and are watched."},
      {"document", "Documented", "Cause, scope, acts and duties to notify are written down."},
  }};
  return kSteps;
}

const ManualStep* find_manual_step(std::string_view id) {
  for (const auto& step : manual_steps()) {
    if (step.id == id) return &step;
  }
  return nullptr;
}

}  // namespace tocsin::respond
