// Google SecOps (Chronicle): detections of rules with the UDM events that made them ("Detection Engine API"),
// one by one, in lists and in webhooks; a UDM event alone is an event.

#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/udm.h"

namespace tocsin::ingest {
namespace {

using model::RecordKind;
using model::Severity;

// The rule's severity; else its risk score of 0..100.
Severity severity_of(const Node& rule) {
  if (const auto severity = severity_from_word(rule["severity"].text())) return *severity;
  std::optional<Severity> found;
  for (const auto* name : {"ruleLabels", "outcomes", "detectionFields"}) {
    rule[name].each([&](const Node& label) {
      const auto key = label["key"].text();
      if (found || (key != "severity" && key != "$severity" && key != "risk_score" && key != "$risk_score"))
        return;
      found = severity_from_text(label["value"].scalar());
    });
  }
  if (found) return *found;
  const auto score = rule.any({"riskScore", "risk_score"}).number();
  return score ? severity_from_hundred(*score) : Severity::kMedium;
}

void read_label(const Node& label, AlertDraft& draft) {
  const auto key = label["key"].text();
  const auto value = label["value"].text();
  const bool technique = contains_ignoring_case(key, "technique");
  if (technique || contains_ignoring_case(key, "mitre")) draft.techniques_in(value);
  if (technique) draft.technique(value);
  if (contains_ignoring_case(key, "tactic")) draft.tactic(value);
}

void read_rule(const Node& rule, AlertDraft& draft) {
  draft.title(rule.any({"ruleName", "rule_name", "name"}).text());
  draft.message(rule.any({"description", "summary"}).text());
  draft.rule(rule.any({"ruleId", "rule_id"}).text());
  draft.severity(severity_of(rule));
  draft.source_url(rule.any({"urlBackToProduct", "url_back_to_product"}).text());
  draft.vendor_status(rule.any({"alertState", "alert_state"}).text());
  for (const auto* name : {"ruleLabels", "rule_labels"}) {
    rule[name].each([&](const Node& label) {
      if (label["key"].text() == "description") draft.message(label["value"].text());
      read_label(label, draft);
    });
  }
  draft.tag(rule.any({"ruleType", "rule_type"}).text());
}

void read_detection(const Node& detection, AlertDraft& draft) {
  const Node rule = detection["detection"].is_array() ? detection["detection"].at(0) : detection["detection"];
  draft.source_id(detection["id"].text());
  read_rule(rule, draft);
  const Node window = detection.any({"timeWindow", "time_window"});
  for (const Node& time :
       {window.any({"startTime", "start_time"}), detection.any({"detectionTime", "detection_time"}),
        detection.any({"createdTime", "created_time"})}) {
    draft.occurred_at(read_time(time));
  }
  draft.tag(detection["type"].text());
  const Node feedback = detection.any({"feedbackSummary", "feedback_summary"});
  draft.vendor_status(feedback["status"].text());
  draft.vendor_verdict(feedback["verdict"].text());
  detection.any({"collectionElements", "collection_elements"}).each([&](const Node& element) {
    element["references"].each([&](const Node& reference) {
      read_udm_event(reference["event"] ? reference["event"] : reference["udm"], draft);
    });
  });
}

void read_event(const Node& event, AlertDraft& draft) {
  const Node metadata = event["metadata"];
  const auto type = metadata.any({"eventType", "event_type"}).text();
  draft.type(slug(type));
  draft.title(metadata["description"].text());
  draft.title("UDM " + std::string(type));
  draft.source_id(metadata["id"].text());
  draft.severity(Severity::kInfo);
  draft.occurred_at(read_time(metadata.any({"eventTimestamp", "event_timestamp"})));
  draft.tag(metadata.any({"vendorName", "vendor_name"}).text());
  draft.tag(metadata.any({"productName", "product_name"}).text());
  read_udm_event(event, draft);
}

bool is_detection(const Node& object) {
  return object["detection"] && object["detection"].any({"ruleName", "ruleId", "rule_name", "rule_id"}) &&
         object.any({"id", "type", "timeWindow", "time_window"});
}

bool is_udm_event(const Node& object) {
  return object["metadata"].any({"eventType", "event_type"}) &&
         object["metadata"].any({"eventTimestamp", "event_timestamp"});
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (is_detection(object)) {
    return out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_detection(object, draft); });
  }
  const Node event = object["udm"].is_object() ? object["udm"] : object;
  if (is_udm_event(event)) {
    return out.add(RecordKind::kEvent, bytes, [&](AlertDraft& draft) { read_event(event, draft); });
  }
  out.reject_part(bytes, "this is neither a detection nor a UDM event",
                  "A detection has id, detection[].ruleName, timeWindow and collectionElements.");
}

constexpr std::string_view kLists[] = {"detections", "alerts", "ruleDetections", "events"};

}  // namespace

bool is_google_secops(const Node& object) {
  for (const auto name : kLists) {
    const Node first = object[name].at(0);
    if (is_detection(first) || is_udm_event(first)) return true;
  }
  return is_detection(object) || is_udm_event(object) || is_udm_event(object["udm"]);
}

void read_google_secops(const Node& object, Output& out) {
  for (const auto name : kLists) {
    if (!object[name].is_array()) continue;
    return for_each_part(
        out.item(), name, object[name],
        [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bytes, out); });
  }
  read_one(object, out.item(), out);
}

}  // namespace tocsin::ingest
