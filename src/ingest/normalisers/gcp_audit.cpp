// Google Cloud: audit log entries (LogEntry with an AuditLog; events), threats that Security Command Center
// finds (alerts), and the Pub/Sub messages that carry either.

#include <array>

#include "base/utf8.h"
#include "ingest/base64.h"
#include "ingest/normalisers/gcp.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

void read_project(const Node& entry, AlertDraft& draft) {
  const auto labelled = entry["resource"]["labels"]["project_id"].text();
  draft.entity(EntityKind::kAccount,
               labelled.empty() ? gcp_project_in(entry.any({"logName", "logname"}).text()) : labelled,
               EntityRole::kTarget);
}

// "google.iam.admin.v1.CreateServiceAccountKey": the last word says what was done; of Kubernetes' verbs the
// object before it ("leases.update").
std::string_view short_name(std::string_view method) {
  const auto dot = method.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return method;
  const auto verb = method.substr(dot + 1);
  const bool bare = method.starts_with("io.k8s.") && method.rfind('.', dot - 1) != std::string_view::npos;
  return bare ? method.substr(method.rfind('.', dot - 1) + 1) : verb;
}

// Workspace names the account it is about in a parameter. True when that is not the caller's own.
bool read_workspace(const Node& metadata, std::string_view caller, AlertDraft& draft) {
  bool another = false;
  metadata["event"].each([&](const Node& event) {
    draft.tag(event["eventName"].text());
    event["parameter"].each([&](const Node& parameter) {
      const auto name = parameter["name"].text();
      if (name == "affected_email_address" || name == "USER_EMAIL") {
        read_gcp_user(parameter["value"].text(), EntityRole::kTarget, draft);
        another = another || parameter["value"].text() != caller;
      }
      if (name == "is_suspicious" && parameter["boolValue"].is_true()) draft.tag("suspicious");
    });
  });
  return another;
}

void read_audit(const Node& entry, AlertDraft& draft) {
  const Node payload = entry["protoPayload"];
  const auto method = payload["methodName"].text();
  const Node caller = payload["authenticationInfo"];
  const auto user = caller.any({"principalEmail", "principalSubject"}).text();
  const auto failure = payload["status"]["message"].text();
  draft.type(slug(short_name(method)));
  draft.title(std::string(short_name(method)) + " on " + std::string(payload["serviceName"].text()) +
              (user.empty() ? "" : " by " + std::string(user)));
  draft.message(failure);
  draft.rule(method);
  draft.severity(gcp_severity(entry["severity"].text(), Severity::kInfo));
  for (const Node& tag : {payload["serviceName"], payload["methodName"], entry["resource"]["type"]})
    draft.tag(tag.text());
  if (!failure.empty()) draft.tag("failed");
  const Node deltas = payload.any({"serviceData", "metadata"})["policyDelta"]["bindingDeltas"];
  const bool granted = read_gcp_members(deltas, draft);
  const bool another = read_workspace(payload["metadata"], user, draft);
  read_gcp_user(user, granted || another ? EntityRole::kActor : EntityRole::kTarget, draft);
  caller["serviceAccountDelegationInfo"].each([&](const Node& principal) {
    read_gcp_user(principal["firstPartyPrincipal"]["principalEmail"].text(), EntityRole::kActor, draft);
  });
  const Node request = payload["requestMetadata"];
  draft.observed(EntityKind::kIp, request.any({"callerIp", "callerIP"}).text(), EntityRole::kSource);
  draft.entity(EntityKind::kCloudResource, payload["resourceName"].text(), EntityRole::kTarget);
  payload["authorizationInfo"].each([&](const Node& permission) {
    draft.entity(EntityKind::kCloudResource, permission["resource"].text(), EntityRole::kTarget);
  });
  draft.entity(EntityKind::kCloudResource, entry["resource"]["labels"]["email_id"].text(),
               EntityRole::kTarget);
  draft.entity(EntityKind::kCloudResource, payload["response"]["name"].text(), EntityRole::kRelated);
}

