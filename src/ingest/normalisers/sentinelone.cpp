// SentinelOne Singularity: threats (API v2.1 nested, v2.0 flat), STAR custom alerts, unified alerts, lists in
// "data" or of GraphQL's "edges", and activities (events).

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
    {"assets.name", EntityKind::kHost, EntityRole::kTarget},
    {"detectionTime.assets.asset.ipV4", EntityKind::kIp, EntityRole::kTarget},
    {"detectionTime.assets.asset.ipV6", EntityKind::kIp, EntityRole::kTarget},
    {"detectionTime.assets.cloud.instanceId", EntityKind::kCloudResource, EntityRole::kTarget},
    {"detectionTime.assets.kubernetes.podName", EntityKind::kCloudResource, EntityRole::kTarget},
    {"detectionTime.targetUser.emailAddress", EntityKind::kUser, EntityRole::kTarget},
    {"detectionTime.attacker.ip", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"detectionTime.attacker.host", EntityKind::kHost, EntityRole::kSource},
    {"process.username", EntityKind::kUser, EntityRole::kTarget},
    {"process.file.path", EntityKind::kFile, EntityRole::kRelated},
    {"process.file.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"process.file.sha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"process.file.md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"agentRealtimeInfo.name", EntityKind::kHost, EntityRole::kTarget},
    {"agentRealtimeInfo.agentComputerName", EntityKind::kHost, EntityRole::kTarget},
    {"agentDetectionInfo.name", EntityKind::kHost, EntityRole::kTarget},
    {"agentComputerName", EntityKind::kHost, EntityRole::kTarget},
    {"agentDetectionInfo.agentIpV4", EntityKind::kIp, EntityRole::kTarget},
    {"agentDetectionInfo.agentIpV6", EntityKind::kIp, EntityRole::kTarget},
    {"agentDetectionInfo.externalIp", EntityKind::kIp, EntityRole::kTarget},
    {"agentRealtimeInfo.networkInterfaces.inet", EntityKind::kIp, EntityRole::kTarget},
    {"agentRealtimeInfo.networkInterfaces.physical", EntityKind::kMac, EntityRole::kTarget},
    {"agentIp", EntityKind::kIp, EntityRole::kTarget},
    {"threatInfo.processUser", EntityKind::kUser, EntityRole::kTarget},
    {"sourceProcessInfo.user", EntityKind::kUser, EntityRole::kTarget},
    {"username", EntityKind::kUser, EntityRole::kTarget},
    {"agentDetectionInfo.agentLastLoggedInUpn", EntityKind::kUser, EntityRole::kRelated},
    {"agentDetectionInfo.agentLastLoggedInUserName", EntityKind::kUser, EntityRole::kRelated},
    {"threatInfo.filePath", EntityKind::kFile, EntityRole::kRelated},
    {"filePath", EntityKind::kFile, EntityRole::kRelated},
    {"sourceProcessInfo.filePath", EntityKind::kFile, EntityRole::kRelated},
    {"targetProcessInfo.tgtFilePath", EntityKind::kFile, EntityRole::kRelated},
    {"threatInfo.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"threatInfo.sha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"threatInfo.md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"fileSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"fileContentHash", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"sourceProcessInfo.fileHashSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"sourceProcessInfo.fileHashSha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"sourceProcessInfo.fileHashMd5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"targetProcessInfo.tgtFileHashSha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"targetProcessInfo.tgtFileHashSha1", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"alertInfo.dnsRequest", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"alertInfo.srcIp", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"alertInfo.srcMachineIp", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"alertInfo.dstIp", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"kubernetesInfo.pod", EntityKind::kCloudResource, EntityRole::kTarget},
    {"containerInfo.name", EntityKind::kCloudResource, EntityRole::kTarget},
});

