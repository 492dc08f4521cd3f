// CrowdStrike Falcon: Event Streams ({"metadata", "event"}), their copies in Falcon Data Replicator (flat,
// with ExternalApiType), the Alerts API v2, the older Detects and Incidents APIs, and FDR telemetry (events).

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

constexpr SeverityScale kHundred{80, 60, 40, 20};  // Alerts API, EppDetectionSummaryEvent: 0..100
constexpr SeverityScale kFive{5, 4, 3, 2};         // DetectionSummaryEvent: 1..5
constexpr SeverityScale kFineScore{8, 6, 4, 0};    // CrowdScore incidents: 0..10

// Event Streams and FDR write PascalCase, the APIs snake_case; one table for both.
constexpr auto kEntities = std::to_array<EntityField>({
    {"ComputerName", EntityKind::kHost, EntityRole::kTarget},
    {"Hostname", EntityKind::kHost, EntityRole::kTarget},
    {"HostName", EntityKind::kHost, EntityRole::kTarget},
    {"HostnameField", EntityKind::kHost, EntityRole::kTarget},
    {"EndpointName", EntityKind::kHost, EntityRole::kTarget},
    {"TargetEndpointHostName", EntityKind::kHost, EntityRole::kTarget},
    {"SourceEndpointHostName", EntityKind::kHost, EntityRole::kSource},
    {"ThreatgraphIndicators.Hostname", EntityKind::kHost, EntityRole::kTarget},
    {"UserName", EntityKind::kUser, EntityRole::kTarget},
    {"TargetAccountName", EntityKind::kUser, EntityRole::kTarget},
    {"LocalIP", EntityKind::kIp, EntityRole::kTarget},
    {"LocalIPv6", EntityKind::kIp, EntityRole::kTarget},
    {"LocalAddress", EntityKind::kIp, EntityRole::kTarget},
    {"EndpointIp", EntityKind::kIp, EntityRole::kTarget},
    {"aip", EntityKind::kIp, EntityRole::kTarget},
    {"SourceEndpointIpAddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"UserSourceIp", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"UserIp", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"IPv4", EntityKind::kIp, EntityRole::kDestination, Standing::kReported},
    {"IPv6", EntityKind::kIp, EntityRole::kDestination, Standing::kReported},
    {"RemoteAddressIP4", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"RemoteAddressIP6", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"MACAddress", EntityKind::kMac, EntityRole::kTarget},
    {"SHA256String", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"SHA256HashData", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"MD5String", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"MD5HashData", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"SHA1String", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"SHA1HashData", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"QuarantineFiles.ImageFileName", EntityKind::kFile, EntityRole::kRelated},
    {"QuarantineFiles.SHA256HashData", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"AssociatedFile", EntityKind::kFile, EntityRole::kRelated},
    {"MobileAppsDetails.ImageFileName", EntityKind::kFile, EntityRole::kRelated},
    {"Filename", EntityKind::kFile, EntityRole::kRelated},    // data protection: the customer's own file,
    {"ContentSha", EntityKind::kHash, EntityRole::kRelated},  // so its hash is no indicator
    {"AccountId", EntityKind::kAccount, EntityRole::kTarget},
    {"DnsRequests.DomainName", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"DomainName", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
});

constexpr auto kApiEntities = std::to_array<EntityField>({
    {"device.hostname", EntityKind::kHost, EntityRole::kTarget},
    {"hosts.hostname", EntityKind::kHost, EntityRole::kTarget},
    {"host_names", EntityKind::kHost, EntityRole::kTarget},
    {"target_endpoint_host_name", EntityKind::kHost, EntityRole::kTarget},
    {"source_endpoint_host_name", EntityKind::kHost, EntityRole::kSource},
    {"device.local_ip", EntityKind::kIp, EntityRole::kTarget},
    {"device.external_ip", EntityKind::kIp, EntityRole::kTarget},
    {"hosts.local_ip", EntityKind::kIp, EntityRole::kTarget},
    {"hosts.external_ip", EntityKind::kIp, EntityRole::kTarget},
    {"device.mac_address", EntityKind::kMac, EntityRole::kTarget},
    {"user_name", EntityKind::kUser, EntityRole::kTarget},
    {"users", EntityKind::kUser, EntityRole::kTarget},
    {"target_account_name", EntityKind::kUser, EntityRole::kTarget},
    {"source_endpoint_ip_address", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"source_endpoint_address_ip4", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"sha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"associated_files.filepath", EntityKind::kFile, EntityRole::kRelated},
    {"associated_files.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"ioc_context.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"ioc_context.md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"quarantined_files.filename", EntityKind::kFile, EntityRole::kRelated},
    {"quarantined_files.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"dns_requests.domain_name", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
});

// Detections over several domains write lists, joined by commas in the stream.
constexpr auto kLists = std::to_array<EntityField>({
    {"HostNames", EntityKind::kHost, EntityRole::kTarget},
    {"UserNames", EntityKind::kUser, EntityRole::kTarget},
    {"IPv4Addresses", EntityKind::kIp, EntityRole::kRelated, Standing::kObserved},
    {"IPv6Addresses", EntityKind::kIp, EntityRole::kRelated, Standing::kObserved},
    {"DomainNames", EntityKind::kDomain, EntityRole::kRelated, Standing::kObserved},
    {"SHA256Hashes", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"MD5Hashes", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"ipv4_addresses", EntityKind::kIp, EntityRole::kRelated, Standing::kObserved},
    {"ipv6_addresses", EntityKind::kIp, EntityRole::kRelated, Standing::kObserved},
    {"domain_names", EntityKind::kDomain, EntityRole::kRelated, Standing::kObserved},
    {"sha256_hashes", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"md5_hashes", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
});

void read_lists(const Node& from, AlertDraft& draft) {
  if (!from.any({"HostNames", "IPv4Addresses", "ipv4_addresses", "domain_names"})) return;
  for (const auto& list : kLists) {
    each_name_at(from, list.path, [&](std::string_view name) {
      add_entity(draft, list.kind, name, list.role, list.standing);
    });
  }
}

// The account of an identity detection; console audits name theirs in UserId.
void read_account(const Node& from, AlertDraft& draft) {
  auto account = first_text(
      from, {"SourceAccountUpn", "source_account_upn", "SourceAccountName", "source_account_name"});
  if (account.empty() && from["UserId"].text().find('@') != std::string_view::npos)
    account = from["UserId"].text();
  draft.entity(EntityKind::kUser, account, EntityRole::kTarget);
}

// ioc_type says what ioc_value is; a registry key, a file name or a behaviour is no indicator.
void read_ioc(std::string_view type, std::string_view value, AlertDraft& draft) {
  auto kind = EntityKind::kFile;
  if (contains_ignoring_case(type, "hash")) kind = EntityKind::kHash;
  if (contains_ignoring_case(type, "domain")) kind = EntityKind::kDomain;
  if (contains_ignoring_case(type, "ip")) kind = EntityKind::kIp;
  if (kind == EntityKind::kFile && !contains_ignoring_case(type, "file")) return;
  draft.reported(kind, value, EntityRole::kRelated);
}

// ConnectionDirection 0 is outbound, 1 inbound, 2 neither; the API writes the words.
void read_network(const Node& access, AlertDraft& draft) {
  const auto direction = access.any({"ConnectionDirection", "connection_direction"}).scalar();
  const bool inbound = direction == "1" || equal_ignoring_case(direction, "inbound");
  draft.observed(EntityKind::kIp, access.any({"RemoteAddress", "remote_address"}).text(),
                 inbound ? EntityRole::kSource : EntityRole::kDestination);
}

void read_process(const Node& from, AlertDraft& draft) {
  const auto image = from["ImageFileName"].text();
  const auto name = from.any({"FileName", "filename"}).text();
  const auto folder = from.any({"FilePath", "filepath"}).text();
  draft.entity(EntityKind::kFile, image.empty() ? join_path(folder, name) : std::string(image),
               EntityRole::kRelated);
  const auto line = from.any({"CommandLine", "cmdline"}).text();
  if (!line.empty())
    draft.entity(EntityKind::kProcess, name.empty() ? base_name(image) : name, EntityRole::kRelated);
  draft.command_line(line);
  draft.process_hash(from.any({"SHA256String", "SHA256HashData", "sha256"}).text());
  draft.parent_process(from.any({"ParentImageFileName", "ParentBaseFileName"}).text());
  draft.parent_process(first_text(
      from, {"parent_details.filepath", "parent_details.filename", "parent_details.parent_cmdline"}));
}

void read_attack(const Node& from, AlertDraft& draft) {
  const auto pair = [&](const Node& one) {
    read_tactic(one.any({"TacticID", "tactic_id", "TacticId"}).text(), draft);
    read_tactic(one.any({"Tactic", "tactic"}).text(), draft);
    const auto id = one.any({"TechniqueID", "technique_id", "TechniqueId"}).text();
    read_technique(id.starts_with('T') ? id : one.any({"Technique", "technique"}).text(), draft);
  };
  for (const auto* name : {"TacticIds", "tactic_ids", "tactics"})
    each_name_at(from, name, [&](std::string_view tactic) { read_tactic(tactic, draft); });
  for (const auto* name : {"TechniqueIds", "technique_ids", "techniques"})
    each_name_at(from, name, [&](std::string_view technique) { read_technique(technique, draft); });
  const Node list = from.any({"MitreAttack", "mitre_attack"});
  if (list) return list.each(pair);
  pair(from);
}

// Older detections count to five, all others to a hundred.
Severity severity_of(const Node& from, Severity otherwise = Severity::kMedium) {
  const auto word = severity_from_word(
      from.any({"SeverityName", "severity_name", "max_severity_displayname", "RulePriority"}).text());
  if (word) return *word;
  const auto number = from.any({"Severity", "severity", "max_severity", "Score", "score"}).number();
  if (!number) return otherwise;
  return severity_on(from["DetectId"] && *number <= 5 ? kFive : kHundred, *number);
}

void read_times(const Node& from, std::initializer_list<std::string_view> names, AlertDraft& draft) {
  for (const auto name : names) draft.occurred_at(read_time(from[name]));
}

constexpr int kMaxWritten = 8;  // an installer writes hundreds

void read_written(const Node& from, AlertDraft& draft) {
  for (const auto* list : {"ExecutablesWritten", "executables_written", "FilesWritten", "files_written"}) {
    int left = kMaxWritten;
    from[list].each([&](const Node& file) {
      if (left-- <= 0) return;
      draft.entity(
          EntityKind::kFile,
          join_path(file.any({"FilePath", "filepath"}).text(), file.any({"FileName", "filename"}).text()),
          EntityRole::kRelated);
    });
  }
}

void read_common(const Node& from, AlertDraft& draft) {
  const auto description =
      from.any({"DetectDescription", "IncidentDescription", "Description", "description"});
  draft.message(description.text());
  draft.source_url(from.any({"FalconHostLink", "falcon_host_link"}).text());
  draft.rule(from.any({"PatternId", "pattern_id", "scenario"}).scalar());
  if (const auto technique = from.any({"Technique", "technique"}).text(); !technique.empty())
    draft.type(slug(technique));
  draft.vendor_status(from.any({"State", "state", "status", "PatternDispositionDescription",
                                "pattern_disposition_description", "ResponseAction"})
                          .text());
  draft.vendor_verdict(from.any({"Resolution", "resolution"}).text());
  read_attack(from, draft);
  read_process(from, draft);
  read_ioc(from.any({"IOCType", "ioc_type"}).text(), from.any({"IOCValue", "ioc_value"}).text(), draft);
  from.any({"NetworkAccesses", "network_accesses"}).each([&](const Node& one) { read_network(one, draft); });
  read_network(from, draft);
  read_written(from, draft);
  read_account(from, draft);
  read_lists(from, draft);
  draft.mine(description.text());
}

// ---- Event Streams ----

constexpr auto kAlertWords =
    std::to_array<std::string_view>({"detectionsummary", "incidentsummary", "leadsummary",
                                     "identityprotection", "notificationsummary", "customerioc", "cspm"});

bool is_alert_type(std::string_view type) {
  for (const auto word : kAlertWords) {
    if (contains_ignoring_case(type, word)) return true;
  }
  return false;
}

std::string stream_title(const Node& event, std::string_view type) {
  auto title = first_text(event, {"DetectName", "DisplayName", "Name", "PolicyStatement", "IncidentType",
                                  "OperationName", "RuleName", "Tactic"});
  const bool named = !title.empty() && !is_digit(title[0]);
  return named ? title : std::string(type);
}

// Incidents of the stream carry their id only in the link: "…/details/inc:1:2?_cid=3".
std::string_view id_in_link(std::string_view link) {
  const auto last = base_name(link.substr(0, link.find('?')));
  return last.find(':') == std::string_view::npos ? std::string_view() : last;
}

// PascalCase fields, whether in "event" of a stream or flat in FDR.
void read_stream_event(const Node& event, const Node& metadata, std::string_view type, AlertDraft& draft) {
  const bool incident = contains_ignoring_case(type, "incident");
  draft.source_id(first_text(event, {"DetectId", "CompositeId", "IncidentID", "IdentityProtectionIncidentId",
                                     "LeadId", "NotificationId", "EventUUID"}));
  if (!draft.alert().source_id) draft.source_id(id_in_link(event["FalconHostLink"].text()));
  draft.title(stream_title(event, type));
  if (const auto fine = event["FineScore"].number(); fine && incident) {
    draft.severity(severity_on(kFineScore, *fine));
  } else {
    draft.severity(severity_of(event, is_alert_type(type) ? Severity::kMedium : Severity::kInfo));
  }
  read_times(event,
             {"StartTime", "IncidentStartTime", "SignalStartTimestamp", "StartTimeEpoch", "ContextTimeStamp",
              "Timestamp"},
             draft);
  draft.occurred_at(read_time(metadata["eventCreationTime"]));
  read_times(event, {"UTCTimestamp", "timestamp", "ProcessStartTime"}, draft);
  read_common(event, draft);
  read_entities(event, kEntities, draft);
  if (!draft.alert().type.empty()) return;
  const bool named = draft.alert().title != type;
  draft.type(is_alert_type(type) && named && !incident ? "" : slug(type));
}

void read_stream(const Node& object, Output& out) {
  const Node metadata = object["metadata"];
  const auto type = metadata["eventType"].text();
  out.add(is_alert_type(type) ? RecordKind::kAlert : RecordKind::kEvent,
          [&](AlertDraft& draft) { read_stream_event(object["event"], metadata, type, draft); });
}

// A detection that a collector took out of its envelope.
bool is_flat_detection(const Node& object) {
  return object.any({"CompositeId", "DetectId"}) && object["FalconHostLink"].is_string();
}

void read_replicated(const Node& object, Output& out) {
  auto type = object["ExternalApiType"].text();
  if (type.starts_with("Event_")) type.remove_prefix(6);
  const bool alert = is_alert_type(type) || is_flat_detection(object);
  out.add(alert ? RecordKind::kAlert : RecordKind::kEvent,
          [&](AlertDraft& draft) { read_stream_event(object, Node(), type, draft); });
}

// ---- telemetry ----

void read_telemetry(const Node& object, Output& out) {
  const Node event = object["event"].is_object() ? object["event"] : object;
  const auto name = event.any({"event_simpleName", "event_simplename"}).text();
  out.add(RecordKind::kEvent, [&](AlertDraft& draft) {
    draft.source_id(event.any({"id", "EventUUID"}).text());
    draft.title(name);
    draft.type(slug(name));
    draft.severity(Severity::kInfo);
    read_times(event, {"timestamp", "ContextTimeStamp"}, draft);
    draft.occurred_at(read_time(object["timestamp"]));
    read_process(event, draft);
    read_entities(event, kEntities, draft);
  });
}

// ---- APIs ----

// Analysts close an alert with one of these as a tag; the older API had them as states.
void read_verdict(std::string_view word, AlertDraft& draft) {
  if (word == "true_positive" || word == "false_positive" || word == "ignored") draft.vendor_verdict(word);
}

void read_api_alert(const Node& alert, AlertDraft& draft) {
  draft.source_id(first_text(alert, {"composite_id", "detection_id", "incident_id", "id"}));
  draft.title(first_text(alert, {"display_name", "name", "scenario", "behaviors.display_name",
                                 "behaviors.scenario", "description"}));
  const auto fine = alert["fine_score"].number();
  draft.severity(fine ? severity_on(kHundred, *fine) : severity_of(alert));
  read_times(alert,
             {"timestamp", "start", "first_behavior", "context_timestamp", "created_timestamp", "created"},
             draft);
  read_common(alert, draft);
  read_entities(alert, kApiEntities, draft);
  alert["behaviors"].each([&](const Node& behavior) {
    read_common(behavior, draft);
    read_entities(behavior, kApiEntities, draft);
  });
  read_verdict(alert["status"].text(), draft);
  alert["tags"].each([&](const Node& tag) {
    draft.tag(tag.text());
    read_verdict(tag.text(), draft);
  });
}

bool is_api_alert(const Node& object) {
  return (object["composite_id"] && object["cid"]) || (object["detection_id"] && object["behaviors"]) ||
         (object["incident_id"] && object["fine_score"]) ||
         (object["composite_id"] && object["falcon_host_link"]);
}

bool is_stream(const Node& object) {
  return object["metadata"]["eventType"].is_string() && object["event"].is_object() &&
         (object["metadata"]["customerIDString"] || object["metadata"]["offset"]);
}

bool is_telemetry(const Node& object) {
  const bool named =
      object["event_simpleName"] || object["event_simplename"] || object["event"]["event_simpleName"];
  return named && object["aid"];
}

// Queries answer with ids alone, and the older APIs differ in what else they name.
bool has_id(const Node& object) {
  return object.is_object() &&
         object.any({"composite_id", "detection_id", "incident_id", "behavior_id", "alert_id", "id"});
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (!has_id(object)) {
    return out.reject_part(bytes, "this resource is no alert, detection or incident",
                           "Send what the API answers to a request for the details of the ids.");
  }
  out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_api_alert(object, draft); });
}

}  // namespace

bool is_crowdstrike(const Node& object) {
  return is_stream(object) || object["ExternalApiType"].is_string() || is_flat_detection(object) ||
         is_api_alert(object) || is_telemetry(object) || is_api_alert(object["resources"].at(0));
}

void read_crowdstrike(const Node& object, Output& out) {
  if (is_stream(object)) return read_stream(object, out);
  if (object["ExternalApiType"].is_string() || is_flat_detection(object)) return read_replicated(object, out);
  if (is_telemetry(object)) return read_telemetry(object, out);
  if (is_api_alert(object)) return read_one(object, out.item(), out);
  if (const Node list = object["resources"]; list.is_array()) {
    return for_each_part(
        out.item(), "resources", list,
        [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bytes, out); });
  }
  out.reject(
      "neither a Falcon event nor an alert",
      "Send objects of Event Streams, the Alerts API, Detects or Incidents API, or Falcon Data Replicator.");
}

}  // namespace tocsin::ingest
