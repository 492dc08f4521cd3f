// Trend Micro Vision One: Workbench alerts (API v3.0 and v2.0, webhooks), detections of the search API, and
// observed attack techniques (events).

#include <algorithm>
#include <array>
#include <vector>

#include "ingest/normalisers/normaliser.h"
#include "ingest/paths.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

struct IndicatorType {
  std::string_view type;
  EntityKind kind;
  EntityRole role;
  Standing standing;
};

constexpr auto kIndicatorTypes = std::to_array<IndicatorType>({
    {"ip", EntityKind::kIp, EntityRole::kRelated, Standing::kObserved},
    {"domain", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"url", EntityKind::kUrl, EntityRole::kDestination, Standing::kObserved},
    {"file_sha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"file_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"file_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"fullpath", EntityKind::kFile, EntityRole::kRelated, Standing::kOwn},
    {"email_sender", EntityKind::kEmail, EntityRole::kSource, Standing::kObserved},
    {"email_recipient", EntityKind::kEmail, EntityRole::kTarget, Standing::kOwn},
    {"user_account", EntityKind::kUser, EntityRole::kTarget, Standing::kOwn},
    {"host", EntityKind::kHost, EntityRole::kTarget, Standing::kOwn},
});

// objectIps and the like are called "src…" and "dst…" by the field that they came from.
EntityRole role_of(std::string_view field, EntityRole fallback) {
  if (field.starts_with("src") || field.starts_with("peer") || field == "senderIp")
    return EntityRole::kSource;
  if (field.starts_with("dst") || field.starts_with("objectIp") || field == "request")
    return EntityRole::kDestination;
  return fallback;
}

bool is_own(std::string_view value, const AlertDraft& draft) {
  for (const auto& entity : draft.alert().entities) {
    if (entity.role == EntityRole::kTarget && equal_ignoring_case(entity.value, value)) return true;
  }
  return false;
}

void read_text_indicator(std::string_view type, std::string_view field, std::string_view value,
                         AlertDraft& draft) {
  if (type == "command_line" && field.starts_with("parent")) return draft.parent_process(value);
  if (type == "command_line") {
    draft.mine(value);
    return draft.command_line(value);
  }
  if (type == "filename") draft.entity(EntityKind::kFile, value, EntityRole::kRelated);
  if (type == "detection_name") draft.tag(value);
  if (type == "amsi_rawDataStr" || type == "text") draft.mine(value);
}

using Names = std::vector<std::string_view>;

// A full path names its file: the bare name that stands beside it adds nothing.
Names names_of_paths(const Node& indicators) {
  Names names;
  indicators.each([&](const Node& indicator) {
    const bool path = indicator["type"].text() == "fullpath" && names.size() < model::kMaxEntities;
    if (path) names.push_back(base_name(indicator["value"].text()));
  });
  return names;
}

void read_indicator(const Node& indicator, const Names& of_paths, AlertDraft& draft) {
  const auto type = indicator.any({"type", "objectType"}).text();
  const auto field = indicator.any({"field", "fieldName"}).text();
  const Node raw = indicator.any({"value", "objectValue"});
  if (raw.is_object()) {  // a host as an object
    draft.entity(EntityKind::kHost, raw["name"].text(), EntityRole::kTarget);
    return raw["ips"].each(
        [&](const Node& ip) { draft.entity(EntityKind::kIp, ip.text(), EntityRole::kTarget); });
  }
  const auto value = raw.scalar();
  if (type == "filename" && std::find(of_paths.begin(), of_paths.end(), value) != of_paths.end()) return;
  for (const auto& known : kIndicatorTypes) {
    if (known.type != type) continue;
    const auto standing = is_own(value, draft) ? Standing::kOwn : known.standing;
    return add_entity(draft, known.kind, value, role_of(field, known.role), standing);
  }
  read_text_indicator(type, field, value, draft);
}

struct ScopeKind {
  std::string_view type;
  EntityKind kind;
};
constexpr auto kScopeKinds = std::to_array<ScopeKind>({{"account", EntityKind::kUser},
                                                       {"emailAddress", EntityKind::kEmail},
                                                       {"cloudIdentity", EntityKind::kAccount},
                                                       {"container", EntityKind::kCloudResource},
                                                       {"host", EntityKind::kHost}});

void read_scope(const Node& entity, AlertDraft& draft) {
  const auto type = entity["entityType"].text();
  const Node value = entity["entityValue"];
  const auto name =
      value.is_object() ? first_text(value, {"name", "arn", "id", "displayName"}) : value.scalar();
  for (const auto& known : kScopeKinds) {
    if (known.type == type) draft.entity(known.kind, name, EntityRole::kTarget);
  }
  each_at(value, "ips",
          [&](const Node& ip) { draft.entity(EntityKind::kIp, ip.text(), EntityRole::kTarget); });
}

// When the first event matched; the alert itself is created minutes later.
void read_times(const Node& alert, AlertDraft& draft) {
  std::optional<Timestamp> first;
  each_at(alert, "matchedRules.matchedFilters.matchedDateTime", [&](const Node& node) {
    const auto time = read_time(node);
    if (time && (!first || *time < *first)) first = time;
  });
  draft.occurred_at(first);
  for (const auto* name : {"createdDateTime", "workbenchCompleteTimestamp", "alertTriggerTimestamp",
                           "detectedDateTime", "eventTime"}) {
    draft.occurred_at(read_time(alert[name]));
  }
}

void read_state(const Node& alert, AlertDraft& draft) {
  draft.vendor_status(first_text(alert, {"investigationStatus", "status"}));
  const auto result = first_text(alert, {"investigationResult"});
  if (!equal_ignoring_case(result, "No Findings")) draft.vendor_verdict(result);
}

void read_rules(const Node& alert, AlertDraft& draft) {
  each_at(alert, "matchedRules.name", [&](const Node& name) { draft.tag(name.text()); });
  for (const auto* path : {"matchedRules.matchedFilters.mitreTechniqueIds", "matchedRules.filters.technique",
                           "filters.mitreTechniqueIds", "mitreTechniqueIds"}) {
    each_at(alert, path, [&](const Node& id) { read_technique(id.text(), draft); });
  }
  each_at(alert, "filters.mitreTacticIds", [&](const Node& id) { draft.tactic(id.text()); });
}

void read_alert(const Node& alert, AlertDraft& draft) {
  const auto description = first_text(alert, {"description"});
  draft.source_id(first_text(alert, {"id", "workbenchId", "uuid"}));
  draft.title(first_text(alert, {"model", "workbenchName", "filters.name", "name"}));
  draft.message(description);
  draft.rule(first_text(alert, {"modelId", "filters.id"}));
  draft.severity(
      severity_from_word(first_text(alert, {"severity", "filters.riskLevel"})).value_or(Severity::kMedium));
  read_times(alert, draft);
  draft.source_url(first_text(alert, {"workbenchLink"}));
  read_state(alert, draft);
  read_rules(alert, draft);
  each_at(alert, "impactScope.entities", [&](const Node& entity) { read_scope(entity, draft); });
  if (alert["impactScope"].is_array())
    alert["impactScope"].each([&](const Node& entity) { read_scope(entity, draft); });
  const Node indicators = alert["indicators"];
  const auto of_paths = names_of_paths(indicators);
  indicators.each([&](const Node& indicator) { read_indicator(indicator, of_paths, draft); });
  draft.mine(description);
}

constexpr auto kTechniqueEntities = std::to_array<EntityField>({
    {"endpoint.endpointName", EntityKind::kHost, EntityRole::kTarget},
    {"endpoint.ips", EntityKind::kIp, EntityRole::kTarget},
});

// Logs of the sensors, alone ("detections" of the search API) or as the "detail" of an observed technique.
// The endpoint is the monitored one, "interested" the one of ours, "peer" the other; "mDevice" is the sensor.
constexpr auto kLogEntities = std::to_array<EntityField>({
    {"endpointHostName", EntityKind::kHost, EntityRole::kTarget},
    {"interestedHost", EntityKind::kHost, EntityRole::kTarget},
    {"endpointIp", EntityKind::kIp, EntityRole::kTarget},
    {"interestedIp", EntityKind::kIp, EntityRole::kTarget},
    {"endpointMacAddress", EntityKind::kMac, EntityRole::kTarget},
    {"logonUser", EntityKind::kUser, EntityRole::kTarget},
    {"principalName", EntityKind::kUser, EntityRole::kTarget},
    {"processUser", EntityKind::kUser, EntityRole::kTarget},
    {"suid", EntityKind::kUser, EntityRole::kTarget},
    {"suser", EntityKind::kEmail, EntityRole::kSource, Standing::kReported},
    {"duser", EntityKind::kEmail, EntityRole::kTarget},
    {"shost", EntityKind::kHost, EntityRole::kSource},
    {"dhost", EntityKind::kHost, EntityRole::kDestination},
    {"peerHost", EntityKind::kHost, EntityRole::kRelated},
    {"peerIp", EntityKind::kIp, EntityRole::kRelated, Standing::kObserved},
    {"objectIp", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"objectHostName", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"cccaDestination", EntityKind::kDomain, EntityRole::kDestination, Standing::kReported},
    {"request", EntityKind::kUrl, EntityRole::kDestination, Standing::kObserved},
    {"fullPath", EntityKind::kFile, EntityRole::kRelated},
    {"filePathName", EntityKind::kFile, EntityRole::kRelated},
    {"objectFilePath", EntityKind::kFile, EntityRole::kRelated},
    {"processFilePath", EntityKind::kFile, EntityRole::kRelated},
    {"attachmentFileName", EntityKind::kFile, EntityRole::kRelated},
    {"processName", EntityKind::kProcess, EntityRole::kRelated},
    {"fileHash", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"fileHashSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"attachmentFileHash", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"objectFileHashSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"objectFileHashSha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"objectFileHashMd5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"processFileHashSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"processFileHashSha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"processFileHashMd5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
});

// An end of the traffic that is one of the endpoint's own addresses is no stranger.
void read_ends(const Node& log, AlertDraft& draft) {
  const auto add = [&](std::string_view member, EntityRole role, std::string_view outwards) {
    const bool own_side = first_text(log, {"deviceDirection"}) == outwards;
    each_at(log, member, [&](const Node& ip) {
      const auto standing = own_side || is_own(ip.text(), draft) ? Standing::kOwn : Standing::kObserved;
      add_entity(draft, EntityKind::kIp, ip.text(), role, standing);
    });
  };
  add("src", EntityRole::kSource, "outbound");
  add("dst", EntityRole::kDestination, "inbound");
}

void read_log(const Node& log, AlertDraft& draft) {
  read_entities(log, kLogEntities, draft);
  read_ends(log, draft);
  const auto child = first_text(log, {"objectCmd"});  // what the process launched
  draft.command_line(child.empty() ? first_text(log, {"processCmd"}) : child);
  draft.parent_process(child.empty() ? first_text(log, {"parentFilePath", "parentName"})
                                     : first_text(log, {"processFilePath", "processName"}));
  draft.process_hash(first_text(log, {"processFileHashSha256", "objectFileHashSha256"}));
  each_at(log, "mitreMapping", [&](const Node& text) { draft.techniques_in(text.text()); });
  each_at(log, "tacticId", [&](const Node& id) { draft.tactic(id.text()); });
}

void read_observed_technique(const Node& object, AlertDraft& draft) {
  read_alert(object, draft);
  read_entities(object, kTechniqueEntities, draft);
  read_log(object["detail"], draft);
}

// "filterRiskLevel" is a word, "severity" 2 (low) to 8 (critical).
Severity log_severity(const Node& log) {
  if (const auto word = severity_from_word(first_text(log, {"filterRiskLevel", "riskLevel"}))) return *word;
  const auto level = log["severity"].integer().value_or(4);
  if (level >= 8) return Severity::kCritical;
  if (level >= 6) return Severity::kHigh;
  return level >= 4 ? Severity::kMedium : Severity::kLow;
}

void read_detection(const Node& log, AlertDraft& draft) {
  const auto kind = first_text(log, {"eventName"});
  draft.source_id(first_text(log, {"uuid"}));
  draft.title(first_text(log, {"malName", "threatName", "ruleName", "eventSubName", "eventName"}));
  draft.type(slug(kind));
  draft.rule(first_text(log, {"ruleId", "eventId", "eventName"}));
  draft.message(first_text(log, {"mailMsgSubject", "policyName", "detectionType"}));
  draft.severity(log_severity(log));
  for (const auto* name : {"eventTimeDT", "eventTime", "rt_utc", "rt"})
    draft.occurred_at(read_time(log[name]));
  draft.vendor_status(first_text(log, {"act", "actResult"}));
  for (const auto* name : {"pname", "eventName", "detectionType", "malType", "urlCat"})
    draft.tag(first_text(log, {name}));
  read_log(log, draft);
}

bool is_detection(const Node& object) {
  return object["eventName"].is_string() && object["uuid"] && (object["productCode"] || object["pname"]) &&
         (object["eventTime"] || object["eventTimeDT"]);
}

bool is_workbench(const Node& object) {
  return (object["workbenchLink"] && object["model"]) || (object["workbenchId"] && object["severity"]) ||
         (object["impactScope"] && object["matchedRules"]);
}

bool is_technique(const Node& object) {
  return object["filters"].at(0)["mitreTechniqueIds"] && object["detectedDateTime"];
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (is_workbench(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_alert(object, draft); });
  } else if (is_technique(object)) {
    out.add(RecordKind::kEvent, bytes, [&](AlertDraft& draft) { read_observed_technique(object, draft); });
  } else if (is_detection(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_detection(object, draft); });
  } else {
    out.reject_part(
        bytes, "neither a Workbench alert nor a detection",
        "Send alerts of /v3.0/workbench/alerts, a Workbench webhook's body, observed attack techniques "
        "(/v3.0/oat/detections) or detections (/v3.0/search/detections).");
  }
}

}  // namespace

bool is_visionone(const Node& object) {
  const auto known = [](const Node& one) {
    return is_workbench(one) || is_technique(one) || is_detection(one);
  };
  return known(object) || known(object["items"].at(0));
}

void read_visionone(const Node& object, Output& out) {
  if (const Node list = object["items"]; list.is_array()) {
    return for_each_part(
        out.item(), "items", list,
        [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bytes, out); });
  }
  read_one(object, out.item(), out);
}

}  // namespace tocsin::ingest
