#include "api/dto/playbook_dto.h"

#include <set>

namespace tocsin::api {
namespace {

template <class T, class Write>
void write_list(JsonWriter& json, std::string_view name, const std::vector<T>& items, Write write) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto& item : items) write(item);
    });
  });
}

void write_command(JsonWriter& json, std::string_view platform, escape::Syntax syntax, const std::string& run,
                   const std::vector<std::string>& refused) {
  json.object([&] {
    json.member("platform", platform);
    json.member("syntax", to_text(syntax));
    json.member("run", run);
    json.member("refused", refused);
  });
}

void write_targets(JsonWriter& json, const std::vector<model::Entity>& targets) {
  constexpr std::size_t kShown = 20;
  json.member("targets", [&] {
    json.array([&] {
      for (std::size_t i = 0; i < std::min(kShown, targets.size()); ++i) {
        json.object([&] {
          json.member("kind", to_text(targets[i].kind));
          json.member("value", targets[i].value);
        });
      }
    });
  });
}

void write_match(JsonWriter& json, const respond::Match& match) {
  json.object([&] {
    json.member("id", match.playbook->id);
    json.member("title", match.playbook->title);
    write_list(json, "reasons", match.reasons, [&](const respond::MatchReason& reason) {
      json.object([&] {
        json.member("text", reason.text);
        json.member("evidence", reason.alert_ids);
      });
    });
  });
}

void write_step(JsonWriter& json, const respond::Playbook& playbook, const respond::Step& step,
                const respond::Filling& filling) {
  const auto own = respond::filling_for(step, filling);
  json.object([&] {
    json.member("playbook", playbook.title);
    json.member("playbook_id", playbook.id);
    json.member("phase", to_text(step.phase));
    json.member("action", step.action);
    json.member("purpose", step.purpose);
    json.member("effect", to_text(step.effect));
    json.member("risk", to_text(step.risk));
    json.member("impact", step.impact);
    json.member("role", to_text(step.role));
    json.member("approver", to_text(step.approver));
    json.member("requires_approval", step.approver != respond::Approver::kAnalyst);
    json.member("undo", step.undo);
    json.member("evidence", step.evidence);
    write_targets(json, respond::targets_of(step, filling.entities));
    write_list(json, "commands", step.commands, [&](const respond::Command& command) {
      const auto filled = respond::fill(command, own);
      write_command(json, command.platform, command.syntax, filled.run, filled.refused);
    });
  });
}

}  // namespace

void write_playbook_summary(JsonWriter& json, const respond::Playbook& playbook) {
  json.object([&] {
    json.member("id", playbook.id);
    json.member("title", playbook.title);
    json.member("types", playbook.types);
    json.member("techniques", playbook.techniques);
    json.member("tactics", playbook.tactics);
    write_list(json, "entities", playbook.entities,
               [&](model::EntityKind kind) { json.value(to_text(kind)); });
    json.member("steps", playbook.steps.size());
  });
}

void write_library_error(JsonWriter& json, const Error& error) {
  json.object([&] {
    json.member("where", error.where);
    json.member("message", error.message);
    json.member("hint", error.hint);
  });
}

void write_incident_playbook(JsonWriter& json, const IncidentId& incident,
                             const std::vector<respond::Match>& matches, const respond::Scene& scene) {
  const auto filling = respond::filling_of(scene);
  std::set<std::string_view> written;
  json.object([&] {
    json.member("incident_id", incident.str());
    write_list(json, "playbooks", matches,
               [&](const respond::Match& match) { json.value(match.playbook->title); });
    write_list(json, "matches", matches, [&](const respond::Match& match) { write_match(json, match); });
    json.member("steps", [&] {
      json.array([&] {
        for (const auto& match : matches) {
          for (const auto& step : match.playbook->steps) {
            if (written.insert(step.action).second) write_step(json, *match.playbook, step, filling);
          }
        }
      });
    });
  });
}

void write_simulation(JsonWriter& json, const respond::Simulation& simulation) {
  json.object([&] {
    json.member("action", simulation.action);
    json.member("known", simulation.known);
    json.member("playbook_id", simulation.playbook);
    json.member("effect", to_text(simulation.effect));
    write_targets(json, simulation.targets);
    json.member("would_do", simulation.would_do);
    json.member("would_break", simulation.would_break);
    write_list(json, "commands", simulation.commands, [&](const respond::SimulatedCommand& command) {
      write_command(json, command.platform, command.syntax, command.run, command.refused);
    });
    json.member("undo", simulation.undo);
    json.member("role", simulation.role);
    json.member("approver", simulation.approver);
    json.member("requires_approval", simulation.requires_approval);
  });
}

}  // namespace tocsin::api
