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

// Claims are named by addresses, which no path can hold; the user principal name comes before the person's.
std::string claimed_name(const Node& claims) {
  constexpr auto kClaims =
      std::to_array<std::string_view>({"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
                                       "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "upn"});
  for (const auto name : kClaims) {
    if (const auto text = claims[name].text(); !text.empty()) return std::string(text);
  }
  return claims["name"].scalar();
}

void read_caller(const Node& row, AlertDraft& draft) {
  auto caller = first_text(row, {"caller", "Caller"});
  if (caller.empty()) caller = claimed_name(row["identity"]["claims"]);
  if (caller.empty()) caller = claimed_name(row["claims"]);
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

// What Defender for Cloud says of its alert beside the description.
void read_defender_alert(const Node& properties, AlertDraft& draft) {
  for (const auto* name : {"intent", "Intent"})
    each_name_at(properties, name, [&](std::string_view intent) { read_intent(intent, draft); });
  for (const auto* name : {"accounts", "userName", "User Name"})
    each_name_at(properties, name,
                 [&](std::string_view user) { draft.entity(EntityKind::kUser, user, EntityRole::kTarget); });
  for (const auto* name : {"attackers", "attackerSourceIP", "sourceIP"}) {
    const auto text = properties[name].text();
    draft.mine(text);
    draft.observed(EntityKind::kIp, text, EntityRole::kSource);
  }
  draft.mine(draft.alert().message);
}

std::string status_of(const Node& row, const AzureLog& log) {
  const auto status = first_text(row, {"status.value", "ActivityStatusValue", "ActivityStatus", "status"});
  return status.empty() ? log.result : status;
}

std::string title_of(const Node& row, const AzureLog& log, bool is_alert) {
  // Of other categories the event is only the begin or the end of the request.
  const auto event = is_alert ? first_text(row, {"eventName.value", "eventName.localizedValue"}) : "";
  if (!event.empty()) return event;
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
  draft.title(title_of(row, log, alert));
  draft.type(alert ? slug_of_title(draft.alert().title) : slug(log.operation));
  draft.rule(log.operation);
  draft.message(
      first_text(row, {"properties.description", "properties.Description", "description", "Description"}));
  draft.severity(severity_of(row, alert));
  draft.occurred_at(log.time);
  draft.vendor_status(status_of(row, log));
  read_caller(row, draft);
  draft.observed(EntityKind::kIp, log.caller_ip, EntityRole::kSource);
  read_entities(row, kEntities, draft);
  const auto scope = first_text(row, {"authorization.scope", "identity.authorization.scope"});
  draft.entity(EntityKind::kCloudResource, log.resource_id.empty() ? scope : log.resource_id,
               EntityRole::kTarget);
  read_request(row, options, draft);
  if (alert) read_defender_alert(row["properties"], draft);
  draft.tag(log.category);
}

bool is_activity(const AzureLog& log) {
  const bool operation = log.operation.find('/') != std::string::npos;
  const Node row = log.row;
  return operation &&
         (row["authorization"] || row["eventDataId"] || row["EventDataId"] || row["callerIpAddress"] ||
          row["OperationNameValue"] || row["identity"] || row["claims"] || row["eventTimestamp"]);
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  const auto log = read_azure_log(object);
  if (log.operation.empty()) {
    return out.reject_part(
        bytes, "no operationName: not a row of the Azure Activity Log",
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
