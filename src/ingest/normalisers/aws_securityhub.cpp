// Security Hub findings in ASFF ("AWS Security Finding Format"), bare or in EventBridge, SNS and list
// answers.

#include <array>

#include "ingest/aws_envelope.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// The label; else the normalised number: 0 informational, 1-39 low, 40-69 medium, 70-89 high, 90-100
// critical.
Severity severity_of(const Node& finding) {
  for (const Node& severity : {finding["Severity"], finding["FindingProviderFields"]["Severity"]}) {
    if (const auto word = severity_from_word(severity["Label"].text())) return *word;
    const auto score = severity["Normalized"].number();
    if (!score) continue;
    if (*score >= 90) return Severity::kCritical;
    if (*score >= 70) return Severity::kHigh;
    if (*score >= 40) return Severity::kMedium;
    return *score >= 1 ? Severity::kLow : Severity::kInfo;
  }
  return Severity::kMedium;
}

// "TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled"; some have no category between, and some
// are about what came of it: "Effects/Data Exfiltration".
void read_type(std::string_view type, AlertDraft& draft) {
  draft.tag(type);
  auto rest = type;
  const auto space = take_until(rest, '/');
  if (space != "TTPs" && space != "Effects" && space != "Unusual Behaviors") return;
  auto category = take_until(rest, '/');
  draft.type(slug(rest.empty() ? category : rest));
  category = take_until(category, ':');
  draft.tactic(category == "Data Exfiltration" ? "Exfiltration" : category);
}

// Who a session belongs to stands behind the colon: "AROA…:jane".
std::string_view session_of(std::string_view principal_id) {
  const auto colon = principal_id.find(':');
  return colon == std::string_view::npos ? std::string_view() : principal_id.substr(colon + 1);
}

void read_details(const Node& details, EntityRole role, AlertDraft& draft) {
  const Node key = details["AwsIamAccessKey"];
  const auto session = session_of(key["PrincipalId"].text());
  const Node named = key.any({"UserName", "PrincipalName"});
  draft.entity(EntityKind::kUser, session, role);
  draft.entity(EntityKind::kUser, named.text(), session.empty() ? role : EntityRole::kRelated);
  draft.entity(EntityKind::kCloudResource, key["SessionContext"]["SessionIssuer"]["Arn"].text(),
               EntityRole::kRelated);
  draft.entity(EntityKind::kUser, details["AwsIamUser"]["UserName"].text(), role);
  const Node instance = details["AwsEc2Instance"];
  for (const auto* name : {"IpV4Addresses", "IpV6Addresses"}) {
    instance[name].each([&](const Node& ip) { draft.entity(EntityKind::kIp, ip.text(), role); });
  }
  draft.entity(EntityKind::kCloudResource, details["Container"]["Name"].text(), role);
  draft.entity(EntityKind::kCloudResource, details["AwsLambdaFunction"]["FunctionName"].text(), role);
}

void read_resource(const Node& resource, AlertDraft& draft) {
  const bool actor = equal_ignoring_case(resource["ResourceRole"].text(), "actor");
  const auto role = actor ? EntityRole::kActor : EntityRole::kTarget;
  const auto id = resource["Id"].text();
  const auto type = resource["Type"].text();
  if (!id.starts_with('<') && type != "AwsAccount") draft.entity(EntityKind::kCloudResource, id, role);
  constexpr std::string_view kKey = "AWS::IAM::AccessKey:";
  if (id.starts_with(kKey)) draft.entity(EntityKind::kCloudResource, id.substr(kKey.size()), role);
  const auto slash = id.rfind('/');
  if (type == "AwsEc2Instance")
    draft.entity(EntityKind::kHost, slash == std::string_view::npos ? id : id.substr(slash + 1), role);
  const bool user = type == "AwsIamUser" || id.find(":user/") != std::string_view::npos;
  if (user && slash != std::string_view::npos) draft.entity(EntityKind::kUser, id.substr(slash + 1), role);
  read_details(resource["Details"], role, draft);
}

void read_remote(const Node& action, AlertDraft& draft) {
  const bool outbound = action["ConnectionDirection"].text() == "OUTBOUND";
  draft.observed(EntityKind::kIp, action["RemoteIpDetails"]["IpAddressV4"].text(),
                 outbound ? EntityRole::kDestination : EntityRole::kSource);
  draft.observed(EntityKind::kDomain, action["Domain"].text(), EntityRole::kDestination);
  draft.observed(EntityKind::kDomain, action["DomainDetails"]["Domain"].text(), EntityRole::kRelated);
}

void read_action(const Node& action, AlertDraft& draft) {
  for (const auto* name : {"AwsApiCallAction", "NetworkConnectionAction", "DnsRequestAction"})
    read_remote(action[name], draft);
  action["PortProbeAction"]["PortProbeDetails"].each([&](const Node& probe) { read_remote(probe, draft); });
  draft.tag(action["AwsApiCallAction"]["Api"].text());
}

// GuardDuty's action as its findings were first imported: paths as names.
void read_product_fields(const Node& fields, AlertDraft& draft) {
  constexpr auto kActions = std::to_array<std::string_view>(
      {"awsApiCallAction/", "networkConnectionAction/", "kubernetesApiCallAction/", "rdsLoginAttemptAction/",
       "portProbeAction/portProbeDetails:0_/"});
  const std::string path = "aws/guardduty/service/action/";
  for (const auto action : kActions) {
    const auto prefix = path + std::string(action);
    const bool outbound = fields[prefix + "connectionDirection"].text() == "OUTBOUND";
    draft.observed(EntityKind::kIp, fields[prefix + "remoteIpDetails/ipAddressV4"].text(),
                   outbound ? EntityRole::kDestination : EntityRole::kSource);
  }
  draft.observed(EntityKind::kDomain, fields[path + "dnsRequestAction/domain"].text(),
                 EntityRole::kDestination);
}

