#include <array>

#include "ingest/normalisers/gcp.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// Event Threat Detection's own log of what it found.
void read_detector_entry(const Node& entry, AlertDraft& draft) {
  const Node payload = entry["jsonPayload"];
  const Node category = payload["detectionCategory"];
  const auto rule = category["ruleName"].text();
  draft.type(slug(rule));
  draft.title(rule);
  draft.rule(rule);
  draft.severity(gcp_severity(payload["detectionPriority"].text(), Severity::kMedium));
  for (const auto* name : {"technique", "indicator", "subRuleName"}) draft.tag(category[name].text());
  payload["affectedResources"].each([&](const Node& resource) {
    draft.entity(EntityKind::kCloudResource, resource["gcpResourceName"].text(), EntityRole::kTarget);
  });
  const Node properties = payload["properties"];
  read_gcp_user(properties.any({"principalEmail", "userEmail"}).text(), EntityRole::kTarget, draft);
  draft.observed(EntityKind::kIp, properties.any({"callerIp", "remoteIp"}).text(), EntityRole::kSource);
  properties["ip"].each(
      [&](const Node& ip) { draft.observed(EntityKind::kIp, ip.text(), EntityRole::kRelated); });
  properties["domain"].each(
      [&](const Node& name) { draft.observed(EntityKind::kDomain, name.text(), EntityRole::kRelated); });
  draft.source_url(payload["findingUri"].text());
}

// Cloud IDS: what the engine of a next-generation firewall saw.
void read_ids_entry(const Node& entry, AlertDraft& draft) {
  const Node alert = entry["jsonPayload"];
  draft.title(alert["name"].text());
  draft.message(alert["details"].text());
  draft.rule(alert["threat_id"].scalar());
  draft.severity(gcp_severity(alert["alert_severity"].text(), Severity::kMedium));
  for (const auto* name : {"type", "category"}) draft.tag(alert[name].text());
  add_traffic(draft, {alert["source_ip_address"].text()}, {alert["destination_ip_address"].text()},
              Suspect::kSource);
  alert["cves"].each(
      [&](const Node& cve) { draft.observed(EntityKind::kCve, cve.text(), EntityRole::kRelated); });
  draft.entity(EntityKind::kFile, alert["uri_or_filename"].text(), EntityRole::kRelated);
}

// Firewall and flow logs: the connection and the customer's machines at its ends.
void read_connection(const Node& json, AlertDraft& draft) {
  const Node connection = json["connection"];
  const auto source = connection["src_ip"].text();
  const auto destination = connection["dest_ip"].text();
  const auto ends = describe_traffic(source, connection["src_port"].scalar(), destination,
                                     connection["dest_port"].scalar(), {});
  const auto disposition = json["disposition"].text();
  if (!ends.empty())
    draft.title("Traffic " + std::string(disposition) + (disposition.empty() ? "" : " ") + ends);
  draft.vendor_status(disposition);
  draft.rule(json["rule_details"]["reference"].text());
  add_traffic(draft, {source}, {destination}, Suspect::kBoth);
  draft.entity(EntityKind::kHost, json["instance"]["vm_name"].text(), EntityRole::kTarget);
  draft.entity(EntityKind::kHost, json["src_instance"]["vm_name"].text(), EntityRole::kSource);
  draft.entity(EntityKind::kHost, json["dest_instance"]["vm_name"].text(), EntityRole::kDestination);
}

void read_dns(const Node& json, AlertDraft& draft) {
  const auto name = json["queryName"].text();
  if (name.empty()) return;
  draft.title("DNS query " + std::string(name));
  draft.observed(EntityKind::kDomain, name, EntityRole::kDestination);
  draft.entity(EntityKind::kIp, json["sourceIP"].text(), EntityRole::kSource);
  auto machine = json["vmInstanceName"].text();  // "<project number>.<name>"
  if (machine.find('.') != std::string_view::npos) take_until(machine, '.');
  draft.entity(EntityKind::kHost, machine, EntityRole::kTarget);
}

void read_request(const Node& entry, AlertDraft& draft) {
  const Node request = entry["httpRequest"];
  const auto url = request["requestUrl"].text();
  if (!url.empty()) {
    draft.title(std::string(request["requestMethod"].text()) + ' ' + std::string(url) + ' ' +
                request["status"].scalar());
  }
  draft.observed(EntityKind::kIp, request["remoteIp"].text(), EntityRole::kSource);
  draft.entity(EntityKind::kUrl, url, EntityRole::kTarget);
  const Node policy = entry["jsonPayload"]["enforcedSecurityPolicy"];  // Cloud Armor
  draft.vendor_status(policy["outcome"].text());
  draft.rule(policy["name"].text());
  policy["preconfiguredExprIds"].each([&](const Node& id) { draft.tag(id.text()); });
}

}  // namespace

bool is_gcp_threat(const Node& entry) {
  const Node json = entry["jsonPayload"];
  return json["detectionCategory"].is_object() || (json["alert_severity"] && json["threat_id"]);
}

void read_gcp_threat(const Node& entry, AlertDraft& draft) {
  entry["jsonPayload"]["alert_severity"] ? read_ids_entry(entry, draft) : read_detector_entry(entry, draft);
}

void read_gcp_log(const Node& entry, AlertDraft& draft) {
  const Node json = entry["jsonPayload"];
  const auto resource = entry["resource"]["type"].text();
  draft.type(slug("gcp " + std::string(resource)));
  draft.severity(gcp_severity(entry["severity"].text(), Severity::kInfo));
  draft.title(entry["textPayload"].text());
  draft.title(json.any({"message", "event_type"}).text());
  read_connection(json, draft);
  read_dns(json, draft);
  read_request(entry, draft);
  draft.title("Log entry of " + std::string(resource));
}

}  // namespace tocsin::ingest
