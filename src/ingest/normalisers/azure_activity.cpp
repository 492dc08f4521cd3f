// Azure Activity Log: REST and export shape (operationName as an object), diagnostic settings, Log Analytics
// rows. Events, except the category Security: those are Defender for Cloud's alerts.

#include <array>

#include "ingest/normalisers/azure_log.h"
#include "ingest/normalisers/microsoft_entities.h"
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
    {"claims.ipaddr", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"identity.claims.ipaddr", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"httpRequest.clientIpAddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"properties.compromisedEntity", EntityKind::kHost, EntityRole::kTarget},
    {"properties.CompromisedEntity", EntityKind::kHost, EntityRole::kTarget},
    {"identity.authorization.evidence.principalId", EntityKind::kAccount, EntityRole::kActor},
    {"subscriptionId", EntityKind::kAccount, EntityRole::kRelated},
    {"SubscriptionId", EntityKind::kAccount, EntityRole::kRelated},
});

// 8-4-4-4-12 hex: a service principal or a managed identity, no name of a person.
bool is_guid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

void read_caller(const Node& row, AlertDraft& draft) {
  const auto caller = first_text(row, {"caller", "Caller", "identity.claims.name", "claims.name"});
  draft.entity(is_guid(caller) ? EntityKind::kAccount : EntityKind::kUser, caller, EntityRole::kActor);
}

// A role assignment names whom it was given to inside the request.
void read_request(const Node& row, const Options& options, AlertDraft& draft) {
  const Node inner = row["properties"];
  each_in_text(inner.any({"requestbody", "requestBody"}), options, [&](const Node& body) {
    draft.entity(EntityKind::kAccount, first_text(body, {"Properties.PrincipalId", "properties.principalId"}),
                 EntityRole::kTarget);
  });
}

std::string status_of(const Node& row, const AzureLog& log) {
  const auto status = first_text(row, {"status.value", "ActivityStatusValue", "ActivityStatus", "status"});
  return status.empty() ? log.result : status;
}

std::string title_of(const Node& row, const AzureLog& log) {
  const auto alert = first_text(row, {"properties.alertDisplayName", "properties.AlertDisplayName",
                                      "properties.threatName", "operationName.localizedValue"});
  return alert.empty() ? log.operation : alert;
}

Severity severity_of(const Node& row, bool alert) {
  const auto word = first_text(row, {"properties.severity", "properties.Severity", "level", "Level"});
  return severity_from_word(word).value_or(alert ? Severity::kMedium : Severity::kInfo);
}

void read_activity(const AzureLog& log, bool alert, const Options& options, AlertDraft& draft) {
  const Node row = log.row;
  const auto id = first_text(row, {"eventDataId", "EventDataId"});
  draft.source_id(id.empty() ? log.correlation_id : id);
  draft.title(title_of(row, log));
  draft.type(slug(log.operation));
  draft.rule(log.operation);
  draft.message(
      first_text(row, {"properties.description", "properties.Description", "description", "Description"}));
  draft.severity(severity_of(row, alert));
  draft.occurred_at(log.time);
  draft.vendor_status(status_of(row, log));
  read_caller(row, draft);
  draft.observed(EntityKind::kIp, log.caller_ip, EntityRole::kSource);
  read_entities(row, kEntities, draft);
  draft.entity(EntityKind::kCloudResource, log.resource_id, EntityRole::kTarget);
  read_request(row, options, draft);
  draft.tag(log.category);
}

bool is_activity(const AzureLog& log) {
  const bool operation = log.operation.find('/') != std::string::npos;
  const Node row = log.row;
  return operation &&
         (row["authorization"] || row["eventDataId"] || row["EventDataId"] || row["callerIpAddress"] ||
          row["OperationNameValue"] || row["identity"] || row["claims"]);
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  const auto log = read_azure_log(object);
  if (log.operation.empty()) {
    return out.reject(
        "no operationName: not a row of the Azure Activity Log",
        "Send rows of the Activity Log as the REST API, diagnostic settings or Log Analytics give them.");
  }
  const bool alert = equal_ignoring_case(log.category, "security");
  out.add(alert ? RecordKind::kAlert : RecordKind::kEvent, bytes,
          [&](AlertDraft& draft) { read_activity(log, alert, out.options(), draft); });
}

}  // namespace

bool is_azure_activity(const Node& object) {
  return is_activity(read_azure_log(first_of_list(object)));
}

void read_azure_activity(const Node& object, Output& out) {
  for_each_of_list(object, out, [&](const Node& one, std::string_view bytes) { read_one(one, bytes, out); });
}

}  // namespace tocsin::ingest
