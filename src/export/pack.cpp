#include "base/json_writer.h"
#include "base/sha256.h"
#include "export/documents.h"
#include "model/alert_json.h"
#include "model/attack.h"

namespace tocsin::exports {
namespace {

template <class Items, class Write>
void write_list(JsonWriter& json, std::string_view name, const Items& items, Write write) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto& item : items) write(json, item);
    });
  });
}

void write_sentence(JsonWriter& json, const Sentence& sentence) {
  json.object([&] {
    json.member("text", sentence.text);
    json.member("evidence", sentence.alert_ids);
  });
}

void write_technique(JsonWriter& json, const std::string& id) {
  const auto* technique = model::find_technique(id);
  std::vector<std::string> tactics;
  if (technique != nullptr) {
    for (const auto place : technique->tactic_places) tactics.emplace_back(model::tactics()[place].name);
  }
  json.object([&] {
    json.member("id", id);
    json.member("technique", technique == nullptr ? std::string_view(id) : technique->name);
    json.member("tactics", tactics);
  });
}

void write_ioc(JsonWriter& json, const model::Ioc& ioc) {
  json.object([&] {
    json.member("kind", to_text(ioc.kind));
    json.member("value", ioc.value);
  });
}

void write_entity(JsonWriter& json, const NamedEntity& named) {
  json.object([&] {
    json.member("kind", to_text(named.entity.kind));
    json.member("value", named.entity.value);
    json.member("role", to_text(named.entity.role));
    json.member("alerts", named.alerts);
  });
}

// The first tool's `kql` and `splunk` hold one query; all of them are in `items`.
void write_queries(JsonWriter& json, const std::vector<Query>& queries) {
  const auto first = [&](std::string_view language) -> std::string {
    for (const auto& query : queries) {
      if (query.language == language) return query.text;
    }
    return {};
  };
  json.object([&] {
    json.member("kql", first("kql"));
    json.member("splunk", first("spl"));
    json.member("athena", first("sql"));
    write_list(json, "items", queries, [](JsonWriter& to, const Query& query) {
      to.object([&] {
        to.member("language", query.language);
        to.member("title", query.title);
        to.member("purpose", query.purpose);
        to.member("query", query.text);
      });
    });
  });
}

void write_line(JsonWriter& json, const TimelineLine& line) {
  json.object([&] {
    json.member("at", line.at);
    json.member("kind", line.kind);
    json.member("title", line.title);
    json.member("detail", line.detail);
    json.member("actor", line.actor);
    json.member("severity", line.severity);
    json.member("alert_ids", line.alert_ids);
  });
}

void write_checks(JsonWriter& json, std::string_view name, const std::vector<Check>& all, bool automatic) {
  json.member(name, [&] {
    json.array([&] {
      for (const auto& check : all) {
        if (check.automatic != automatic) continue;
        json.object([&] {
          json.member("name", check.name);
          json.member("state", check.state);
          json.member("reason", check.reason);
        });
      }
    });
  });
}

void write_note(JsonWriter& json, const model::Note& note) {
  json.object([&] {
    json.member("id", note.id.str());
    json.member("author", note.author);
    json.member("text", note.text);
    json.member("created_at", note.created_at);
    json.member("revision", note.revision);
    json.member("edited_by", note.edited_by);
    note.edited_by.empty() ? json.member("edited_at", nullptr) : json.member("edited_at", note.edited_at);
  });
}

void write_action(JsonWriter& json, const model::ActionRecord& action) {
  json.object([&] {
    json.member("at", action.created_at);
    json.member("actor", action.actor);
    json.member("action", action.action);
    json.member("target", action.target);
    json.member("detail", action.detail);
    json.member("simulated", action.simulated);
  });
}

// `raw` is the text between its quotation or braces as stored; the hash is of exactly those bytes.
void write_alert(JsonWriter& json, const model::Alert& alert) {
  json.object([&] {
    json.member("id", alert.id.str());
    json.member("raw_sha256", sha256_hex(alert.raw));
    json.key("alert");
    json.written_by([&](std::string& out) { append_alert_json(out, alert, true); });
  });
}

}  // namespace

std::string pack_json(const Case& incident) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("format", "tocsin-investigator-pack-1");
    json.member("generated_at", incident.exported_at);
    json.member("generated_by", "Tocsin " + incident.product_version);
    json.member("tlp", to_text(marking(incident)));
    json.key("incident");
    json.raw(incident.incident_json.empty() ? "null" : incident.incident_json);
    write_list(json, "summary", incident.summary, write_sentence);
    write_list(json, "why", incident.why, write_sentence);
    write_list(json, "mitre", incident.attack.techniques, write_technique);
    write_list(json, "iocs", incident.iocs, write_ioc);
    write_list(json, "entities", incident.entities, write_entity);
    json.member("queries", [&] { write_queries(json, incident.queries); });
    write_list(json, "timeline", incident.timeline, write_line);
    json.member("checklist", [&] {
      json.object([&] {
        write_checks(json, "auto", incident.checklist, true);
        write_checks(json, "manual", incident.checklist, false);
      });
    });
    write_list(json, "action_log", incident.actions, write_action);
    write_list(json, "notes", incident.notes, write_note);
    json.member("alert_count", incident.incident.alert_count);
    write_list(json, "alerts", incident.alerts, write_alert);
  });
  return out;
}

}  // namespace tocsin::exports
