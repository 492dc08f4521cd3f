// Microsoft Defender: Graph alerts_v2 and incidents, the Endpoint API's alerts, Microsoft 365 Defender
// incidents with their alerts, and the streaming API (AlertInfo, AlertEvidence).

#include <algorithm>
#include <array>
#include <map>

#include "ingest/normalisers/microsoft_entities.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

struct RoleName {
  std::string_view name;
  EntityRole role;
};

// evidenceRole of Graph, EvidenceRole of the streaming API. "contextual" and "unknown" say nothing.
constexpr auto kRoles = std::to_array<RoleName>({
    {"impacted", EntityRole::kTarget},
    {"compromised", EntityRole::kTarget},
    {"attacker", EntityRole::kActor},
    {"attacked", EntityRole::kTarget},
    {"source", EntityRole::kSource},
    {"destination", EntityRole::kDestination},
    {"commandAndControl", EntityRole::kDestination},
    {"created", EntityRole::kRelated},
});

EntityRole role_of(const Node& evidence) {
  auto role = EntityRole::kRelated;
  const auto read = [&](const Node& name) {
    for (const auto& known : kRoles) {
      if (equal_ignoring_case(known.name, name.text())) role = known.role;
    }
  };
  evidence["roles"].each(read);
  read(evidence["EvidenceRole"]);
  return role;
}

EntityRole or_else(EntityRole role, EntityRole fallback) {
  return role == EntityRole::kRelated ? fallback : role;
}

std::string join_path(std::string_view folder, std::string_view name) {
  std::string path(folder);
  const bool unix_style = path.find('/') != std::string::npos;
  if (!path.empty() && !name.empty() && path.back() != '\\' && path.back() != '/')
    path += unix_style ? '/' : '\\';
  if (!name.empty() && path.size() > name.size() && path.ends_with(std::string(name) + path.back()))
    path.pop_back();
  return path + std::string(name);
}

// ---- evidence; each reader looks for its own members, so that new types of evidence still give what they
// share ----

void read_user(const Node& from, EntityRole role, AlertDraft& draft) {
  const auto principal = from.any({"userPrincipalName", "AccountUpn", "upn"}).text();
  const auto name = from.any({"accountName", "AccountName", "userName", "name"}).text();
  draft.entity(EntityKind::kUser, principal.empty() ? name : principal, or_else(role, EntityRole::kTarget));
}

void read_device(const Node& from, EntityRole role, AlertDraft& draft) {
  role = or_else(role, EntityRole::kTarget);
  draft.entity(EntityKind::kHost,
               from.any({"deviceDnsName", "computerDnsName", "DeviceName", "hostName"}).text(), role);
  from["ipInterfaces"].each([&](const Node& ip) { draft.entity(EntityKind::kIp, ip.text(), role); });
  draft.entity(EntityKind::kIp, from["lastIpAddress"].text(), role);
  draft.entity(EntityKind::kIp, from["lastExternalIpAddress"].text(), role);
}

void read_hashes(const Node& from, AlertDraft& draft) {
  for (const auto* name : {"sha256", "SHA256", "sha1", "SHA1", "md5"}) {
    draft.observed(EntityKind::kHash, from[name].text(), EntityRole::kRelated);
  }
}

void read_file(const Node& from, AlertDraft& draft) {
  const auto path = from.any({"filePath", "FolderPath"}).text();
  draft.entity(EntityKind::kFile, join_path(path, from.any({"fileName", "FileName"}).text()),
               EntityRole::kRelated);
  read_hashes(from, draft);
}

void read_process(const Node& from, AlertDraft& draft) {
  const auto line = from.any({"processCommandLine", "ProcessCommandLine"}).text();
  const Node image = from["imageFile"] ? from["imageFile"] : from;
  const bool is_process = !line.empty() || from["processId"];
  if (!is_process) return;
  draft.entity(EntityKind::kProcess, image.any({"fileName", "FileName"}).text(), EntityRole::kRelated);
  draft.command_line(line);
  draft.process_hash(image.any({"sha256", "SHA256", "sha1", "SHA1"}).text());
  const Node parent = from["parentProcessImageFile"];
  const auto folder = parent ? parent["filePath"].text() : from["parentProcessFilePath"].text();
  const auto name = parent ? parent["fileName"].text() : from["parentProcessFileName"].text();
  draft.parent_process(join_path(folder, name));
}

