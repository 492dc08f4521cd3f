// Elastic Security: alerts as they are indexed (kibana.alert.*, before 8.0 signal.*), as search hits, as rule
// actions post them, and ECS events that an integration marked as alerts. Other ECS events are events.

#include <array>

#include "ingest/ecs.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::RecordKind;
using model::Severity;

// Elastic's bands of the risk score: 0-21 low, 22-47 medium, 48-73 high, 74-100 critical.
Severity severity_from_risk(double score) {
  if (score >= 74) return Severity::kCritical;
  if (score >= 48) return Severity::kHigh;
  return score >= 22 ? Severity::kMedium : Severity::kLow;
}

Severity severity_of(const FlatJson& doc, bool alert) {
  const Node word = doc.any({"kibana.alert.severity", "signal.rule.severity", "kibana.alert.rule.severity",
                             "rule.severity", "event.severity_label", "log.level"});
  if (const auto severity = severity_from_word(word.text()); severity && alert) return *severity;
  const auto score = doc.any({"kibana.alert.risk_score", "signal.rule.risk_score",
                              "kibana.alert.rule.risk_score", "event.risk_score", "rule.risk_score"})
                         .number();
  if (score) return severity_from_risk(*score);
  const auto number = doc["event.severity"].number();
  if (alert && number && *number > 10) return severity_from_risk(*number);
  return alert ? Severity::kMedium : Severity::kInfo;
}

void read_rule(const FlatJson& doc, AlertDraft& draft) {
  draft.rule(doc.any({"kibana.alert.rule.rule_id", "kibana.alert.rule.uuid", "signal.rule.rule_id",
                      "signal.rule.id", "rule.id", "rule.uuid"})
                 .text());
  for (const auto* path :
       {"kibana.alert.rule.threat", "kibana.alert.rule.parameters.threat", "signal.rule.threat"})
    read_ecs_threat(doc[path], draft);
  for (const auto* path : {"kibana.alert.rule.tags", "signal.rule.tags", "tags"}) {
    doc[path].each([&](const Node& tag) { draft.tag(tag.text()); });
  }
}

struct TermField {
  std::string_view field;
  model::EntityKind kind;
  model::EntityRole role;
};
constexpr auto kTermFields = std::to_array<TermField>({
    {"host.name", model::EntityKind::kHost, model::EntityRole::kTarget},
    {"user.name", model::EntityKind::kUser, model::EntityRole::kTarget},
    {"source.ip", model::EntityKind::kIp, model::EntityRole::kSource},
    {"destination.ip", model::EntityKind::kIp, model::EntityRole::kDestination},
    {"dns.question.name", model::EntityKind::kDomain, model::EntityRole::kRelated},
});

// What a threshold rule counted by, and what repeats were suppressed by: the document may have no such field.
void read_terms(const FlatJson& doc, AlertDraft& draft) {
  for (const auto* path : {"kibana.alert.threshold_result.terms", "kibana.alert.suppression.terms"}) {
    doc[path].each([&](const Node& term) {
      for (const auto& known : kTermFields) {
        if (known.field != term["field"].text()) continue;
        term["value"].each([&](const Node& value) { draft.observed(known.kind, value.text(), known.role); });
      }
    });
  }
}

void read_document(const FlatJson& doc, const Node& id, bool alert, AlertDraft& draft) {
  const Node title = doc.any({"kibana.alert.rule.name", "signal.rule.name", "rule.name"});
  draft.source_id(doc.any({"kibana.alert.uuid", "signal.id", "event.id"}).scalar());
  if (id && !draft.alert().source_id) draft.source_id(id.text());
  draft.title(title.text());
  draft.title(doc.any({"message", "event.action"}).text());
  draft.message(doc.any({"kibana.alert.reason", "signal.reason", "message", "kibana.alert.rule.description",
                         "signal.rule.description"})
                    .text());
  draft.severity(severity_of(doc, alert));
  for (const auto* path : {"kibana.alert.original_time", "signal.original_time", "@timestamp",
                           "kibana.alert.start", "event.created"}) {
    draft.occurred_at(read_time(doc[path]));
  }
  draft.source_url(doc.any({"kibana.alert.url", "event.url"}).text());
  draft.vendor_status(doc.any({"kibana.alert.workflow_status", "signal.status"}).text());
  draft.vendor_verdict(doc.any({"kibana.alert.workflow_reason"}).text());
  for (const auto* path : {"event.dataset", "event.action", "event.outcome"}) draft.tag(doc[path].scalar());
  read_rule(doc, draft);
  read_ecs_entities(doc, draft);
  read_terms(doc, draft);
}

