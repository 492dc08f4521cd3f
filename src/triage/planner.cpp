#include "triage/planner.h"

#include "base/display_text.h"
#include "model/attack.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

constexpr std::array<std::string_view, 8> kActionNames{"block_ip", "rate_limit", "challenge",  "whitelist",
                                                       "monitor",  "escalate",   "quarantine", "none"};
constexpr std::array<std::string_view, 4> kUrgencyNames{"immediate", "urgent", "normal", "low"};

constexpr int kSlaOfLikelyFalsePositive = 240;

constexpr std::array<Urgency, 5> kUrgencies{Urgency::kLow, Urgency::kLow, Urgency::kNormal, Urgency::kUrgent,
                                            Urgency::kImmediate};

std::vector<std::string> escalation_path(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return {"SOC Tier 2", "SOC Manager", "CISO"};
    case Severity::kHigh:
      return {"SOC Tier 2", "SOC Manager"};
    case Severity::kMedium:
      return {"SOC Tier 1", "SOC Tier 2"};
    case Severity::kLow:
    case Severity::kInfo:
      break;
  }
  return {"SOC Tier 1"};
}

using Template = std::vector<ActionType>;  // primary first

// By threat type, then critical, high, medium; low and info are watched.
const Template& template_of(ThreatType type, Severity severity) {
  using A = ActionType;
  static const std::array<std::array<Template, 3>, 6> kTemplates{{
      {{{A::kBlockIp, A::kRateLimit}, {A::kRateLimit, A::kChallenge}, {A::kChallenge, A::kMonitor}}},
      {{{A::kBlockIp, A::kEscalate}, {A::kBlockIp, A::kChallenge}, {A::kChallenge, A::kRateLimit}}},
      {{{A::kQuarantine, A::kEscalate, A::kBlockIp},
        {A::kQuarantine, A::kChallenge},
        {A::kChallenge, A::kMonitor}}},
      {{{A::kEscalate, A::kQuarantine, A::kChallenge}, {A::kEscalate, A::kChallenge}, {A::kMonitor}}},
      {{{A::kRateLimit, A::kBlockIp}, {A::kRateLimit}, {A::kRateLimit}}},
      {{{A::kChallenge, A::kEscalate}, {A::kChallenge}, {A::kChallenge}}},
  }};
  static const Template kWatch{A::kMonitor};
  if (severity <= Severity::kLow) return kWatch;
  return kTemplates[static_cast<std::size_t>(type)]
                   [static_cast<std::size_t>(Severity::kCritical) - static_cast<std::size_t>(severity)];
}

struct ActionFacts {
  std::string_view impact, rollback, parameter, value;
  bool harmless;
};
constexpr std::array<ActionFacts, 8> kFacts{{
    {"Everybody behind the address loses access.", "Remove the block.", "duration_minutes", "60", false},
    {"Legitimate traffic of the source is slowed too.", "Remove the limit.", "requests_per_minute", "10",
     false},
    {"The person must prove who they are once more.", "Nothing to undo.", "duration_minutes", "60", false},
    {"Later alerts of this party are not raised.", "Remove the entry.", "duration_minutes", "1440", false},
    {"None.", "Stop watching.", "duration_minutes", "60", true},
    {"Costs people's time.", "Tell them that it is over.", "", "", true},
    {"Whoever uses the host cannot work.", "Release the host from isolation.", "", "", false},
    {"None.", "Nothing to undo.", "", "", true},
}};

// What a tactic of any alert adds to the template: how far the attack has come decides what must stop it.
struct TacticAction {
  std::string_view tactic;
  ActionType type;
};
constexpr std::array<TacticAction, 7> kTacticActions{{{"TA0006", ActionType::kChallenge},
                                                      {"TA0008", ActionType::kQuarantine},
                                                      {"TA0011", ActionType::kBlockIp},
                                                      {"TA0010", ActionType::kBlockIp},
                                                      {"TA0010", ActionType::kEscalate},
                                                      {"TA0040", ActionType::kQuarantine},
                                                      {"TA0040", ActionType::kEscalate}}};

Severity severity_of(const CaseInput& input) {
  auto highest = input.severity.value_or(Severity::kInfo);
  for (const auto& alert : input.alerts) highest = std::max(highest, alert.severity);
  return highest;
}

std::uint16_t tactics_of(const CaseInput& input) {
  auto bits = input.tactics;
  for (const auto& alert : input.alerts) bits = static_cast<std::uint16_t>(bits | tactic_bits(alert.attack));
  return bits;
}

Template wanted_actions(ThreatType type, Severity severity, std::uint16_t tactics) {
  auto wanted = template_of(type, severity);
  if (severity < Severity::kMedium) return wanted;
  for (const auto& [tactic, action] : kTacticActions) {
    const auto place = model::find_tactic(tactic);
    const bool seen = place && (tactics >> *place & 1U) != 0;
    if (seen && std::find(wanted.begin(), wanted.end(), action) == wanted.end()) wanted.push_back(action);
  }
  return wanted;
}

