// Microsoft Entra ID: sign-ins (Graph, diagnostic settings, Log Analytics rows) are events; risk detections
// and risky users are alerts, and so is a sign-in that Identity Protection itself calls risky.

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

struct RiskTechnique {
  std::string_view risk;  // lower case
  std::string_view technique;
};

// riskEventType to the technique that it is evidence of; the others are abnormal use of a valid account.
constexpr auto kRiskTechniques = std::to_array<RiskTechnique>({
    {"passwordspray", "T1110.003"},
    {"leakedcredentials", "T1589.001"},
    {"maliciousipaddressvalidcredentialsblockedip", "T1110"},
    {"anonymizedipaddress", "T1090.003"},
    {"anonymousipaddress", "T1090.003"},
    {"anomaloustoken", "T1528"},
    {"tokenissueranomaly", "T1606.002"},
    {"attemptedprtaccess", "T1528"},
    {"attackerinthemiddle", "T1557"},
    {"suspiciousinboxforwarding", "T1114.003"},
    {"mcassuspiciousinboxmanipulationrules", "T1564.008"},
    {"suspiciousapitraffic", "T1087.004"},
});

void read_risk_technique(std::string_view risk, AlertDraft& draft) {
  const auto name = to_lower(risk);
  if (name.empty() || name == "generic" || name == "none") return;
  draft.technique("T1078.004");
  for (const auto& known : kRiskTechniques) {
    if (known.risk == name) draft.technique(known.technique);
  }
}

Severity risk_severity(std::string_view level) {
  if (equal_ignoring_case(level, "hidden")) return Severity::kMedium;
  return severity_from_word(level).value_or(Severity::kMedium);
}

constexpr auto kPeople = std::to_array<EntityField>({
    {"userPrincipalName", EntityKind::kUser, EntityRole::kTarget},
    {"UserPrincipalName", EntityKind::kUser, EntityRole::kTarget},
    {"servicePrincipalName", EntityKind::kAccount, EntityRole::kTarget},
    {"ServicePrincipalName", EntityKind::kAccount, EntityRole::kTarget},
    {"servicePrincipalDisplayName", EntityKind::kAccount, EntityRole::kTarget},
    {"ServicePrincipalDisplayName", EntityKind::kAccount, EntityRole::kTarget},
    {"ipAddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"IPAddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"deviceDetail.displayName", EntityKind::kHost, EntityRole::kSource},
    {"DeviceDetail.displayName", EntityKind::kHost, EntityRole::kSource},
    {"appDisplayName", EntityKind::kCloudResource, EntityRole::kRelated},
    {"AppDisplayName", EntityKind::kCloudResource, EntityRole::kRelated},
    {"resourceDisplayName", EntityKind::kCloudResource, EntityRole::kDestination},
    {"ResourceDisplayName", EntityKind::kCloudResource, EntityRole::kDestination},
});

void read_people(const AzureLog& log, const Options& options, AlertDraft& draft) {
  const Node from = log.properties;
  read_entities(from, kPeople, draft);
  // Rows of Log Analytics hold it as text.
  if (const Node device = from["DeviceDetail"]; device.is_string()) {
    each_in_text(device, options, [&](const Node& inner) {
      draft.entity(EntityKind::kHost, inner["displayName"].text(), EntityRole::kSource);
    });
  }
  const bool named = !is_blank_value(first_text(from, {"userPrincipalName", "UserPrincipalName"}));
  if (!named)
    draft.entity(EntityKind::kUser, first_text(from, {"userDisplayName", "UserDisplayName", "userId"}),
                 EntityRole::kTarget);
  draft.observed(EntityKind::kIp, log.caller_ip, EntityRole::kSource);
}

void read_state(const Node& from, AlertDraft& draft) {
  draft.vendor_status(from.any({"riskState", "RiskState"}).text());
  draft.vendor_verdict(from.any({"riskDetail", "RiskDetail"}).text());
}

// ---- risk detections ----

std::string risk_type(const Node& from) {
  return first_text(from, {"riskEventType", "RiskEventType", "riskType", "RiskType"});
}

