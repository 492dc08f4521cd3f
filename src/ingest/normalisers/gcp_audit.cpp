// Google Cloud: audit log entries (LogEntry with an AuditLog; events), threats that Security Command Center
// finds (alerts), and the Pub/Sub messages that carry either.

#include <array>

#include "base/utf8.h"
#include "ingest/base64.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

// LogSeverity; findings use LOW, MEDIUM, HIGH, CRITICAL.
Severity severity_of(std::string_view word, Severity otherwise) {
  if (word == "ALERT" || word == "EMERGENCY") return Severity::kCritical;
  if (word == "DEFAULT" || word == "SEVERITY_UNSPECIFIED") return otherwise;
  return severity_from_word(word).value_or(otherwise);
}

// "projects/p/…" or "//cloudresourcemanager.googleapis.com/projects/p".
std::string_view project_in(std::string_view name) {
  constexpr std::string_view kMark = "projects/";
  const auto at = name.find(kMark);
  if (at == std::string_view::npos) return {};
  const auto rest = name.substr(at + kMark.size());
  const auto project = rest.substr(0, rest.find('/'));
  return project == "-" || project == "_" ? std::string_view() : project;
}

void read_project(const Node& entry, AlertDraft& draft) {
  const auto labelled = entry["resource"]["labels"]["project_id"].text();
  draft.entity(EntityKind::kAccount,
               labelled.empty() ? project_in(entry.any({"logName", "logname"}).text()) : labelled,
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

void read_user(std::string_view name, EntityRole role, AlertDraft& draft) {
  constexpr auto kPrefixes = std::to_array<std::string_view>({"user:", "serviceAccount:", "group:"});
  for (const auto prefix : kPrefixes) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  draft.entity(EntityKind::kUser, name, role);
}

// Whom a policy change grants to, "user:x@y" or "serviceAccount:…"; they were acted upon. False when nobody
// in particular ("allUsers", a domain).
bool read_members(const Node& deltas, AlertDraft& draft) {
  bool any = false;
  deltas.each([&](const Node& delta) {
    const auto member = delta["member"].text();
    if (member.find('@') == std::string_view::npos) return draft.tag(member);
    read_user(member, EntityRole::kTarget, draft);
    any = true;
  });
  return any;
}

// Workspace's sign-in service names the account it is about in a parameter.
void read_workspace(const Node& metadata, AlertDraft& draft) {
  metadata["event"].each([&](const Node& event) {
    draft.tag(event["eventName"].text());
    event["parameter"].each([&](const Node& parameter) {
      const auto name = parameter["name"].text();
      if (name == "affected_email_address") read_user(parameter["value"].text(), EntityRole::kTarget, draft);
      if (name == "is_suspicious" && parameter["boolValue"].is_true()) draft.tag("suspicious");
    });
  });
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
  draft.severity(severity_of(entry["severity"].text(), Severity::kInfo));
  for (const Node& tag : {payload["serviceName"], payload["methodName"], entry["resource"]["type"]})
    draft.tag(tag.text());
  if (!failure.empty()) draft.tag("failed");
  const Node deltas = payload.any({"serviceData", "metadata"})["policyDelta"]["bindingDeltas"];
  const bool granted = read_members(deltas, draft);
  read_user(user, granted ? EntityRole::kActor : EntityRole::kTarget, draft);
  caller["serviceAccountDelegationInfo"].each([&](const Node& principal) {
    read_user(principal["firstPartyPrincipal"]["principalEmail"].text(), EntityRole::kActor, draft);
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
  read_workspace(payload["metadata"], draft);
}

void read_times(const Node& entry, AlertDraft& draft) {
  for (const auto* name : {"timestamp", "receiveTimestamp", "receivetimestamp"})
    draft.occurred_at(read_time(entry[name]));
}

// Event Threat Detection's own log of what it found.
void read_threat_entry(const Node& entry, AlertDraft& draft) {
  const Node payload = entry["jsonPayload"];
  const Node category = payload["detectionCategory"];
  const auto rule = category["ruleName"].text();
  draft.type(slug(rule));
  draft.title(rule);
  draft.rule(rule);
  draft.severity(severity_of(payload["detectionPriority"].text(), Severity::kMedium));
  for (const auto* name : {"technique", "indicator", "subRuleName"}) draft.tag(category[name].text());
  payload["affectedResources"].each([&](const Node& resource) {
    draft.entity(EntityKind::kCloudResource, resource["gcpResourceName"].text(), EntityRole::kTarget);
  });
  const Node properties = payload["properties"];
  read_user(properties.any({"principalEmail", "userEmail"}).text(), EntityRole::kTarget, draft);
  draft.observed(EntityKind::kIp, properties.any({"callerIp", "remoteIp"}).text(), EntityRole::kSource);
  properties["ip"].each(
      [&](const Node& ip) { draft.observed(EntityKind::kIp, ip.text(), EntityRole::kRelated); });
  properties["domain"].each(
      [&](const Node& name) { draft.observed(EntityKind::kDomain, name.text(), EntityRole::kRelated); });
  draft.source_url(payload["findingUri"].text());
}

void read_other_entry(const Node& entry, AlertDraft& draft) {
  const Node json = entry["jsonPayload"];
  const auto text = entry["textPayload"].text();
  draft.type(slug("gcp " + std::string(entry["resource"]["type"].text())));
  draft.title(text.empty() ? json.any({"message", "event_type"}).text() : text);
  draft.severity(severity_of(entry["severity"].text(), Severity::kInfo));
  const Node request = entry["httpRequest"];
  draft.observed(EntityKind::kIp, request["remoteIp"].text(), EntityRole::kSource);
  draft.entity(EntityKind::kUrl, request["requestUrl"].text(), EntityRole::kTarget);
  const Node connection = json["connection"];
  draft.observed(EntityKind::kIp, connection["src_ip"].text(), EntityRole::kSource);
  draft.observed(EntityKind::kIp, connection["dest_ip"].text(), EntityRole::kDestination);
}

bool is_threat_entry(const Node& entry) {
  return entry["jsonPayload"]["detectionCategory"].is_object();
}

void read_entry(const Node& entry, AlertDraft& draft) {
  draft.source_id(entry.any({"insertId", "insertid"}).text());
  read_times(entry, draft);
  if (entry["protoPayload"].is_object()) {
    read_audit(entry, draft);
  } else if (is_threat_entry(entry)) {
    read_threat_entry(entry, draft);
  } else {
    read_other_entry(entry, draft);
  }
  read_project(entry, draft);
}

// ---- Security Command Center ----

void read_indicator(const Node& indicator, AlertDraft& draft) {
  const auto add = [&](const char* name, EntityKind kind) {
    indicator[name].each(
        [&](const Node& value) { draft.observed(kind, value.text(), EntityRole::kRelated); });
  };
  add("ipAddresses", EntityKind::kIp);
  add("domains", EntityKind::kDomain);
  add("uris", EntityKind::kUrl);
  indicator["signatures"].each([&](const Node& signature) {
    draft.tag(signature["memoryHashSignature"]["binaryFamily"].text());
    draft.tag(signature["yaraRuleSignature"]["yaraRule"].text());
  });
}

void read_attack(const Node& attack, AlertDraft& draft) {
  const auto each = [&](const char* name, auto add) {
    attack[name].each([&](const Node& value) { add(value.text()); });
  };
  each("primaryTactic", [&](std::string_view text) { draft.tactic(text); });
  each("additionalTactics", [&](std::string_view text) { draft.tactic(text); });
  // Of the two techniques that MITRE gives this name, Google means the use of accounts, not their theft.
  const auto technique = [&](std::string_view text) {
    draft.technique(text == "CLOUD_ACCOUNTS" ? "T1078.004" : text);
  };
  each("primaryTechniques", technique);
  each("additionalTechniques", technique);
}

void read_processes(const Node& finding, AlertDraft& draft) {
  finding["processes"].each([&](const Node& process) {
    const Node binary = process["binary"];
    draft.entity(EntityKind::kProcess, binary["path"] ? binary["path"].text() : process["name"].text(),
                 EntityRole::kRelated);
    draft.observed(EntityKind::kHash, binary["sha256"].text(), EntityRole::kRelated);
    std::string command;
    process["args"].each([&](const Node& arg) {
      if (command.size() < kMaxMessageBytes) command.append(command.empty() ? "" : " ").append(arg.text());
    });
    draft.command_line(command);
  });
  finding["files"].each([&](const Node& file) {
    draft.entity(EntityKind::kFile, file["path"].text(), EntityRole::kRelated);
    draft.observed(EntityKind::kHash, file["sha256"].text(), EntityRole::kRelated);
  });
}

void read_finding_entities(const Node& finding, const Node& resource, AlertDraft& draft) {
  const Node access = finding["access"];
  const bool granted = read_members(finding["iamBindings"], draft);
  read_user(access.any({"principalEmail", "userName", "principalSubject"}).text(),
            granted ? EntityRole::kActor : EntityRole::kTarget, draft);
  draft.observed(EntityKind::kIp, access["callerIp"].text(), EntityRole::kSource);
  finding["connections"].each([&](const Node& connection) {
    draft.observed(EntityKind::kIp, connection["sourceIp"].text(), EntityRole::kSource);
    draft.observed(EntityKind::kIp, connection["destinationIp"].text(), EntityRole::kDestination);
  });
  draft.entity(EntityKind::kCloudResource, finding["resourceName"].text(), EntityRole::kTarget);
  draft.entity(EntityKind::kCloudResource, resource["displayName"].text(), EntityRole::kTarget);
  finding["containers"].each([&](const Node& container) {
    draft.entity(EntityKind::kCloudResource, container["name"].text(), EntityRole::kTarget);
  });
  if (resource["type"].text() == "google.compute.Instance")
    draft.entity(EntityKind::kHost, resource["displayName"].text(), EntityRole::kTarget);
  finding["kubernetes"]["pods"].each([&](const Node& pod) {
    draft.entity(EntityKind::kCloudResource, pod["name"].text(), EntityRole::kTarget);
  });
  for (const auto* name : {"sources", "targets"}) {
    finding["exfiltration"][name].each([&](const Node& place) {
      draft.entity(EntityKind::kCloudResource, place["name"].text(), EntityRole::kRelated);
    });
  }
  read_user(finding["database"]["userName"].text(), EntityRole::kTarget, draft);
  const Node project = resource["gcpMetadata"] ? resource["gcpMetadata"] : resource;
  const auto named = project.any({"projectDisplayName", "project_display_name"}).text();
  draft.entity(EntityKind::kAccount, named.empty() ? project_in(finding["resourceName"].text()) : named,
               EntityRole::kTarget);
  draft.observed(EntityKind::kCve, finding["vulnerability"]["cve"]["id"].text(), EntityRole::kRelated);
}

// What detectors wrote before findings had members of their own for it.
void read_source_properties(const Node& source, AlertDraft& draft) {
  const Node properties = source["properties"];
  const auto add = [&](const char* name, EntityKind kind) {
    properties[name].each(
        [&](const Node& value) { draft.observed(kind, value.text(), EntityRole::kRelated); });
  };
  add("ips", EntityKind::kIp);
  add("domains", EntityKind::kDomain);
  draft.observed(EntityKind::kIp, source["Reverse_Shell_Stdin_Redirection_Dst_Ip"].text(),
                 EntityRole::kDestination);
  draft.entity(EntityKind::kHost, source["VM_Instance_Name"].text(), EntityRole::kTarget);
}

// "finding" beside its resource; examples of the documentation call it "findings".
Node finding_of(const Node& object) {
  for (const auto* name : {"finding", "findings"}) {
    if (object[name].is_object()) return object[name];
  }
  return object;
}

void read_finding(const Node& object, AlertDraft& draft) {
  const Node finding = finding_of(object);
  const auto category = finding["category"].text();
  draft.source_id(finding.any({"name", "canonicalName"}).text());
  draft.type(slug(category));
  draft.title(category);
  draft.message(finding["description"].text());
  draft.message(finding["sourceProperties"]["Explanation"].text());
  draft.rule(category);
  draft.severity(severity_of(finding["severity"].text(), Severity::kMedium));
  for (const auto* name : {"eventTime", "createTime"}) draft.occurred_at(read_time(finding[name]));
  draft.source_url(finding["externalUri"].text());
  draft.vendor_status(finding["state"].text());
  for (const auto* name : {"findingClass", "parentDisplayName", "mute"}) draft.tag(finding[name].text());
  read_attack(finding["mitreAttack"], draft);
  read_finding_entities(finding, object["resource"], draft);
  read_indicator(finding["indicator"], draft);
  read_source_properties(finding["sourceProperties"], draft);
  read_processes(finding, draft);
  draft.mine(finding["description"].text());
}

bool is_finding(const Node& object) {
  const Node finding = finding_of(object);
  return finding["category"].is_string() && finding["resourceName"].is_string() &&
         (finding["findingClass"] || finding["eventTime"] || finding["sourceProperties"]);
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

void read_message(const Node& message, Output& out) {
  const auto text = data_of(message);
  const auto inner = text ? ParsedJson::parse(*text, out.options().max_depth)
                          : Result<ParsedJson>(error(ErrorKind::kInvalidSyntax, "read Pub/Sub",
                                                     "the data is not base64 of JSON text", ""));
  if (inner && inner->root().is_object() && !pubsub_message(inner->root()))
    return read_object(inner->root(), *text, out);
  out.reject("the Pub/Sub message holds no log entry",
             "message.data must be base64 of a LogEntry or a finding.", "/message/data");
}

void read_object(const Node& object, std::string_view bytes, Output& out) {
  if (is_finding(object)) {
    return out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_finding(object, draft); });
  }
  if (is_entry(object)) {
    const auto kind = is_threat_entry(object) ? RecordKind::kAlert : RecordKind::kEvent;
    return out.add(kind, bytes, [&](AlertDraft& draft) { read_entry(object, draft); });
  }
  out.reject("this is neither a Google Cloud log entry nor a finding",
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
  if (is_entry(object) || (is_finding(object) && object.any({"finding", "findings"}))) return true;
  if (is_finding(object)) return object["name"].text().find("/findings/") != std::string_view::npos;
  return static_cast<bool>(pubsub_message(object));
}

void read_gcp(const Node& object, Output& out) {
  for (const auto name : kLists) {
    if (!object[name].is_array()) continue;
    return for_each_part(out.item(), name, object[name],
                         [&](const Node& part, std::string_view bytes, std::size_t) {
                           const Node message = pubsub_message(part);
                           message ? read_message(message, out) : read_object(part, bytes, out);
                         });
  }
  const Node message = pubsub_message(object);
  message ? read_message(message, out) : read_object(object, out.item(), out);
}

}  // namespace tocsin::ingest