// The public address it came from; a private one is never blocked at the edge. The IoCs are public by
// definition.
std::optional<model::Entity> public_source(const CaseInput& input) {
  for (const auto& alert : input.alerts) {
    for (const auto& entity : alert.entities) {
      if (entity.kind != EntityKind::kIp) continue;
      const bool is_public = std::any_of(alert.iocs.begin(), alert.iocs.end(), [&](const model::Ioc& ioc) {
        return ioc.kind == model::IocKind::kIp && ioc.value == entity.value;
      });
      if (is_public) return entity;
    }
  }
  return std::nullopt;
}

std::optional<model::Entity> first_of(const CaseInput& input, std::initializer_list<EntityKind> kinds) {
  for (const auto kind : kinds) {
    for (const auto role :
         {EntityRole::kTarget, EntityRole::kActor, EntityRole::kRelated, EntityRole::kSource}) {
      for (const auto& alert : input.alerts) {
        for (const auto& entity : alert.entities) {
          if (entity.kind == kind && entity.role == role) return entity;
        }
      }
    }
  }
  return std::nullopt;
}

bool needs_target(ActionType type) {
  return type != ActionType::kMonitor && type != ActionType::kEscalate;
}

std::optional<model::Entity> target_for(ActionType type, const CaseInput& input) {
  switch (type) {
    case ActionType::kBlockIp:
    case ActionType::kRateLimit:
      return public_source(input);
    case ActionType::kQuarantine:
      return first_of(input, {EntityKind::kHost, EntityKind::kCloudResource});
    case ActionType::kChallenge:
      return first_of(input, {EntityKind::kUser, EntityKind::kAccount, EntityKind::kEmail});
    default:
      return std::nullopt;
  }
}

std::string reason_for(const std::optional<model::Entity>& target, const CaseInput& input) {
  auto text = quoted_title(input.alerts.front());
  if (input.alerts.size() > 1) text += " with " + counted(input.alerts.size() - 1, "related alert");
  text += " is " + std::string(to_text(severity_of(input)));
  if (target) text += " and names " + entity_text(*target);
  return text + ".";
}

PlannedAction make_action(ActionType type, std::optional<model::Entity> target, const CaseInput& input,
                          double real) {
  const auto& facts = kFacts[static_cast<std::size_t>(type)];
  PlannedAction action;
  action.type = type;
  action.urgency = kUrgencies[static_cast<std::size_t>(severity_of(input))];
  action.reason = reason_for(target, input);
  action.target = std::move(target);
  action.confidence = real;
  action.auto_executable = facts.harmless;
  action.requires_approval = !facts.harmless;
  action.estimated_impact = facts.impact;
  action.rollback = facts.rollback;
  if (!facts.parameter.empty()) action.parameters.emplace_back(facts.parameter, facts.value);
  return action;
}

}  // namespace

std::string_view to_text(ActionType value) {
  return kActionNames[static_cast<std::size_t>(value)];
}
std::string_view to_text(Urgency value) {
  return kUrgencyNames[static_cast<std::size_t>(value)];
}

ResponsePlan plan_response(const CaseInput& input, ThreatType type, const FalsePositiveScore& score) {
  ResponsePlan plan;
  if (input.alerts.empty()) return plan;
  const auto severity = severity_of(input);
  const bool dismissible = score.recommendation == "likely_false_positive";
  const auto wanted_ones =
      dismissible ? Template{ActionType::kMonitor} : wanted_actions(type, severity, tactics_of(input));
  std::vector<PlannedAction> actions;
  for (const auto wanted : wanted_ones) {
    auto target = target_for(wanted, input);
    if (needs_target(wanted) && !target) {
      plan.notes += (plan.notes.empty() ? "" : " ") + std::string("Left out ") +
                    std::string(to_text(wanted)) + ": the case names nothing that it could act on.";
      continue;
    }
    actions.push_back(make_action(wanted, std::move(target), input, 1 - score.score));
  }
  if (actions.empty()) {
    const auto instead = severity >= Severity::kHigh ? ActionType::kEscalate : ActionType::kMonitor;
    actions.push_back(make_action(instead, std::nullopt, input, 1 - score.score));
  }
  plan.primary_action = std::move(actions.front());
  plan.secondary_actions.assign(std::make_move_iterator(actions.begin() + 1),
                                std::make_move_iterator(actions.end()));
  plan.escalation_path = dismissible ? std::vector<std::string>{"SOC Tier 1"} : escalation_path(severity);
  plan.sla_minutes = dismissible ? kSlaOfLikelyFalsePositive
                                 : input.options.first_response_minutes[static_cast<std::size_t>(severity)];
  plan.auto_escalate_after_minutes = plan.sla_minutes / 2;
  return plan;
}

}  // namespace tocsin::triage