// "unfamiliarFeatures" gives "Unfamiliar features", "anonymousIPAddress" "Anonymous IP address".
std::string title_of(std::string_view camel) {
  const auto upper_at = [&](std::size_t at) { return at < camel.size() && is_upper(camel[at]); };
  std::string title;
  for (std::size_t at = 0; at < camel.size(); ++at) {
    const bool acronym = upper_at(at) && (upper_at(at + 1) || (at > 0 && upper_at(at - 1)));
    const bool starts =
        upper_at(at) && at > 0 && (!upper_at(at - 1) || (at + 1 < camel.size() && !upper_at(at + 1)));
    const bool word = starts && at + 1 < camel.size() && !upper_at(at + 1);
    if (starts) title += ' ';
    title += acronym && !word ? camel[at] : lower(camel[at]);
  }
  if (!title.empty() && is_lower(title[0])) title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

// The id is the user's, who may be at risk again: each state of the risk is an alert of its own.
std::string id_of_risky_user(const Node& from) {
  const auto id = first_text(from, {"id", "Id"});
  const auto since = first_text(from, {"riskLastUpdatedDateTime", "RiskLastUpdatedDateTime"});
  return id.empty() || since.empty() ? std::string() : id + '@' + since;
}

void read_risk(const AzureLog& log, const Options& options, AlertDraft& draft) {
  const Node from = log.properties;
  const auto risk = risk_type(from);
  draft.source_id(risk.empty() ? id_of_risky_user(from) : first_text(from, {"id", "Id"}));
  draft.title(risk.empty() ? "Risky user" : title_of(risk));
  draft.type(risk.empty() ? "risky_user" : slug(risk));
  draft.rule(risk);
  draft.severity(risk_severity(from.any({"riskLevel", "RiskLevel"}).text()));
  for (const auto* name : {"activityDateTime", "ActivityDateTime", "detectedDateTime", "DetectedDateTime",
                           "riskLastUpdatedDateTime", "lastUpdatedDateTime"}) {
    draft.occurred_at(read_time(from[name]));
  }
  draft.occurred_at(log.time);
  read_people(log, options, draft);
  read_state(from, draft);
  read_risk_technique(risk, draft);
  draft.techniques_in(from.any({"additionalInfo", "AdditionalInfo"}).text());
  if (const Node source = from.any({"source", "Source"})) draft.tag(source.text());
}

// ---- sign-ins ----

bool is_risky(const Node& from) {
  const auto during = from.any({"riskLevelDuringSignIn", "RiskLevelDuringSignIn"}).text();
  const auto state = from.any({"riskState", "RiskState"}).text();
  return during == "high" || during == "medium" || state == "atRisk" || state == "confirmedCompromised";
}

std::string error_code(const AzureLog& log) {
  auto code = first_text(log.properties, {"status.errorCode", "Status.errorCode"});
  return code.empty() ? log.result : code;
}

std::string failure_reason(const AzureLog& log, const Options& options) {
  auto reason = first_text(log.properties, {"status.failureReason", "Status.failureReason"});
  if (const Node status = log.properties["Status"]; reason.empty() && status.is_string())
    each_in_text(status, options, [&](const Node& inner) { reason = inner["failureReason"].scalar(); });
  return reason;
}

void read_signin_title(const AzureLog& log, bool risky, AlertDraft& draft) {
  const auto code = error_code(log);
  const bool failed = !code.empty() && code != "0";
  const auto app = first_text(log.properties, {"appDisplayName", "AppDisplayName", "resourceDisplayName"});
  std::string title = risky ? "Risky sign-in" : failed ? "Failed sign-in" : "Sign-in";
  if (!app.empty()) title += " to " + app;
  draft.title(title);
  draft.type(risky ? "risky_sign_in" : failed ? "sign_in_failed" : "sign_in");
}

void read_signin(const AzureLog& log, bool risky, const Options& options, AlertDraft& draft) {
  const Node from = log.properties;
  const auto id = first_text(from, {"id", "Id"});
  draft.source_id(id.empty() ? log.correlation_id : id);
  read_signin_title(log, risky, draft);
  draft.message(failure_reason(log, options));
  draft.message(log.description);
  const auto level = from.any({"riskLevelDuringSignIn", "RiskLevelDuringSignIn"}).text();
  draft.severity(risky ? risk_severity(level) : Severity::kInfo);
  draft.occurred_at(read_time(from.any({"createdDateTime", "CreatedDateTime"})));
  draft.occurred_at(log.time);
  read_people(log, options, draft);
  read_state(from, draft);
  const Node newer = from.any({"riskEventTypes_v2", "RiskEventTypes_V2"});
  each_in_text(newer ? newer : from.any({"riskEventTypes", "RiskEventTypes"}), options,
               [&](const Node& risk) {
                 draft.tag(risk.text());
                 if (risky) read_risk_technique(risk.text(), draft);
               });
}

// ---- directory audits ----

// An account, or a resource of the directory: an application, a role, a group, a policy.
void read_audited(const Node& target, AlertDraft& draft) {
  const auto user = first_text(target, {"userPrincipalName"});
  if (!user.empty()) return draft.entity(EntityKind::kUser, user, EntityRole::kTarget);
  const auto name = first_text(target, {"displayName", "id"});
  const bool principal = target["type"].text() == "ServicePrincipal";
  draft.entity(principal ? EntityKind::kAccount : EntityKind::kCloudResource, name, EntityRole::kTarget);
}

void read_initiator(const Node& initiator, AlertDraft& draft) {
  const Node user = initiator["user"];
  draft.entity(EntityKind::kUser, first_text(user, {"userPrincipalName", "displayName"}), EntityRole::kActor);
  draft.observed(EntityKind::kIp, user["ipAddress"].text(), EntityRole::kSource);
  draft.entity(EntityKind::kAccount,
               first_text(initiator["app"], {"displayName", "servicePrincipalName", "servicePrincipalId"}),
               EntityRole::kActor);
}

void read_audit(const AzureLog& log, const Options& options, AlertDraft& draft) {
  const Node from = log.properties;
  const auto activity = first_text(from, {"activityDisplayName", "ActivityDisplayName"});
  const auto name = activity.empty() ? log.operation : activity;
  draft.source_id(first_text(from, {"id", "Id"}));
  draft.title(name);
  draft.type(slug(name));
  draft.rule(name);
  draft.severity(Severity::kInfo);
  draft.message(first_text(from, {"resultReason", "ResultReason"}));
  draft.occurred_at(read_time(from.any({"activityDateTime", "ActivityDateTime"})));
  draft.occurred_at(log.time);
  draft.vendor_status(from.any({"result", "Result"}).text());
  draft.tag(from.any({"category", "Category"}).text());
  each_in_text(from.any({"initiatedBy", "InitiatedBy"}), options,
               [&](const Node& initiator) { read_initiator(initiator, draft); });
  each_in_text(from.any({"targetResources", "TargetResources"}), options,
               [&](const Node& target) { read_audited(target, draft); });
  draft.observed(EntityKind::kIp, log.caller_ip, EntityRole::kSource);
}

bool is_audit(const AzureLog& log) {
  const Node from = log.properties;
  return from.any({"initiatedBy", "InitiatedBy"}) && from.any({"targetResources", "TargetResources"}) &&
         from.any({"activityDisplayName", "ActivityDisplayName"});
}

bool is_risk(const AzureLog& log) {
  const Node from = log.properties;
  return !risk_type(from).empty() || log.category == "UserRiskEvents" || log.category == "RiskyUsers" ||
         (from.any({"riskLevel", "RiskLevel"}) &&
          from.any({"riskLastUpdatedDateTime", "RiskLastUpdatedDateTime"}));
}

bool is_signin(const AzureLog& log) {
  const Node from = log.properties;
  if (log.category.find("SignInLogs") != std::string::npos) return true;
  const auto who =
      from.any({"userPrincipalName", "UserPrincipalName", "servicePrincipalId", "ServicePrincipalId"});
  return who && from.any({"ipAddress", "IPAddress"}) &&
         from.any({"conditionalAccessStatus", "ConditionalAccessStatus", "appId", "AppId"});
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  const auto log = read_azure_log(object);
  if (is_risk(log)) {
    return out.add(RecordKind::kAlert, bytes,
                   [&](AlertDraft& draft) { read_risk(log, out.options(), draft); });
  }
  if (is_audit(log)) {
    return out.add(RecordKind::kEvent, bytes,
                   [&](AlertDraft& draft) { read_audit(log, out.options(), draft); });
  }
  if (!is_signin(log)) {
    return out.reject_part(bytes, "neither a sign-in, a risk detection nor a directory audit",
                           "Send signIns, riskDetections or directoryAudits of Microsoft Graph, or Entra's "
                           "diagnostic logs.");
  }
  const bool risky = is_risky(log.properties);
  out.add(risky ? RecordKind::kAlert : RecordKind::kEvent, bytes,
          [&](AlertDraft& draft) { read_signin(log, risky, out.options(), draft); });
}

}  // namespace

bool is_entra(const Node& object) {
  const auto log = read_azure_log(first_of_list(object));
  if (contains_ignoring_case(log.category, "signinlogs") || is_audit(log)) return true;
  const Node from = log.properties;
  const bool user = from["riskState"] && from["riskLastUpdatedDateTime"];
  return log.category == "UserRiskEvents" || log.category == "RiskyUsers" || user ||
         (from["servicePrincipalId"] && from["conditionalAccessStatus"] && from["ipAddress"]) ||
         (from["riskEventType"] && from["riskState"]) ||
         (from["userPrincipalName"] && from["conditionalAccessStatus"] && from["ipAddress"]) ||
         (from["UserPrincipalName"] && from["ConditionalAccessStatus"]);
}

void read_entra(const Node& object, Output& out) {
  for_each_of_list(object, out, [&](const Node& one, std::string_view bytes) { read_one(one, bytes, out); });
}

}  // namespace tocsin::ingest
