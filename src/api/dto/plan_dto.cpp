#include "api/dto/plan_dto.h"

namespace tocsin::api {
namespace {

void write_action(JsonWriter& json, const triage::PlannedAction& action) {
  json.object([&] {
    json.member("action_type", to_text(action.type));
    json.member("urgency", to_text(action.urgency));
    json.member("target", action.target ? std::string_view(action.target->value) : std::string_view{});
    json.member("reason", action.reason);
    json.member("confidence", action.confidence);
    json.member("auto_executable", action.auto_executable);
    json.member("requires_approval", action.requires_approval);
    json.member("estimated_impact", action.estimated_impact);
    json.member("rollback_possible", action.rollback_possible);
    json.member("rollback", action.rollback);
    json.member("parameters", [&] {
      json.object([&] {
        for (const auto& [name, value] : action.parameters) json.member(name, value);
      });
    });
  });
}

}  // namespace

void write_plan(JsonWriter& json, const triage::ResponsePlan& plan) {
  json.object([&] {
    json.member("primary_action", [&] { write_action(json, plan.primary_action); });
    json.member("secondary_actions", [&] {
      json.array([&] {
        for (const auto& action : plan.secondary_actions) write_action(json, action);
      });
    });
    json.member("escalation_path", plan.escalation_path);
    json.member("sla_minutes", plan.sla_minutes);
    json.member("auto_escalate_after_minutes", plan.auto_escalate_after_minutes);
    json.member("notes", plan.notes);
  });
}

}  // namespace tocsin::api