void read_network(const Node& from, EntityRole role, AlertDraft& draft) {
  draft.observed(EntityKind::kIp, from.any({"ipAddress", "RemoteIP"}).text(),
                 or_else(role, EntityRole::kSource));
  draft.entity(EntityKind::kIp, from["LocalIP"].text(), EntityRole::kRelated);
  const auto url = from.any({"url", "RemoteUrl"}).text();
  const auto kind = url.find("://") == std::string_view::npos && url.find('/') == std::string_view::npos
                        ? EntityKind::kDomain
                        : EntityKind::kUrl;
  draft.observed(kind, url, role);
  draft.mine(url);
}

void read_mail(const Node& from, AlertDraft& draft) {
  draft.observed(EntityKind::kEmail, from["sender"].text(), EntityRole::kSource);
  draft.observed(EntityKind::kEmail, from["p1Sender"]["emailAddress"].text(), EntityRole::kSource);
  draft.observed(EntityKind::kEmail, from["p2Sender"]["emailAddress"].text(), EntityRole::kSource);
  draft.observed(EntityKind::kIp, from.any({"senderIp", "senderIP"}).text(), EntityRole::kSource);
  draft.entity(EntityKind::kEmail, from.any({"recipientEmailAddress", "recipient"}).text(),
               EntityRole::kTarget);
  draft.entity(EntityKind::kEmail, from.any({"primaryAddress", "mailboxAddress"}).text(),
               EntityRole::kTarget);
  from["urls"].each([&](const Node& url) {
    draft.observed(EntityKind::kUrl, url.text(), EntityRole::kRelated);
    draft.mine(url.text());
  });
}

void read_evidence(const Node& evidence, AlertDraft& draft) {
  const auto role = role_of(evidence);
  if (const Node account = evidence["userAccount"]) {
    read_user(account, role, draft);
  } else {
    read_user(evidence, role, draft);
  }
  read_device(evidence, role, draft);
  if (const Node file = evidence["fileDetails"]) read_file(file, draft);
  if (const Node image = evidence["imageFile"]) read_file(image, draft);
  read_file(evidence, draft);
  read_process(evidence, draft);
  read_network(evidence, role, draft);
  read_mail(evidence, draft);
  draft.entity(EntityKind::kCloudResource,
               evidence.any({"resourceId", "amazonResourceId", "fullResourceName"}).text(),
               EntityRole::kTarget);
  if (evidence["appId"])
    draft.entity(EntityKind::kCloudResource, evidence["displayName"].text(), EntityRole::kRelated);
}

// ---- what all alerts share ----

// "Regsvr32 (T1218.010)", "T1059" or a name.
void read_technique(const Node& technique, AlertDraft& draft) {
  const auto text = technique.text();
  if (text.find("(T1") != std::string_view::npos) {
    draft.techniques_in(text);
  } else {
    draft.technique(text);
  }
}

void read_category(std::string_view category, AlertDraft& draft) {
  draft.tactic(category);
  if (!is_blank_value(category)) draft.tag(category);
}

void read_verdict(const Node& object, AlertDraft& draft) {
  draft.vendor_status(object["status"].text());
  const auto verdict = object["classification"].text();
  if (verdict != "notSet" && verdict != "NotSet") draft.vendor_verdict(verdict);
  const auto determination = object["determination"].text();
  if (!is_blank_value(determination) && !equal_ignoring_case(determination, "NotAvailable"))
    draft.tag(determination);
}

void read_tags(const Node& object, AlertDraft& draft) {
  for (const auto* list : {"tags", "customTags", "systemTags"}) {
    object[list].each([&](const Node& tag) { draft.tag(tag.text()); });
  }
  for (const auto* name : {"serviceSource", "ServiceSource", "detectionSource", "threatFamilyName",
                           "threatDisplayName", "threatName", "ThreatFamily"}) {
    if (!is_blank_value(object[name].text())) draft.tag(object[name].text());
  }
}

