// VMware Carbon Black: Cloud alerts (API v7, v6, Data Forwarder), Cloud's older notifications, and EDR's
// watchlist, feed and binary hits from the event forwarder.

#include <algorithm>
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

constexpr SeverityScale kCloud{9, 7, 4, 1};  // 1..10
constexpr SeverityScale kEdr{90, 70, 40, 20};

constexpr auto kEntities = std::to_array<EntityField>({
    {"device_name", EntityKind::kHost, EntityRole::kTarget},
    {"deviceInfo.deviceName", EntityKind::kHost, EntityRole::kTarget},
    {"hostname", EntityKind::kHost, EntityRole::kTarget},
    {"computer_name", EntityKind::kHost, EntityRole::kTarget},
    {"docs.hostname", EntityKind::kHost, EntityRole::kTarget},
    {"device_internal_ip", EntityKind::kIp, EntityRole::kTarget},
    {"device_external_ip", EntityKind::kIp, EntityRole::kTarget},
    {"deviceInfo.internalIpAddress", EntityKind::kIp, EntityRole::kTarget},
    {"deviceInfo.externalIpAddress", EntityKind::kIp, EntityRole::kTarget},
    {"interface_ip", EntityKind::kIp, EntityRole::kTarget},
    {"comms_ip", EntityKind::kIp, EntityRole::kTarget},
    {"docs.interface_ip", EntityKind::kIp, EntityRole::kTarget},
    {"device_username", EntityKind::kUser, EntityRole::kTarget},
    {"process_username", EntityKind::kUser, EntityRole::kTarget},
    {"username", EntityKind::kUser, EntityRole::kTarget},
    {"docs.username", EntityKind::kUser, EntityRole::kTarget},
    {"process_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"process_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"childproc_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"childproc_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"threat_cause_actor_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"threat_indicators.sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"threatInfo.indicators.sha256Hash", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"docs.process_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"docs.process_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"process_name", EntityKind::kFile, EntityRole::kRelated},
    {"process_path", EntityKind::kFile, EntityRole::kRelated},
    {"docs.path", EntityKind::kFile, EntityRole::kRelated},
    {"threat_cause_actor_name", EntityKind::kFile, EntityRole::kRelated},
    {"netconn_remote_ip", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"netconn_remote_domain", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"remote_ip", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"remote_domain", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"k8s_workload_name", EntityKind::kCloudResource, EntityRole::kTarget},
    {"ioc_hit", EntityKind::kHash, EntityRole::kRelated, Standing::kReported},
});

// "MITRE_T1059_001_POWERSHELL": underscores where ids have a dot.
void read_ttp(std::string_view ttp, AlertDraft& draft) {
  draft.tag(ttp);
  constexpr std::string_view kPrefix = "MITRE_T";
  if (!ttp.starts_with(kPrefix)) return;
  auto id = std::string(ttp.substr(kPrefix.size() - 1, 9));
  if (id.size() == 9 && id[5] == '_' && std::all_of(id.begin() + 6, id.end(), is_digit)) id[5] = '.';
  draft.techniques_in(id);
}

void read_attack(const Node& alert, AlertDraft& draft) {
  read_tactic(first_text(alert, {"attack_tactic"}), draft);
  read_technique(first_text(alert, {"attack_technique"}), draft);
  for (const auto* path : {"ttps", "threat_indicators.ttps"})
    each_at(alert, path, [&](const Node& ttp) { read_ttp(ttp.text(), draft); });
}

void read_process(const Node& alert, AlertDraft& draft) {
  const auto path = first_text(alert, {"process_name", "process_path", "docs.path", "docs.process_name"});
  draft.entity(EntityKind::kProcess, base_name(path), EntityRole::kRelated);
  draft.command_line(first_text(alert, {"process_cmdline", "cmdline", "docs.cmdline"}));
  draft.parent_process(first_text(alert, {"parent_name", "parent_path", "docs.parent_name"}));
  draft.process_hash(
      first_text(alert, {"process_sha256", "docs.process_sha256", "process_md5", "docs.process_md5"}));
}

void read_times(const Node& alert, AlertDraft& draft) {
  for (const auto* path :
       {"first_event_timestamp", "first_event_time", "detection_timestamp", "eventTime", "backend_timestamp",
        "create_time", "event_timestamp", "timestamp", "created_time"}) {
    draft.occurred_at(read_time(at_path(alert, path)));
  }
}

