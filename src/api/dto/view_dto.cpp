#include "api/dto/view_dto.h"

#include "model/alert_json.h"
#include "model/attack.h"
#include "triage/timeline_shape.h"

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
    is_alert ? json.member("source", entry.source) : json.member("source", nullptr);
    is_alert ? json.member("actor", nullptr) : json.member("actor", entry.actor);
    json.member("tactics", entry.tactics);
    json.member("alert_ids", entry.alert_ids);
  });
}

void write_phase(JsonWriter& json, const triage::TimelinePhase& phase) {
  const auto& tactic = model::tactics()[phase.tactic];
  json.object([&] {
    json.member("tactic", tactic.id);
    json.member("name", tactic.name);
    json.member("first_seen", phase.first);
    json.member("last_seen", phase.last);
    json.member("alerts", phase.alerts);
    json.member("alert_ids", phase.alert_ids);
    json.member("before_earlier_tactic", phase.before_earlier_tactic);
  });
}

double seconds_of(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

void write_gap(JsonWriter& json, const triage::TimelineGap& gap) {
  json.object([&] {
    json.member("from", gap.from);
    json.member("to", gap.to);
    json.member("seconds", seconds_of(gap.to - gap.from));
  });
}

void write_clock(JsonWriter& json, const triage::ClockFinding& clock) {
  json.object([&] {
    json.member("kind", to_text(clock.kind));
    json.member("source", clock.source);
    json.member("alerts", clock.alerts);
    json.member("typical_seconds", seconds_of(clock.typical));
    json.member("alert_ids", clock.alert_ids);
  });
}

template <class T>
void write_each(JsonWriter& json, std::string_view name, const std::vector<T>& items,
                void (*write)(JsonWriter&, const T&)) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto& item : items) write(json, item);
    });
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

void write_timeline(JsonWriter& json, const triage::IncidentFacts& facts, const triage::IncidentView& view,
                    bool newest_first) {
  const auto& all = view.timeline;
  const auto shape = triage::shape_of(all);
  json.object([&] {
    json.member("incident_id", facts.incident.id.str());
    json.member("items", [&] {
      json.array([&] {
        for (std::size_t i = 0; i < std::min(kTimelineShown, all.size()); ++i)
          write_entry(json, newest_first ? all[all.size() - 1 - i] : all[i]);
      });
    });
    write_each(json, "phases", shape.phases, write_phase);
    write_each(json, "gaps", shape.gaps, write_gap);
    write_each(json, "clocks", shape.clocks, write_clock);
    const auto unread = static_cast<std::size_t>(facts.incident.alert_count) -
                        std::min(static_cast<std::size_t>(facts.incident.alert_count), facts.members.size());
    json.member("total", all.size() + unread);
  });
}

}  // namespace tocsin::api
