#include "api/dto/view_dto.h"

#include "model/alert_json.h"

namespace tocsin::api {
namespace {

using triage::TimelineEntry;

void write_entry(JsonWriter& json, const TimelineEntry& entry) {
  const bool is_alert = entry.kind == TimelineEntry::Kind::kAlert;
  json.object([&] {
    json.member("at", entry.at);
    json.member("recorded_at", entry.recorded_at);
    json.member("kind", to_text(entry.kind));
    json.member("title", entry.title);
    json.member("detail", entry.detail);
    is_alert ? json.member("severity", to_text(entry.severity)) : json.member("severity", nullptr);
    is_alert ? json.member("actor", nullptr) : json.member("actor", entry.actor);
    json.member("tactics", entry.tactics);
    json.member("alert_ids", entry.alert_ids);
  });
}

}  // namespace

void write_sentences(JsonWriter& json, const std::vector<triage::Sentence>& sentences) {
  json.array([&] {
    for (const auto& sentence : sentences) {
      json.object([&] {
        json.member("text", sentence.text);
        json.member("evidence", sentence.alert_ids);
      });
    }
  });
}

void write_entities(JsonWriter& json, const std::vector<triage::CountedEntity>& entities) {
  json.array([&] {
    for (const auto& [entity, alerts] : entities) {
      json.object([&, &named = entity, count = alerts] {
        json.member("kind", to_text(named.kind));
        json.member("value", named.value);
        json.member("role", to_text(named.role));
        json.member("alerts", count);
      });
    }
  });
}

void write_iocs(JsonWriter& json, const std::vector<model::Ioc>& iocs) {
  json.array([&] {
    for (const auto& ioc : iocs) {
      json.object([&] {
        json.member("kind", to_text(ioc.kind));
        json.member("value", ioc.value);
      });
    }
  });
}

void write_member_alerts(JsonWriter& json, const std::vector<triage::Member>& members, std::size_t most,
                         bool with_raw) {
  json.array([&] {
    for (std::size_t i = 0; i < std::min(most, members.size()); ++i) {
      json.written_by([&](std::string& out) { append_alert_json(out, members[i].alert, with_raw); });
    }
  });
}

void write_timeline(JsonWriter& json, const triage::IncidentFacts& facts, const triage::IncidentView& view) {
  json.object([&] {
    json.member("incident_id", facts.incident.id.str());
    json.member("items", [&] {
      json.array([&] {
        for (std::size_t i = 0; i < std::min(kTimelineShown, view.timeline.size()); ++i)
          write_entry(json, view.timeline[i]);
      });
    });
    const auto unread = static_cast<std::size_t>(facts.incident.alert_count) -
                        std::min(static_cast<std::size_t>(facts.incident.alert_count), facts.members.size());
    json.member("total", view.timeline.size() + unread);
  });
}

}  // namespace tocsin::api