// Of an activity: who did it in the console, and the agent and the file that it was about.
constexpr auto kActivityEntities = std::to_array<EntityField>({
    {"data.computerName", EntityKind::kHost, EntityRole::kTarget},
    {"data.externalIp", EntityKind::kIp, EntityRole::kTarget},
    {"data.ipAddress", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"data.username", EntityKind::kUser, EntityRole::kTarget},
    {"data.filePath", EntityKind::kFile, EntityRole::kRelated},
    {"data.fileContentHash", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
});

// A unified alert names what raised it ("analytics") and the assets that it is about.
bool is_unified(const Node& object) {
  return object["detectionSource"].is_object() && object["detectedAt"] && object["name"].is_string();
}

// Threats carry no severity: what the engine is sure of, and what it calls the thing, stand for one.
Severity severity_of(const Node& object) {
  if (const auto word = severity_from_word(first_text(object, {"ruleInfo.severity", "severity"})))
    return *word;
  if (contains_ignoring_case(first_text(object, {"threatInfo.classification", "classification"}), "ransom"))
    return Severity::kCritical;
  const auto sure = first_text(object, {"threatInfo.confidenceLevel", "confidenceLevel"});
  if (equal_ignoring_case(sure, "malicious")) return Severity::kHigh;
  return object["cloudVerdict"].text() == "black" ? Severity::kHigh : Severity::kMedium;
}

std::string verdict_of(const Node& object) {
  auto verdict =
      first_text(object, {"threatInfo.analystVerdict", "alertInfo.analystVerdict", "analystVerdict"});
  if (equal_ignoring_case(verdict, "undefined")) verdict.clear();
  if (verdict.empty() && object["markedAsBenign"].is_true()) verdict = "benign";
  return verdict;
}

void read_indicators(const Node& object, AlertDraft& draft) {
  std::string text = first_text(object, {"ruleInfo.description", "description"});
  object["indicators"].each([&](const Node& indicator) {
    const auto sentence = indicator["description"].text();
    if (text.size() < kMaxMessageBytes) text += (text.empty() ? "" : " ") + std::string(sentence);
    each_at(indicator, "tactics.name", [&](const Node& name) { read_tactic(name.text(), draft); });
    each_at(indicator, "tactics.techniques.name",
            [&](const Node& name) { read_technique(name.text(), draft); });
  });
  draft.message(text);
  draft.mine(text);
  draft.techniques_in(text);
}

void read_process(const Node& object, AlertDraft& draft) {
  draft.command_line(first_text(object, {"threatInfo.maliciousProcessArguments", "maliciousProcessArguments",
                                         "sourceProcessInfo.commandline", "process.cmdLine"}));
  draft.parent_process(first_text(object, {"threatInfo.originatorProcess", "sourceParentProcessInfo.filePath",
                                           "sourceParentProcessInfo.name", "process.parentName"}));
  draft.entity(
      EntityKind::kProcess,
      first_text(object, {"sourceProcessInfo.name", "process.file.name", "threatInfo.originatorProcess"}),
      EntityRole::kRelated);
  draft.process_hash(first_text(object, {"sourceProcessInfo.fileHashSha256", "threatInfo.sha256",
                                         "threatInfo.sha1", "process.file.sha256"}));
}

void read_times(const Node& object, AlertDraft& draft) {
  for (const auto* path :
       {"threatInfo.identifiedAt", "alertInfo.reportedAt", "alertInfo.createdAt", "identifiedAt",
        "firstSeenAt", "detectedAt", "createdAt", "threatInfo.createdAt", "createdDate"}) {
    draft.occurred_at(read_time(at_path(object, path)));
  }
}

void read_tags(const Node& object, AlertDraft& draft) {
  for (const auto* path : {"threatInfo.mitigationStatus", "mitigationStatus", "threatInfo.engines", "engines",
                           "threatInfo.confidenceLevel", "confidenceLevel", "attackSurfaces"}) {
    each_at(object, path, [&](const Node& tag) { draft.tag(tag.text()); });
  }
}

void read_threat(const Node& object, AlertDraft& draft) {
  draft.source_id(first_text(object, {"alertInfo.alertId", "threatInfo.threatId", "id"}));
  draft.title(
      first_text(object, {"ruleInfo.name", "threatInfo.threatName", "threatName", "name", "description"}));
  draft.type(slug(first_text(object, {"threatInfo.classification", "classification"})));
  draft.rule(first_text(object, {"ruleInfo.id", "threatInfo.detectionEngines.key", "analytics.uid"}));
  draft.severity(severity_of(object));
  read_times(object, draft);
  draft.vendor_status(first_text(object, {"threatInfo.incidentStatus", "alertInfo.incidentStatus",
                                          "incidentStatus", "mitigationStatus", "status"}));
  draft.vendor_verdict(verdict_of(object));
  draft.source_url(first_text(object, {"threatInfo.threatUrl", "threatUrl", "portalUrl"}));
  read_indicators(object, draft);
  read_process(object, draft);
  read_tags(object, draft);
  read_entities(object, kEntities, draft);
}

void read_activity(const Node& object, AlertDraft& draft) {
  const auto text = first_text(object, {"primaryDescription", "description"});
  draft.source_id(object["id"].scalar());
  draft.title(text);
  draft.type("activity_" + object["activityType"].scalar());
  draft.severity(Severity::kInfo);
  draft.occurred_at(read_time(object["createdAt"]));
  draft.message(first_text(object, {"secondaryDescription"}));
  if (!first_text(object, {"threatId"}).empty()) draft.tag("threat:" + object["threatId"].scalar());
  read_entities(object, kActivityEntities, draft);
}

bool is_threat(const Node& object) {
  return object["threatInfo"].is_object() ||
         (object["alertInfo"].is_object() && object["ruleInfo"].is_object()) ||
         (object["threatName"] && object["agentId"]) || (object["threatName"] && object["fileContentHash"]) ||
         is_unified(object);
}

bool is_activity(const Node& object) {
  return object["activityType"] && object["primaryDescription"].is_string();
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (is_threat(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_threat(object, draft); });
  } else if (is_activity(object)) {
    out.add(RecordKind::kEvent, bytes, [&](AlertDraft& draft) { read_activity(object, draft); });
  } else {
    out.reject_part(bytes, "neither a SentinelOne threat nor an alert",
                    "Send objects of /web/api/v2.1/threats, /cloud-detection/alerts or /activities.");
  }
}

}  // namespace

bool is_sentinelone(const Node& object) {
  const auto known = [](const Node& one) { return is_threat(one) || is_activity(one); };
  return known(object) || known(object["data"].at(0)) || is_threat(object["threat"]) ||
         is_unified(object["data"]["alerts"]["edges"]["node"]);
}

void read_sentinelone(const Node& object, Output& out) {
  if (const Node list = object["data"]; list.is_array()) {
    return for_each_part(out.item(), "data", list, [&](const Node& one, std::string_view bytes, std::size_t) {
      read_one(one, bytes, out);
    });
  }
  if (const Node edges = object["data"]["alerts"]["edges"]; edges.is_array()) {
    const auto around = find_member(find_member(out.item(), "data"), "alerts");
    return for_each_part(around, "edges", edges, [&](const Node& edge, std::string_view bytes, std::size_t) {
      read_one(edge["node"], find_member(bytes, "node"), out);
    });
  }
  const Node inner = object["threat"].is_object() ? object["threat"] : object;
  read_one(inner, out.item(), out);
}

}  // namespace tocsin::ingest
