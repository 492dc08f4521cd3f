// By what each source is recognised, for the person who asks why.

#include <algorithm>
#include <array>

#include "ingest/file/file_shape.h"

namespace tocsin::ingest {
namespace {

struct Shape {
  std::string_view source;
  std::string_view words;
};

constexpr auto kShapes = std::to_array<Shape>({
    {"abuseipdb", "an ipAddress with its abuseConfidenceScore"},
    {"aws-cloudtrail", "eventName, eventSource and userIdentity"},
    {"aws-guardduty", "a finding with type, severity and the detector's service or ARN"},
    {"aws-securityhub", "a finding with Title, Resources and ProductArn"},
    {"aws-vpcflow", "flow log columns: interface-id, srcaddr, dstaddr, action"},
    {"azure-activity", "an operationName with slashes and who called it"},
    {"azure-monitor", "the common alert schema: data.essentials and data.alertContext"},
    {"carbonblack", "device_name with org_key, threat_id or reason_code"},
    {"cef", "a CEF:0| header with its seven bars"},
    {"crowdstrike", "Falcon's eventType, composite_id or event_simpleName"},
    {"elastic", "kibana.alert or signal fields, or @timestamp with ecs"},
    {"email", "mail headers such as From, Received and Message-ID"},
    {"entra-signin", "a sign-in or a risk with userPrincipalName and its conditional access"},
    {"falco", "rule, priority and output"},
    {"fortinet-fortigate", "type=, subtype= and logid= or devid="},
    {"gcp-audit", "a payload with logName and insertId, or a finding of Security Command Center"},
    {"generic", "names that every alert may have: title or message, severity, host, user, src_ip"},
    {"google-secops", "a detection with its rule, or UDM metadata"},
    {"leef", "a LEEF: header"},
    {"microsoft-defender", "an alert or incident of Microsoft Graph or Defender"},
    {"microsoft-sentinel", "an incident or a SecurityAlert row of Microsoft Sentinel"},
    {"misp", "an Event with info, threat level and attributes"},
    {"ocsf", "class_uid, category_uid and time"},
    {"okta", "eventType, published, actor and outcome"},
    {"paloalto-cortex-xdr", "alert_id with detection_timestamp, or incident_id with xdr_url"},
    {"paloalto-ngfw", "comma-separated columns with a PAN-OS log type in the fourth"},
    {"proofpoint-tap", "messages or clicks with GUID and threats"},
    {"qradar", "an offence: id, description, offense_source, magnitude"},
    {"sentinelone", "threatInfo, or alertInfo with ruleInfo"},
    {"splunk", "result rows with sid or search_name, or _raw"},
    {"stix", "objects whose id begins with their type"},
    {"sublime", "flagged_rules, or a message with canonical_id"},
    {"suricata", "event_type with an alert, flow_id or in_iface"},
    {"syslog",
     "a syslog header (priority or time, then the host), or a line of an access, proxy, audit or query log"},
    {"trendmicro-visionone", "a workbench with model, or matchedRules and impactScope"},
    {"virustotal", "attributes with last_analysis_stats, or a report with response_code"},
    {"w3c", "a #Fields line that names the columns"},
    {"wazuh", "a rule with its level, and agent, manager or decoder"},
    {"windows-eventlog", "an <Event> with its <System> part, or its fields as JSON"},
    {"wiz", "an issue with control or entitySnapshot"},
    {"zeek", "a #fields header, or ts with uid and id.orig_h, or a notice"},
});
static_assert(std::is_sorted(kShapes.begin(), kShapes.end(),
                             [](const Shape& a, const Shape& b) { return a.source < b.source; }));

}  // namespace

std::string_view recognised_by(std::string_view source) {
  const auto* const found =
      std::lower_bound(kShapes.begin(), kShapes.end(), source,
                       [](const Shape& shape, std::string_view name) { return shape.source < name; });
  return found != kShapes.end() && found->source == source ? found->words : std::string_view();
}

}  // namespace tocsin::ingest