// ---- Cloud ----

std::string link_of(const Node& alert) {
  auto link = first_text(alert, {"alert_url", "url"});
  if (!link.empty() && link.find("://") == std::string::npos && link[0] != '/') link.insert(0, "https://");
  return link;
}

void read_verdict(const Node& alert, AlertDraft& draft) {
  const auto verdict = first_text(alert, {"determination.value"});
  draft.vendor_verdict(verdict);
  draft.vendor_status(first_text(alert, {"workflow.status", "workflow.state", "sensor_action"}));
}

void read_cloud(const Node& alert, AlertDraft& draft) {
  const auto reason = first_text(alert, {"reason", "threatInfo.summary", "eventDescription"});
  draft.source_id(first_text(alert, {"id", "threatInfo.incidentId", "eventId"}));
  draft.title(first_text(alert, {"report_name", "reason", "threatInfo.summary", "ruleName"}));
  draft.message(reason);
  draft.type(slug(first_text(alert, {"type"})));
  draft.rule(first_text(alert, {"report_id", "rule_id", "reason_code", "threat_id", "ruleName"}));
  const auto score = at_path(alert, alert["severity"] ? "severity" : "threatInfo.score").number();
  draft.severity(score ? severity_on(kCloud, *score) : Severity::kMedium);
  read_times(alert, draft);
  draft.source_url(link_of(alert));
  read_verdict(alert, draft);
  read_attack(alert, draft);
  read_entities(alert, kEntities, draft);
  read_process(alert, draft);
  each_at(alert, "watchlists.name", [&](const Node& name) { draft.tag(name.text()); });
  draft.mine(reason);
}

bool is_cloud(const Node& object) {
  return (object["org_key"] && object["device_name"] && (object["threat_id"] || object["reason_code"])) ||
         (object["threatInfo"]["incidentId"] && object["deviceInfo"].is_object()) ||
         (object["legacy_alert_id"] && object["device_name"]);
}

// ---- EDR ----

void read_edr(const Node& alert, AlertDraft& draft) {
  const auto type = alert["type"].text();
  draft.source_id(first_text(alert, {"unique_id", "docs.unique_id"}));
  draft.title(first_text(alert, {"watchlist_name", "report_title", "feed_name", "docs.alert_title"}));
  draft.title(type);
  draft.type(slug(type));
  draft.rule(first_text(alert, {"watchlist_id", "report_id", "feed_name"}));
  const auto score = alert.any({"alert_severity", "report_score", "severity"}).number();
  draft.severity(score ? severity_on(kEdr, *score) : Severity::kMedium);
  read_times(alert, draft);
  draft.source_url(first_text(alert, {"link_process", "link_md5", "link_sensor"}));
  draft.vendor_status(first_text(alert, {"status", "docs.status"}));
  read_entities(alert, kEntities, draft);
  read_process(alert, draft);
  each_at(alert, "ioc_attr.highlights", [&](const Node& text) { draft.mine(text.text()); });
}

bool is_edr(const Node& object) {
  const auto type = object["type"].text();
  const bool hit = type.starts_with("watchlist.") || type.starts_with("feed.") || type.starts_with("alert.");
  return hit && (object["cb_server"] || object["server_name"] || object["docs"] || object["sensor_id"]);
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (is_edr(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_edr(object, draft); });
  } else if (is_cloud(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_cloud(object, draft); });
  } else {
    out.reject_part(
        bytes, "neither a Carbon Black Cloud alert nor an EDR hit",
        "Send alerts of Carbon Black Cloud (API v7 or Data Forwarder) or of the EDR event forwarder.");
  }
}

}  // namespace

bool is_carbonblack(const Node& object) {
  return is_cloud(object) || is_edr(object) || is_cloud(object["results"].at(0)) ||
         is_cloud(object["notifications"].at(0));
}

void read_carbonblack(const Node& object, Output& out) {
  for (const auto* member : {"results", "notifications"}) {
    const Node list = object[member];
    if (!list.is_array()) continue;
    return for_each_part(out.item(), member, list, [&](const Node& one, std::string_view bytes, std::size_t) {
      read_one(one, bytes, out);
    });
  }
  read_one(object, out.item(), out);
}

}  // namespace tocsin::ingest
