#include "api/dto/incident_dto.h"

#include "model/attack.h"

namespace tocsin::api {
namespace {

std::optional<std::string> text_of(const std::optional<IncidentId>& id) {
  return id ? std::optional<std::string>(id->str()) : std::nullopt;
}

}  // namespace

std::vector<std::string> tactic_ids(std::uint16_t bits) {
  std::vector<std::string> ids;
  const auto& tactics = model::tactics();
  for (std::size_t i = 0; i < tactics.size(); ++i) {
    if ((bits >> i & 1U) != 0) ids.emplace_back(tactics[i].id);
  }
  return ids;
}

void write_incident_members(JsonWriter& json, const model::Incident& incident,
                            const std::vector<std::string>& techniques, const FirstResponseMinutes& minutes) {
  json.member("id", incident.id.str());
  json.member("title", incident.title);
  json.member("severity", to_text(incident.severity));
  json.member("priority", incident.priority);
  json.member("risk_score", incident.risk_score);
  json.member("confidence", incident.confidence);
  json.member("status", to_text(incident.status));
  json.member("verdict", to_text(incident.verdict));
  json.member("assignee", incident.assignee);
  json.member("close_reason", incident.close_reason);
  json.member("created_at", incident.created_at);
  json.member("updated_at", incident.updated_at);
  json.member("first_seen", incident.first_seen);
  json.member("last_seen", incident.last_seen);
  json.member("alert_count", incident.alert_count);
  json.member("alerts_out_of_scope", incident.alerts_out_of_scope);
  json.member("attack", [&] {
    json.object([&] {
      json.member("techniques", techniques);
      json.member("tactics", tactic_ids(incident.tactics));
    });
  });
  json.member("requires_review", incident.requires_review);
  json.member("review_reason", incident.review_reason);
  json.member("merged_into", text_of(incident.merged_into));
  json.member("tlp", to_text(incident.tlp));
  json.member("sla", [&] { write_sla(json, incident, minutes); });
}

void append_incident_summary(std::string& out, const model::Incident& incident,
                             const FirstResponseMinutes& minutes) {
  JsonWriter json(out);
  json.object([&] { write_incident_members(json, incident, {}, minutes); });
}

void write_entity(JsonWriter& json, const model::Entity& entity) {
  json.object([&] {
    json.member("kind", to_text(entity.kind));
    json.member("value", entity.value);
    json.member("role", to_text(entity.role));
  });
}

void write_note(JsonWriter& json, const model::Note& note) {
  json.object([&] {
    json.member("id", note.id.str());
    json.member("incident_id", note.incident.str());
    json.member("author", note.author);
    json.member("text", note.text);
    json.member("created_at", note.created_at);
    json.member("revision", note.revision);
    const bool edited = !note.edited_by.empty();
    edited ? json.member("edited_by", note.edited_by) : json.member("edited_by", nullptr);
    edited ? json.member("edited_at", note.edited_at) : json.member("edited_at", nullptr);
  });
}

void write_action(JsonWriter& json, const model::ActionRecord& action) {
  json.object([&] {
    json.member("id", action.id.str());
    json.member("incident_id", action.incident.str());
    json.member("actor", action.actor);
    json.member("action", action.action);
    json.member("target", action.target);
    json.member("detail", action.detail);
    json.member("simulated", action.simulated);
    json.member("created_at", action.created_at);
  });
}

}  // namespace tocsin::api