void read_network(const Node& network, AlertDraft& draft) {
  const bool inbound = !equal_ignoring_case(network["Direction"].text(), "out");
  const auto add = [&](const Node& address, const Node& name, EntityRole role, bool own) {
    add_peer(draft, EntityKind::kIp, address.text(), own, role);
    add_peer(draft, EntityKind::kDomain, name.text(), own, role);
  };
  add(network.any({"SourceIpV4", "SourceIpV6"}), network["SourceDomain"], EntityRole::kSource, !inbound);
  add(network.any({"DestinationIpV4", "DestinationIpV6"}), network["DestinationDomain"],
      EntityRole::kDestination, inbound);
  draft.entity(EntityKind::kMac, network["SourceMac"].text(), EntityRole::kSource);
}

struct IndicatorType {
  std::string_view name;
  EntityKind kind;
};

constexpr auto kIndicators = std::to_array<IndicatorType>({
    {"DOMAIN", EntityKind::kDomain},
    {"EMAIL_ADDRESS", EntityKind::kEmail},
    {"HASH_MD5", EntityKind::kHash},
    {"HASH_SHA1", EntityKind::kHash},
    {"HASH_SHA256", EntityKind::kHash},
    {"IPV4_ADDRESS", EntityKind::kIp},
    {"IPV6_ADDRESS", EntityKind::kIp},
    {"URL", EntityKind::kUrl},
});

void read_threats(const Node& finding, AlertDraft& draft) {
  finding["ThreatIntelIndicators"].each([&](const Node& indicator) {
    for (const auto& known : kIndicators) {
      if (known.name == indicator["Type"].text())
        draft.observed(known.kind, indicator["Value"].text(), EntityRole::kRelated);
    }
  });
  finding["Malware"].each([&](const Node& malware) {
    draft.tag(malware["Name"].text());
    draft.entity(EntityKind::kFile, malware["Path"].text(), EntityRole::kRelated);
  });
  finding["Threats"].each([&](const Node& threat) {
    draft.tag(threat["Name"].text());
    threat["FilePaths"].each([&](const Node& file) {
      draft.entity(EntityKind::kFile, file.any({"FilePath", "FileName"}).text(), EntityRole::kRelated);
      draft.observed(EntityKind::kHash, file["Hash"].text(), EntityRole::kRelated);
    });
  });
  finding["Vulnerabilities"].each([&](const Node& vulnerability) {
    draft.observed(EntityKind::kCve, vulnerability["Id"].text(), EntityRole::kRelated);
  });
  const Node process = finding["Process"];
  draft.entity(EntityKind::kProcess, process.any({"Path", "Name"}).text(), EntityRole::kRelated);
}

void read_finding(const Node& finding, AlertDraft& draft) {
  draft.source_id(finding["Id"].text());
  draft.title(finding["Title"].text());
  draft.message(finding["Description"].text());
  draft.rule(finding["GeneratorId"].text());
  draft.severity(severity_of(finding));
  for (const auto* name : {"FirstObservedAt", "CreatedAt", "UpdatedAt", "ProcessedAt"})
    draft.occurred_at(read_time(finding[name]));
  draft.source_url(finding["SourceUrl"].text());
  draft.vendor_status(finding["WorkflowState"].text());
  draft.vendor_status(finding["Workflow"]["Status"].text());
  draft.vendor_verdict(finding["VerificationState"].text());
  for (const auto* name : {"ProductName", "Region", "RecordState"}) draft.tag(finding[name].text());
  draft.tag(finding["Compliance"]["Status"].text());
  const Node types = finding["Types"] ? finding["Types"] : finding["FindingProviderFields"]["Types"];
  types.each([&](const Node& type) { read_type(type.text(), draft); });
  finding["Resources"].each([&](const Node& resource) { read_resource(resource, draft); });
  draft.entity(EntityKind::kAccount, finding["AwsAccountId"].scalar(), EntityRole::kTarget);
  read_action(finding["Action"], draft);
  if (const Node fields = finding["ProductFields"]) read_product_fields(fields, draft);
  read_network(finding["Network"], draft);
  read_threats(finding, draft);
  draft.techniques_in(finding["Description"].text());
  draft.mine(finding["Description"].text());
}

bool is_finding(const Node& object) {
  return object["Title"].is_string() && object["Resources"].is_array() &&
         (object["ProductArn"] || object["SchemaVersion"] || object["GeneratorId"] || object["AwsAccountId"]);
}

}  // namespace

bool is_securityhub(const Node& object) {
  const Node record = first_aws_record(object);
  if (is_finding(record)) return true;
  const auto text = first_aws_text(object);
  return text.find("\"ProductArn\"") != std::string_view::npos &&
         text.find("\"GeneratorId\"") != std::string_view::npos;
}

void read_securityhub(const Node& object, Output& out) {
  open_aws_envelope(object, out.item(), out.options(), [&](const Node& finding, std::string_view bytes) {
    if (is_ocsf(finding)) return read_ocsf_record(finding, bytes, out);
    if (!is_finding(finding)) {
      return out.reject_part(
          bytes, "this is not a Security Hub finding",
          "A finding in ASFF has Title, ProductArn, AwsAccountId, Severity and Resources; send it "
          "bare, as an EventBridge event, in SNS or as {\"Findings\":[…]}.");
    }
    out.add(model::RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_finding(finding, draft); });
  });
}

}  // namespace tocsin::ingest