bool is_alert(const FlatJson& doc) {
  const auto kind = doc["event.kind"].text();
  return kind == "signal" || kind == "alert" || doc.has("kibana.alert.uuid") ||
         doc.has("kibana.alert.rule.name") || doc.has("signal.rule.name");
}

void read_source(const Node& source, const Node& id, std::string_view bytes, Output& out) {
  const FlatJson doc(source);
  const bool alert = is_alert(doc);
  out.add(alert ? RecordKind::kAlert : RecordKind::kEvent, bytes,
          [&](AlertDraft& draft) { read_document(doc, id, alert, draft); });
}

// Of a search that asks for no source, hits have none.
void read_hit(const Node& hit, std::string_view bytes, Output& out) {
  if (hit["_source"].is_object()) return read_source(hit["_source"], hit["_id"], bytes, out);
  out.reject_part(bytes, "this hit has no _source", "Search with the documents' source.");
}

// What a rule's action posts with its variables: the rule, and its alerts in context.
void read_action(const Node& object, Output& out) {
  const Node rule = object["rule"] ? object["rule"] : object["context"]["rule"];
  const bool inner = bool(object["context"]["alerts"]);
  const Node alerts = inner ? object["context"]["alerts"] : object["alerts"];
  const auto amend = [&](AlertDraft& draft) {
    draft.title(rule["name"].text());
    draft.source_url(object["context"].any({"results_link", "alertDetailsUrl"}).text());
    draft.source_url(rule["url"].text());
  };
  const auto first = out.count();
  // One alert keeps the rule beside it.
  for_each_part(inner ? find_member(out.item(), "context") : out.item(), "alerts", alerts,
                [&](const Node& alert, std::string_view bytes, std::size_t) {
                  if (alert.is_object())
                    read_source(alert, alert["_id"], alerts.size() > 1 ? bytes : out.item(), out);
                });
  if (out.count() > first) return out.amend(first, amend);
  out.add(RecordKind::kAlert, [&](AlertDraft& draft) {
    const Node params = rule["params"] ? rule["params"] : object["context"]["rule"];
    draft.source_id(object["alert"].any({"uuid", "id"}).text());
    draft.message(object["context"].any({"reason", "message", "conditions"}).text());
    draft.message(params["description"].text());
    draft.rule(rule.any({"id", "rule_id"}).text());
    draft.severity(severity_from_word(params["severity"].text())
                       .value_or(severity_from_risk(params["risk_score"].number().value_or(47))));
    for (const Node& time : {object["context"]["timestamp"], object["date"], object["context"]["date"]})
      draft.occurred_at(read_time(time));
    read_ecs_threat(params["threat"], draft);
    rule["tags"].each([&](const Node& tag) { draft.tag(tag.text()); });
    read_ecs_entities(FlatJson(object["context"]), draft);
    amend(draft);
  });
}

bool is_action(const Node& object) {
  const Node rule = object["rule"] ? object["rule"] : object["context"]["rule"];
  return rule["name"].is_string() && (object["context"].is_object() || object["alert"].is_object()) &&
         !object["@timestamp"];
}

bool is_document(const Node& object) {
  if (object["kibana.alert.rule.name"] || object["kibana.alert.uuid"] || object["signal"]["rule"].is_object())
    return true;
  if (object["kibana"]["alert"].is_object() || object["kibana.alert"].is_object()) return true;
  return object["@timestamp"] && (object["ecs"].is_object() || object["ecs.version"]) &&
         !object["winlog"].is_object();
}

bool is_hit(const Node& object) {
  return object["_source"].is_object() && object["_index"].is_string();
}

}  // namespace

bool is_elastic(const Node& object) {
  const Node hit = object["hits"]["hits"].is_array() ? object["hits"]["hits"].at(0) : object;
  return is_document(is_hit(hit) ? hit["_source"] : hit) || (is_action(object) && !is_hit(object));
}

void read_elastic(const Node& object, Output& out) {
  if (const Node hits = object["hits"]["hits"]; hits.is_array()) {
    return for_each_part(
        find_member(out.item(), "hits"), "hits", hits,
        [&](const Node& hit, std::string_view bytes, std::size_t) { read_hit(hit, bytes, out); });
  }
  if (is_hit(object)) return read_hit(object, out.item(), out);
  if (is_action(object)) return read_action(object, out);
  if (!is_document(object) && !object["@timestamp"]) {
    return out.reject(
        "this is not an Elastic document",
        "Send alert documents (kibana.alert.* or signal.*), search hits, or a rule action's body "
        "with rule and context.");
  }
  read_source(object, object["_id"], out.item(), out);
}

}  // namespace tocsin::ingest
