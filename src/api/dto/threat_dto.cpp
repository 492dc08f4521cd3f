#include "api/dto/threat_dto.h"

#include "api/dto/analysis_dto.h"
#include "api/dto/plan_dto.h"
#include "model/attack.h"
#include "triage/reference_maps.h"
#include "triage/threat_timeline.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kActions = 50;

void write_signal(JsonWriter& json, const model::Alert& alert) {
  json.object([&] {
    json.member("id", alert.source_id ? *alert.source_id : alert.id.str());
    json.member("threat_type", to_text(triage::threat_type_of(alert)));
    json.member("customer_name", kCustomer);
    json.member("timestamp", alert.occurred_at);
    json.member("metadata", [&] {
      json.object([&] {
        json.member("source", alert.source);
        json.member("alert_type", alert.type);
        json.member("title", alert.title);
        json.member("occurrences", alert.occurrences);
        json.member("asset_tier", to_text(alert.asset_tier));
        json.member("entities", [&] {
          json.array([&] {
            for (const auto& entity : alert.entities) {
              json.object([&] {
                json.member("kind", to_text(entity.kind));
                json.member("value", entity.value);
                json.member("role", to_text(entity.role));
              });
            }
          });
        });
      });
    });
  });
}

template <class Find>
void write_named(JsonWriter& json, std::string_view name, const std::vector<std::string>& ids, Find find) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto& id : ids) {
        json.object([&] {
          json.member("id", id);
          json.member("name", find(id));
        });
      }
    });
  });
}

std::string_view tactic_name(const std::string& id) {
  const auto at = model::find_tactic(id);
  return at ? model::tactics()[*at].name : std::string_view(id);
}

std::string_view technique_name(const std::string& id) {
  const auto* technique = model::find_technique(id);
  return technique != nullptr ? technique->name : std::string_view(id);
}

void write_event(JsonWriter& json, const triage::ThreatEvent& event) {
  json.object([&] {
    json.member("timestamp", event.timestamp);
    json.member("event_type", event.event_type);
    json.member("title", event.title);
    json.member("description", event.description);
    json.member("source", event.source);
    json.member("evidence", event.evidence);
  });
}

void write_timeline(JsonWriter& json, const Threat& threat) {
  const auto* incident = threat.incident ? &*threat.incident : nullptr;
  const auto timeline = triage::make_threat_timeline(std::span(&threat.alert, 1), incident, threat.actions);
  json.object([&] {
    json.member("events", [&] {
      json.array([&] {
        for (const auto& event : timeline.events) write_event(json, event);
      });
    });
    json.member("start_time", timeline.start_time);
    json.member("end_time", timeline.end_time);
    json.member("duration_ms", timeline.duration_ms);
  });
}

void write_review(JsonWriter& json, const Threat& threat) {
  json.member("requires_human_review", threat.alert.requires_review);
  const auto reason = triage::review_reason(threat.alert, threat.judged.input.options);
  threat.alert.requires_review ? json.member("review_reason", reason) : json.member("review_reason", nullptr);
}

}  // namespace

double processing_ms(const triage::Analyses& analyses) {
  return analyses.historical.processing_time_ms + analyses.config.processing_time_ms +
         analyses.devops.processing_time_ms + analyses.context.processing_time_ms +
         analyses.priority.processing_time_ms;
}

Result<Threat> load_threat(CaseLoader& loader, Services& services, model::Alert alert) {
  Threat threat;
  TOCSIN_TRY(judged, judge_alert(loader, services, alert));
  threat.judged = std::move(judged);
  if (alert.incident_id) {
    TOCSIN_TRY(incident, services.store.incidents().find(*alert.incident_id));
    TOCSIN_TRY(actions, services.store.incidents().actions(*alert.incident_id, kActions));
    threat.incident = std::move(incident);
    threat.actions = std::move(actions);
  }
  threat.alert = std::move(alert);
  return threat;
}

void append_threat_json(std::string& out, const Threat& threat) {
  const auto& alert = threat.alert;
  JsonWriter json(out);
  json.object([&] {
    json.member("id", alert.id.str());
    json.member("signal", [&] { write_signal(json, alert); });
    json.member("status", triage::s4_status(alert.status, alert.triage.verdict, alert.requires_review));
    json.member("severity", triage::s4_severity(alert.severity));
    json.member("executive_summary", triage::executive_summary(alert));
    write_named(json, "mitre_tactics", alert.attack.tactics, tactic_name);
    write_named(json, "mitre_techniques", alert.attack.techniques, technique_name);
    json.member("customer_narrative", triage::customer_narrative(alert));
    json.member("agent_analyses", [&] { write_analyses(json, threat.judged.analyses); });
    json.member("false_positive_score",
                [&] { write_false_positive_score(json, threat.judged.false_positive); });
    json.member("response_plan", [&] { write_plan(json, threat.judged.plan); });
    json.member("investigation_timeline", [&] { write_timeline(json, threat); });
    json.member("total_processing_time_ms", processing_ms(threat.judged.analyses));
    json.member("created_at", alert.received_at);
    write_review(json, threat);
    json.member("incident_id", alert.incident_id ? std::optional(alert.incident_id->str()) : std::nullopt);
  });
}

}  // namespace tocsin::api
