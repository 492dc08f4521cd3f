// Azure Monitor action groups: the common alert schema, and the older webhooks of log, metric and activity
// log alerts.

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

constexpr auto kEntities = std::to_array<EntityField>({
    {"essentials.alertTargetIDs", EntityKind::kCloudResource, EntityRole::kTarget},
    {"essentials.configurationItems", EntityKind::kHost, EntityRole::kTarget},
    {"alertContext.caller", EntityKind::kUser, EntityRole::kActor},
    {"alertContext.claims.ipaddr", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"context.activityLog.caller", EntityKind::kUser, EntityRole::kActor},
    {"context.activityLog.resourceId", EntityKind::kCloudResource, EntityRole::kTarget},
    {"context.resourceId", EntityKind::kCloudResource, EntityRole::kTarget},
});

struct Dimension {
  std::string_view name;  // lower case
  EntityKind kind;
  EntityRole role;
  Standing standing;
};

// Columns that security queries split by.
constexpr auto kDimensions = std::to_array<Dimension>({
    {"computer", EntityKind::kHost, EntityRole::kTarget, Standing::kOwn},
    {"host", EntityKind::kHost, EntityRole::kTarget, Standing::kOwn},
    {"hostname", EntityKind::kHost, EntityRole::kTarget, Standing::kOwn},
    {"devicename", EntityKind::kHost, EntityRole::kTarget, Standing::kOwn},
    {"account", EntityKind::kUser, EntityRole::kTarget, Standing::kOwn},
    {"user", EntityKind::kUser, EntityRole::kTarget, Standing::kOwn},
    {"userprincipalname", EntityKind::kUser, EntityRole::kTarget, Standing::kOwn},
    {"caller", EntityKind::kUser, EntityRole::kActor, Standing::kOwn},
    {"ip", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"ipaddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"sourceip", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"clientip", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"calleripaddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"_resourceid", EntityKind::kCloudResource, EntityRole::kTarget, Standing::kOwn},
});

void read_dimension(const Node& from, AlertDraft& draft) {
  const auto name = to_lower(from["name"].text());
  for (const auto& known : kDimensions) {
    if (known.name == name) add_entity(draft, known.kind, from["value"].scalar(), known.role, known.standing);
  }
}

// "Sev0" .. "Sev4", or the digit alone: Critical, Error, Warning, Informational, Verbose.
Severity severity_of(std::string_view text) {
  constexpr std::array<Severity, 5> kLevels{Severity::kCritical, Severity::kHigh, Severity::kMedium,
                                            Severity::kLow, Severity::kInfo};
  const char last = text.empty() ? 'x' : text.back();
  if (last >= '0' && last <= '4') return kLevels[static_cast<std::size_t>(last - '0')];
  return severity_from_word(text).value_or(Severity::kMedium);
}

std::string title_of(const Node& data) {
  auto title = first_text(
      data, {"essentials.alertRule", "AlertRuleName", "context.name", "context.activityLog.operationName"});
  return title;
}

void read_common(const Node& data, AlertDraft& draft) {
  const auto description = first_text(data, {"essentials.description", "Description", "context.description"});
  draft.source_id(first_text(data, {"essentials.originAlertId", "essentials.alertId", "context.id",
                                    "context.activityLog.eventDataId"}));
  draft.title(title_of(data));
  draft.rule(title_of(data));
  draft.message(description);
  draft.severity(severity_of(first_text(
      data, {"essentials.severity", "Severity", "context.severity", "context.activityLog.level"})));
  for (const auto* path :
       {"essentials.firedDateTime", "context.timestamp", "context.activityLog.eventTimestamp",
        "SearchIntervalStartTimeUtc", "essentials.resolvedDateTime"}) {
    draft.occurred_at(read_time(at_path(data, path)));
  }
  draft.vendor_status(
      first_text(data, {"essentials.monitorCondition", "status", "context.activityLog.status"}));
  draft.source_url(
      first_text(data, {"essentials.investigationLink", "alertContext.condition.allOf.linkToSearchResultsUI",
                        "alertContext.LinkToSearchResults", "LinkToSearchResults", "context.portalLink"}));
  draft.tag(first_text(data, {"essentials.monitoringService"}));
  draft.tag(first_text(data, {"essentials.signalType"}));
  draft.mine(description);
}

void read_alert(const Node& data, AlertDraft& draft) {
  read_common(data, draft);
  read_entities(data, kEntities, draft);
  for (const auto* path : {"alertContext.condition.allOf.dimensions", "alertContext.Dimensions",
                           "alertContext.AffectedConfigurationItems", "context.condition.allOf.dimensions"}) {
    each_at(data, path, [&](const Node& one) { read_dimension(one, draft); });
  }
}

}  // namespace

bool is_azure_monitor(const Node& object) {
  const auto schema = object["schemaId"].text();
  return schema == "azureMonitorCommonAlertSchema" || schema.starts_with("AzureMonitor") ||
         schema.starts_with("Microsoft.Insights/") ||
         (object["data"]["essentials"] && object["data"]["alertContext"]);
}

void read_azure_monitor(const Node& object, Output& out) {
  const Node data = object["data"].is_object() ? object["data"] : object;
  if (title_of(data).empty()) {
    return out.reject(
        "no alert rule: not an Azure Monitor alert",
        "Send the body of an action group's webhook, with the common alert schema switched on.");
  }
  out.add(RecordKind::kAlert, [&](AlertDraft& draft) { read_alert(data, draft); });
}

}  // namespace tocsin::ingest
