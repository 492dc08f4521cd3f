// Trend Micro Vision One: Workbench alerts (API v3.0 and v2.0, webhooks) and observed attack techniques
// (events).

#include <array>

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

// A full path names its file: the bare name that stands beside it adds nothing.
bool has_path_of(const Node& indicators, std::string_view name) {
  bool found = false;
  indicators.each([&](const Node& other) {
    found = found || (other["type"].text() == "fullpath" && base_name(other["value"].text()) == name);
  });
  return found;
}

void read_indicator(const Node& indicator, const Node& all, AlertDraft& draft) {
  const auto type = indicator.any({"type", "objectType"}).text();
  const auto field = indicator.any({"field", "fieldName"}).text();
  const Node raw = indicator.any({"value", "objectValue"});
  if (raw.is_object()) {  // a host as an object
    draft.entity(EntityKind::kHost, raw["name"].text(), EntityRole::kTarget);
    return raw["ips"].each(
        [&](const Node& ip) { draft.entity(EntityKind::kIp, ip.text(), EntityRole::kTarget); });
  }
  const auto value = raw.scalar();
  if (type == "filename" && has_path_of(all, value)) return;
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
  indicators.each([&](const Node& indicator) { read_indicator(indicator, indicators, draft); });
  draft.mine(description);
}

constexpr auto kTechniqueEntities = std::to_array<EntityField>({
    {"endpoint.endpointName", EntityKind::kHost, EntityRole::kTarget},
    {"endpoint.ips", EntityKind::kIp, EntityRole::kTarget},
    {"detail.endpointHostName", EntityKind::kHost, EntityRole::kTarget},
    {"detail.processUser", EntityKind::kUser, EntityRole::kTarget},
    {"detail.processFilePath", EntityKind::kFile, EntityRole::kRelated},
    {"detail.objectFilePath", EntityKind::kFile, EntityRole::kRelated},
    {"detail.objectFileHashSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
});

void read_observed_technique(const Node& object, AlertDraft& draft) {
  read_alert(object, draft);
  read_entities(object, kTechniqueEntities, draft);
  draft.command_line(first_text(object, {"detail.objectCmd", "detail.processCmd"}));
  draft.parent_process(first_text(object, {"detail.parentFilePath", "detail.parentName"}));
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
  } else {
    out.reject("not a Workbench alert",
               "Send alerts of /v3.0/workbench/alerts or a Workbench webhook's body.");
  }
}

}  // namespace

bool is_visionone(const Node& object) {
  const Node first = object["items"].at(0);
  return is_workbench(object) || is_technique(object) || is_workbench(first) || is_technique(first);
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