void read_times(const Node& object, AlertDraft& draft) {
  for (const auto* name : {"firstActivityDateTime", "firstEventTime", "firstActivity", "eventDateTime",
                           "createdDateTime", "alertCreationTime", "creationTime", "createdTime",
                           "lastActivityDateTime", "lastUpdateDateTime", "lastUpdateTime"}) {
    draft.occurred_at(read_time(object[name]));
  }
}

model::Severity severity_of(std::string_view word) {
  return severity_from_word(word).value_or(model::Severity::kMedium);
}

void read_head(const Node& object, AlertDraft& draft) {
  const auto description = object["description"].text();
  draft.source_id(object.any({"id", "alertId"}).scalar());
  draft.title(object.any({"title", "displayName", "incidentName"}).text());
  draft.message(description);
  draft.message(object["summary"].text());
  draft.severity(severity_of(object["severity"].text()));
  read_times(object, draft);
  draft.source_url(object.any({"alertWebUrl", "incidentWebUrl", "incidentUri"}).text());
  read_verdict(object, draft);
  read_category(object["category"].text(), draft);
  read_tags(object, draft);
  object["mitreTechniques"].each([&](const Node& technique) { read_technique(technique, draft); });
  draft.mine(description);
}

void read_alert(const Node& alert, AlertDraft& draft) {
  read_head(alert, draft);
  draft.rule(alert.any({"detectorId", "alertPolicyId"}).text());
  read_device(alert, EntityRole::kTarget, draft);
  for (const auto* list : {"evidence", "entities", "devices"}) {
    alert[list].each([&](const Node& evidence) { read_evidence(evidence, draft); });
  }
  if (const Node user = alert["relatedUser"]) read_user(user, EntityRole::kRelated, draft);
}

// ---- incidents ----

// An incident stands for itself only when its alerts are not in it.
void read_incident(const Node& incident, std::string_view bytes, Output& out) {
  const Node alerts = incident["alerts"];
  if (alerts.size() == 0) {
    return out.add(model::RecordKind::kAlert, bytes, [&](AlertDraft& draft) {
      read_head(incident, draft);
      draft.source_id(incident.any({"id", "incidentId"}).scalar());
    });
  }
  const auto id = incident.any({"incidentId", "id"}).scalar();
  for_each_part(bytes, "alerts", alerts, [&](const Node& alert, std::string_view part, std::size_t) {
    if (!alert.any({"alertId", "id", "title"}))
      return out.reject_part(part, "this alert of an incident has neither id nor title", "");
    out.add(model::RecordKind::kAlert, part, [&](AlertDraft& draft) {
      read_alert(alert, draft);
      draft.source_url(incident.any({"incidentUri", "incidentWebUrl"}).text());
      draft.vendor_verdict(draft.alert().vendor_verdict ? *draft.alert().vendor_verdict
                                                        : incident["classification"].text());
      draft.tag("incident:" + id);
    });
  });
}

// ---- streaming ----

// Rows of one delivery that speak of one alert: its AlertInfo and a row of AlertEvidence for each thing
// concerned.
struct StreamedRow {
  Node envelope;
  Node row;
  std::string_view bytes;
};
using StreamedAlert = std::vector<StreamedRow>;

bool is_streamed(const Node& row) {
  return row["AlertId"].is_string() && (row["Title"].is_string() || row["EntityType"].is_string());
}

// Older evidence has no title. Without one in the delivery it must not take the alert's id: the row that has
// the title would then be taken for a repeat.
void read_streamed_head(const StreamedAlert& alert, AlertDraft& draft) {
  const auto titled = std::find_if(alert.begin(), alert.end(),
                                   [](const StreamedRow& part) { return part.row["Title"].is_string(); });
  const auto id = alert.front().row["AlertId"].text();
  if (titled == alert.end()) {
    draft.title("Evidence of a Defender alert");
    draft.tag("alert:" + std::string(id));
  } else {
    draft.title(titled->row["Title"].text());
    draft.source_id(id);
  }
  std::optional<model::Severity> highest;
  for (const auto& part : alert) {
    if (!part.row["Severity"].is_string()) continue;
    const auto severity = severity_of(part.row["Severity"].text());
    highest = highest ? std::max(*highest, severity) : severity;
  }
  draft.severity(highest.value_or(model::Severity::kMedium));
}

