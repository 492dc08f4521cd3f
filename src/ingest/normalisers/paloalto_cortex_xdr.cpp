// Palo Alto Cortex XDR: alerts of the public API (v1 with "events", v2 with lists), and incidents with or
// without their alerts.

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
    {"host_name", EntityKind::kHost, EntityRole::kTarget},
    {"agent_fqdn", EntityKind::kHost, EntityRole::kTarget},
    {"host_ip", EntityKind::kIp, EntityRole::kTarget},
    {"agent_ip_addresses_v6", EntityKind::kIp, EntityRole::kTarget},
    {"mac_addresses", EntityKind::kMac, EntityRole::kTarget},
    {"user_name", EntityKind::kUser, EntityRole::kTarget},
    {"os_actor_effective_username", EntityKind::kUser, EntityRole::kRelated},
    {"action_local_ip", EntityKind::kIp, EntityRole::kTarget},
    {"action_local_ip_v6", EntityKind::kIp, EntityRole::kTarget},
    {"action_remote_ip", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"action_remote_ip_v6", EntityKind::kIp, EntityRole::kDestination, Standing::kObserved},
    {"action_external_hostname", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"dst_action_external_hostname", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"dns_query_name", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"fw_url_domain", EntityKind::kDomain, EntityRole::kDestination, Standing::kObserved},
    {"malicious_urls", EntityKind::kUrl, EntityRole::kDestination, Standing::kReported},
    {"fw_xff", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"fw_email_sender", EntityKind::kEmail, EntityRole::kSource, Standing::kObserved},
    {"fw_email_recipient", EntityKind::kEmail, EntityRole::kTarget},
    {"action_file_path", EntityKind::kFile, EntityRole::kRelated},
    {"action_file_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"action_file_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"action_file_macro_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"action_process_image_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"action_process_image_name", EntityKind::kProcess, EntityRole::kRelated},
    {"actor_process_image_path", EntityKind::kFile, EntityRole::kRelated},
    {"actor_process_image_name", EntityKind::kProcess, EntityRole::kRelated},
    {"actor_process_image_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"actor_process_image_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"causality_actor_process_image_sha256", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"causality_actor_process_image_md5", EntityKind::kHash, EntityRole::kRelated, Standing::kObserved},
    {"container_id", EntityKind::kCloudResource, EntityRole::kTarget},
    {"referenced_resource", EntityKind::kCloudResource, EntityRole::kTarget},
});

// "high", or "SEV_040_HIGH" as exports write it.
Severity severity_of(std::string_view text) {
  const auto cut = text.rfind('_');
  if (cut != std::string_view::npos) text.remove_prefix(cut + 1);
  return severity_from_word(text).value_or(Severity::kMedium);
}

// "STATUS_060_RESOLVED_FALSE_POSITIVE" and "resolved_false_positive" name a verdict.
void read_status(std::string_view status, AlertDraft& draft) {
  draft.vendor_status(status);
  const auto lowered = to_lower(status);
  const auto at = lowered.find("resolved_");
  if (at != std::string::npos) draft.vendor_verdict(std::string_view(lowered).substr(at + 9));
}

void read_process(const Node& from, AlertDraft& draft) {
  const auto line = first_text(from, {"action_process_image_command_line", "actor_process_command_line"});
  draft.command_line(line);
  each_at(from, "causality_actor_process_command_line", [&](const Node& text) { draft.mine(text.text()); });
  const bool child = !first_text(from, {"action_process_image_command_line"}).empty();
  draft.parent_process(
      child ? first_text(from, {"actor_process_image_path", "actor_process_image_name"})
            : first_text(from, {"causality_actor_process_image_path", "causality_actor_process_image_name"}));
  draft.process_hash(
      first_text(from, {child ? "action_process_image_sha256" : "actor_process_image_sha256"}));
}

void read_evidence(const Node& from, AlertDraft& draft) {
  read_entities(from, kEntities, draft);
  if (first_text(from, {"action_file_path"}).empty())
    draft.entity(EntityKind::kFile, first_text(from, {"action_file_name"}), EntityRole::kRelated);
  read_process(from, draft);
}

void read_attack(const Node& from, AlertDraft& draft) {
  for (const auto* name : {"mitre_tactic_id_and_name", "mitre_tactics_ids_and_names"}) {
    from[name].each([&](const Node& one) { read_tactic(one.text(), draft); });
  }
  for (const auto* name : {"mitre_technique_id_and_name", "mitre_techniques_ids_and_names"}) {
    from[name].each([&](const Node& one) { read_technique(one.text(), draft); });
  }
}