void read_times(const Node& entry, AlertDraft& draft) {
  for (const auto* name : {"timestamp", "receiveTimestamp", "receivetimestamp"})
    draft.occurred_at(read_time(entry[name]));
}

void read_entry(const Node& entry, AlertDraft& draft) {
  draft.source_id(entry.any({"insertId", "insertid"}).text());
  read_times(entry, draft);
  if (entry["protoPayload"].is_object()) {
    read_audit(entry, draft);
  } else {
    (is_gcp_threat(entry) ? read_gcp_threat : read_gcp_log)(entry, draft);
  }
  read_project(entry, draft);
}

bool is_entry(const Node& object) {
  const bool payload =
      object["protoPayload"].is_object() || object["jsonPayload"].is_object() || object["textPayload"];
  return payload && (object.any({"logName", "logname"}) || object.any({"insertId", "insertid"}));
}

// ---- wrappers ----

Node pubsub_message(const Node& object) {
  if (object["message"]["data"].is_string()) return object["message"];
  return object["data"].is_string() && object.any({"messageId", "message_id", "attributes"}) ? object
                                                                                             : Node();
}

std::optional<std::string> data_of(const Node& message) {
  auto text = decode_base64(message["data"].text());
  if (!text || find_invalid_utf8(*text) != text->size()) return std::nullopt;
  return text;
}

void read_object(const Node& object, std::string_view bytes, Output& out);

void read_message(const Node& message, std::string_view bytes, Output& out) {
  const auto text = data_of(message);
  const auto inner = text ? ParsedJson::parse(*text, out.options().max_depth)
                          : Result<ParsedJson>(error(ErrorKind::kInvalidSyntax, "read Pub/Sub",
                                                     "the data is not base64 of JSON text", ""));
  if (inner && inner->root().is_object() && !pubsub_message(inner->root()))
    return read_object(inner->root(), *text, out);
  out.reject_part(bytes, "the Pub/Sub message holds no log entry",
                  "message.data must be base64 of a LogEntry or a finding.", "/message/data");
}

void read_object(const Node& object, std::string_view bytes, Output& out) {
  if (is_gcp_finding(object)) {
    return out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_gcp_finding(object, draft); });
  }
  if (is_entry(object)) {
    const auto kind = is_gcp_threat(object) ? RecordKind::kAlert : RecordKind::kEvent;
    return out.add(kind, bytes, [&](AlertDraft& draft) { read_entry(object, draft); });
  }
  out.reject_part(
      bytes, "this is neither a Google Cloud log entry nor a finding",
      "A log entry has logName, insertId and protoPayload; a finding has category, resourceName and "
      "severity.");
}

constexpr auto kLists =
    std::to_array<std::string_view>({"entries", "receivedMessages", "listFindingsResults"});

}  // namespace

bool is_gcp(const Node& object) {
  for (const auto name : kLists) {
    if (object[name].is_array() && is_gcp(object[name].at(0))) return true;
  }
  if (is_entry(object) || (is_gcp_finding(object) && object.any({"finding", "findings"}))) return true;
  if (is_gcp_finding(object)) return object["name"].text().find("/findings/") != std::string_view::npos;
  return static_cast<bool>(pubsub_message(object));
}

void read_gcp(const Node& object, Output& out) {
  for (const auto name : kLists) {
    if (!object[name].is_array()) continue;
    return for_each_part(out.item(), name, object[name],
                         [&](const Node& part, std::string_view bytes, std::size_t) {
                           const Node message = pubsub_message(part);
                           message ? read_message(message, bytes, out) : read_object(part, bytes, out);
                         });
  }
  const Node message = pubsub_message(object);
  message ? read_message(message, out.item(), out) : read_object(object, out.item(), out);
}

}  // namespace tocsin::ingest