void read_streamed_part(const Node& row, const Node& envelope, const Options& options, AlertDraft& draft) {
  draft.occurred_at(read_time(row["Timestamp"]));
  draft.occurred_at(read_time(envelope["time"]));
  read_category(row["Category"].text(), draft);
  each_in_text(row["Categories"], options, [&](const Node& name) { read_category(name.text(), draft); });
  each_in_text(row["AttackTechniques"], options, [&](const Node& name) { read_technique(name, draft); });
  read_tags(row, draft);
  if (row["DetectionSource"]) draft.tag(row["DetectionSource"].text());
  read_evidence(row, draft);
  each_in_text(row["AdditionalFields"], options, [&](const Node& entity) {
    // The device's full name stands in DeviceName already.
    const bool named = row["DeviceName"].is_string() && equal_ignoring_case(entity["Type"].text(), "host");
    if (!named) read_microsoft_entity(entity, role_of(row), draft);
  });
}

// The rows as they came, in an envelope like the one they came in when there are several.
std::string raw_of(const StreamedAlert& alert) {
  const auto first = alert.front().bytes;
  // Parts that could not be told apart all have the bytes of the whole.
  if (alert.size() == 1 || alert[1].bytes.data() == first.data()) return std::string(first);
  std::string raw = R"({"records":[)";
  for (const auto& part : alert) {
    if (raw.back() != '[') raw += ',';
    raw += part.bytes;
  }
  return raw + "]}";
}

void add_streamed(const StreamedAlert& alert, Output& out) {
  out.add(model::RecordKind::kAlert, raw_of(alert), [&](AlertDraft& draft) {
    read_streamed_head(alert, draft);
    for (const auto& part : alert) read_streamed_part(part.row, part.envelope, out.options(), draft);
  });
}

bool is_alert(const Node& object) {
  return object["title"].is_string() &&
         (object["serviceSource"] || object["detectionSource"] || object["alertCreationTime"] ||
          object["machineId"] ||
          object["@odata.type"].text().find("security.alert") != std::string_view::npos ||
          object["evidence"]);
}

bool is_incident(const Node& object) {
  const bool named = object["incidentName"].is_string() || object["displayName"].is_string();
  return named && (object["incidentId"] || object["incidentWebUrl"] ||
                   object["@odata.type"].text().find("security.incident") != std::string_view::npos ||
                   (object["determination"] && object["severity"]));
}

Node row_of(const Node& object) {
  return object["properties"].is_object() ? object["properties"] : object;
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (const Node row = row_of(object); is_streamed(row)) {
    add_streamed({{object, row, bytes}}, out);
  } else if (is_incident(object)) {
    read_incident(object, bytes, out);
  } else if (is_alert(object)) {
    out.add(model::RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_alert(object, draft); });
  } else {
    out.reject_part(bytes, "neither a Defender alert nor an incident",
                    "Send Graph alerts_v2 or incidents, alerts of the Endpoint API, Microsoft 365 Defender "
                    "incidents, or the "
                    "streaming API's AlertInfo and AlertEvidence.");
  }
}

Node list_of(const Node& object) {
  const Node list = object.any({"value", "records"});
  return list.is_array() ? list : Node();
}

}  // namespace

bool is_defender(const Node& object) {
  const Node list = list_of(object);
  const Node first = list ? list.at(0) : object;
  return is_streamed(first["properties"]) || is_streamed(first) || is_incident(first) || is_alert(first);
}

void read_defender(const Node& object, Output& out) {
  const Node list = list_of(object);
  if (!list) return read_one(object, out.item(), out);
  std::map<std::string_view, std::size_t> places;  // by AlertId
  std::vector<StreamedAlert> streamed;
  const auto* member = object["value"] ? "value" : "records";
  for_each_part(out.item(), member, list, [&](const Node& one, std::string_view bytes, std::size_t) {
    const Node row = row_of(one);
    if (!is_streamed(row)) return read_one(one, bytes, out);
    const auto [at, is_new] = places.try_emplace(row["AlertId"].text(), streamed.size());
    if (is_new) streamed.emplace_back();
    streamed[at->second].push_back({one, row, bytes});
  });
  for (const auto& alert : streamed) add_streamed(alert, out);
}

}  // namespace tocsin::ingest