void read_alert(const Node& alert, AlertDraft& draft) {
  const auto description = alert["description"].text();
  draft.source_id(first_text(alert, {"alert_id", "internal_id", "external_id"}));
  draft.title(first_text(alert, {"name", "alert_name"}));
  draft.message(description);
  draft.rule(first_text(alert, {"matching_service_rule_id", "name"}));
  draft.severity(severity_of(alert["severity"].text()));
  for (const auto* name : {"detection_timestamp", "event_timestamp", "source_insert_ts", "local_insert_ts"}) {
    draft.occurred_at(read_time(at_path(alert, name)));
  }
  draft.source_url(first_text(alert, {"alert_link", "xdr_url"}));
  read_status(alert["resolution_status"].text(), draft);
  read_attack(alert, draft);
  read_evidence(alert, draft);
  alert["events"].each([&](const Node& event) { read_evidence(event, draft); });
  for (const auto* name : {"category", "action_pretty", "source"}) draft.tag(alert[name].text());
  alert["tags"].each([&](const Node& tag) { draft.tag(tag.text()); });
  draft.mine(description);
}

// "WIN10-01:0a1b2c…" names host and agent.
std::string_view before_colon(std::string_view text) {
  return text.substr(0, text.find(':'));
}

void read_incident(const Node& incident, AlertDraft& draft) {
  const auto description = incident["description"].text();
  draft.source_id(incident["incident_id"].scalar());
  draft.title(first_text(incident, {"incident_name", "description"}));
  draft.message(description);
  draft.severity(severity_of(first_text(incident, {"manual_severity", "severity"})));
  draft.occurred_at(read_time(incident["creation_time"]));
  draft.source_url(incident["xdr_url"].text());
  read_status(incident["status"].text(), draft);
  read_attack(incident, draft);
  incident["hosts"].each([&](const Node& host) {
    draft.entity(EntityKind::kHost, before_colon(host.text()), EntityRole::kTarget);
  });
  incident["users"].each(
      [&](const Node& user) { draft.entity(EntityKind::kUser, user.text(), EntityRole::kTarget); });
  draft.mine(description);
}

bool is_alert(const Node& object) {
  return object["alert_id"] && object["name"] && (object["detection_timestamp"] || object["matching_status"]);
}

bool is_incident(const Node& object) {
  return object["incident_id"] && (object["xdr_url"] || object["incident_sources"] || object["alert_count"]);
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (is_alert(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_alert(object, draft); });
  } else if (is_incident(object)) {
    out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_incident(object, draft); });
  } else {
    out.reject_part(
        bytes, "neither a Cortex XDR alert nor an incident",
        "Send objects of get_alerts, get_alerts_multi_events, get_incidents or get_incident_extra_data.");
  }
}

struct Alerts {
  Node list;
  std::string_view around;  // bytes of the object that holds "alerts", or of its "data"
  std::string_view member;
};

// {"reply":{"alerts":[…]}}, {"reply":{"alerts":{"data":[…]}}}, {"alerts":[…]}, {"reply":{"incidents":[…]}}.
Alerts find_alerts(const Node& object, std::string_view bytes) {
  const bool wrapped = object["reply"].is_object();
  const Node reply = wrapped ? object["reply"] : object;
  const auto inside = wrapped ? find_member(bytes, "reply") : bytes;
  for (const auto* member : {"alerts", "incidents"}) {
    const Node found = reply[member];
    if (found.is_array()) return {found, inside, member};
    if (found["data"].is_array()) return {found["data"], find_member(inside, member), "data"};
  }
  return {};
}

}  // namespace

bool is_cortex_xdr(const Node& object) {
  const auto alerts = find_alerts(object, {});
  return is_alert(object) || is_incident(object) || is_alert(alerts.list.at(0)) ||
         is_incident(alerts.list.at(0));
}

void read_cortex_xdr(const Node& object, Output& out) {
  const auto alerts = find_alerts(object, out.item());
  if (alerts.list.size() == 0) return read_one(object, out.item(), out);
  for_each_part(alerts.around, alerts.member, alerts.list,
                [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bytes, out); });
}

}  // namespace tocsin::ingest
