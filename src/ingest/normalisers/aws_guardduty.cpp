// AWS GuardDuty findings: bare, in an EventBridge event, in an SNS message, or from get-findings
// (PascalCase).

#include <array>

#include "ingest/aws_envelope.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// A member by its camelCase name, or as get-findings spells it ("Resource").
Node pick(const Node& object, std::string_view name) {
  if (const Node found = object[name]) return found;
  std::string pascal(name);
  if (is_lower(pascal[0])) pascal[0] = static_cast<char>(pascal[0] - 'a' + 'A');
  return object[pascal];
}

Node pick(const Node& object, std::initializer_list<std::string_view> path) {
  Node node = object;
  for (const auto name : path) node = pick(node, name);
  return node;
}

struct Meaning {
  std::string_view mark;
  std::string_view attack;
};

// The "threat purpose" before the colon ("GuardDuty finding format" in the user guide).
constexpr auto kPurposes = std::to_array<Meaning>({
    {"Backdoor", "TA0011"},
    {"CredentialAccess", "TA0006"},
    {"CryptoCurrency", "TA0040"},
    {"DefenseEvasion", "TA0005"},
    {"Discovery", "TA0007"},
    {"Execution", "TA0002"},
    {"Exfiltration", "TA0010"},
    {"Impact", "TA0040"},
    {"InitialAccess", "TA0001"},
    {"Persistence", "TA0003"},
    {"PrivilegeEscalation", "TA0004"},
    {"Recon", "TA0043"},
    {"Stealth", "TA0005"},
    {"Trojan", "TA0011"},
    {"UnauthorizedAccess", "TA0001"},
});

// Finding names whose documentation describes one technique.
constexpr auto kNames = std::to_array<Meaning>({
    {"SSHBruteForce", "T1110"},
    {"RDPBruteForce", "T1110"},
    {"SuccessfulBruteForce", "T1110"},
    {"FailedLogin", "T1110"},
    {"Bitcoin", "T1496"},
    {"Portscan", "T1046"},
    {"PortProbe", "T1595"},
    {"DGADomainRequest", "T1568.002"},
    {"DNSDataExfiltration", "T1048"},
    {"DenialOfService", "T1498"},
    {"CloudTrailLoggingDisabled", "T1562.008"},
    {"TorRelay", "T1090.003"},
    {"TorClient", "T1090.003"},
    {"ReverseShell", "T1059"},
    {"TorIPCaller", "T1090.003"},
    {"FilelessExecution", "T1620"},
    {"PrivilegedContainer", "T1610"},
    {"ContainerWithSensitiveMount", "T1611"},
    {"DockerSocketAccessed", "T1611"},
    {"RuncContainerEscape", "T1611"},
    {"CGroupsReleaseAgentModified", "T1611"},
    {"ProcessInjection", "T1055"},
    {"ConsoleLoginSuccess", "T1078.004"},
    {"CredentialExfiltration", "T1552.005"},
    {"MetadataDNSRebind", "T1552.005"},
});

void read_type(std::string_view type, AlertDraft& draft) {
  auto name = type.substr(0, type.find_first_of(".!"));
  draft.type(slug(name));
  draft.rule(type);
  const auto purpose = take_until(name, ':');
  bool known_technique = false;
  for (const auto& known : kNames) {
    if (name.find(known.mark) == std::string_view::npos) continue;
    draft.technique(known.attack);
    known_technique = true;
  }
  // "UnauthorizedAccess" is a catch-all; a technique says better what was attempted.
  if (known_technique && purpose == "UnauthorizedAccess") return;
  for (const auto& known : kPurposes) {
    if (known.mark == purpose) draft.tactic(known.attack);
  }
}

Severity severity_of(double score) {
  if (score >= 9) return Severity::kCritical;
  if (score >= 7) return Severity::kHigh;
  if (score >= 4) return Severity::kMedium;
  return score >= 1 ? Severity::kLow : Severity::kInfo;
}

void read_instance(const Node& instance, EntityRole role, AlertDraft& draft) {
  const auto id = pick(instance, "instanceId").text();
  draft.entity(EntityKind::kHost, id, role);
  draft.entity(EntityKind::kCloudResource, id, role);
  pick(instance, "networkInterfaces").each([&](const Node& interface) {
    draft.entity(EntityKind::kIp, pick(interface, "privateIpAddress").text(), role);
    draft.entity(EntityKind::kIp, pick(interface, "publicIp").text(), role);
    const auto name = pick(interface, "publicDnsName").text();
    if (name.find('.') != std::string_view::npos) draft.entity(EntityKind::kHost, name, EntityRole::kRelated);
  });
}

struct ResourceField {
  std::array<std::string_view, 3> path;  // unused steps are empty
  EntityKind kind;
};

// What a finding can be about ("GuardDuty finding details").
constexpr auto kResourceFields = std::to_array<ResourceField>({
    {{"accessKeyDetails", "userName", ""}, EntityKind::kUser},
    {{"accessKeyDetails", "accessKeyId", ""}, EntityKind::kCloudResource},
    {{"kubernetesDetails", "kubernetesUserDetails", "username"}, EntityKind::kUser},
    {{"kubernetesDetails", "kubernetesWorkloadDetails", "name"}, EntityKind::kCloudResource},
    {{"eksClusterDetails", "name", ""}, EntityKind::kCloudResource},
    {{"eksClusterDetails", "arn", ""}, EntityKind::kCloudResource},
    {{"ecsClusterDetails", "name", ""}, EntityKind::kCloudResource},
    {{"ecsClusterDetails", "arn", ""}, EntityKind::kCloudResource},
    {{"containerDetails", "name", ""}, EntityKind::kCloudResource},
    {{"containerDetails", "id", ""}, EntityKind::kCloudResource},
    {{"rdsDbInstanceDetails", "dbInstanceIdentifier", ""}, EntityKind::kCloudResource},
    {{"rdsDbUserDetails", "user", ""}, EntityKind::kUser},
    {{"lambdaDetails", "functionName", ""}, EntityKind::kCloudResource},
    {{"lambdaDetails", "functionArn", ""}, EntityKind::kCloudResource},
});

Node follow(const Node& object, const std::array<std::string_view, 3>& path) {
  Node node = object;
  for (const auto step : path) {
    if (!step.empty()) node = pick(node, step);
  }
  return node;
}

void read_resource(const Node& resource, AlertDraft& draft) {
  const bool about_instance = pick(resource, "resourceType").text() == "Instance";
  for (const auto& field : kResourceFields) {
    draft.entity(field.kind, follow(resource, field.path).text(), EntityRole::kTarget);
  }
  pick(resource, "s3BucketDetails").each([&](const Node& bucket) {
    draft.entity(EntityKind::kCloudResource, pick(bucket, "name").text(), EntityRole::kTarget);
    draft.entity(EntityKind::kCloudResource, pick(bucket, "arn").text(), EntityRole::kTarget);
    pick(bucket, "s3ObjectDetails").each([&](const Node& object) {
      draft.entity(EntityKind::kCloudResource, pick(object, "objectArn").text(), EntityRole::kTarget);
      draft.entity(EntityKind::kFile, pick(object, "key").text(), EntityRole::kRelated);
      draft.observed(EntityKind::kHash, pick(object, "hash").text(), EntityRole::kRelated);
    });
  });
  if (const Node instance = pick(resource, "instanceDetails")) {
    read_instance(instance, about_instance ? EntityRole::kTarget : EntityRole::kRelated, draft);
  }
}

void read_remote(const Node& action, AlertDraft& draft) {
  const bool outbound = pick(action, "connectionDirection").text() == "OUTBOUND";
  const auto role = outbound ? EntityRole::kDestination : EntityRole::kSource;
  const Node remote = pick(action, "remoteIpDetails");
  draft.observed(EntityKind::kIp, pick(remote, "ipAddressV4").text(), role);
  draft.observed(EntityKind::kIp, pick(remote, "ipAddressV6").text(), role);
  draft.entity(EntityKind::kIp, pick(action, {"localIpDetails", "ipAddressV4"}).text(), EntityRole::kTarget);
  draft.entity(EntityKind::kAccount, pick(action, {"remoteAccountDetails", "accountId"}).scalar(),
               EntityRole::kActor);
  draft.observed(EntityKind::kDomain, pick(action, {"domainDetails", "domain"}).text(), EntityRole::kRelated);
  draft.observed(EntityKind::kDomain, pick(action, "domain").text(), EntityRole::kDestination);
  pick(action, "sourceIps").each([&](const Node& ip) {
    draft.observed(EntityKind::kIp, ip.text(), EntityRole::kSource);
  });
  pick(action, "loginAttributes").each([&](const Node& login) {
    draft.entity(EntityKind::kUser, pick(login, "user").text(), EntityRole::kTarget);
  });
}

void read_action(const Node& action, AlertDraft& draft) {
  constexpr auto kActions =
      std::to_array<std::string_view>({"awsApiCallAction", "networkConnectionAction", "dnsRequestAction",
                                       "kubernetesApiCallAction", "rdsLoginAttemptAction"});
  for (const auto name : kActions) {
    if (const Node details = pick(action, name)) read_remote(details, draft);
  }
  pick(action, {"awsApiCallAction", "affectedResources"}).members([&](std::string_view, const Node& name) {
    draft.entity(EntityKind::kCloudResource, name.text(), EntityRole::kTarget);
  });
  pick(action, {"portProbeAction", "portProbeDetails"}).each([&](const Node& probe) {
    read_remote(probe, draft);
  });
}

void read_runtime(const Node& runtime, AlertDraft& draft) {
  const Node process = pick(runtime, "process");
  const auto path = pick(process, "executablePath").text();
  draft.entity(EntityKind::kProcess, path.empty() ? pick(process, "name").text() : path,
               EntityRole::kRelated);
  const auto hash = pick(process, "executableSha256").text();
  draft.observed(EntityKind::kHash, hash, EntityRole::kRelated);
  draft.process_hash(hash);
  draft.parent_process(pick(pick(process, "lineage").at(0), "executablePath").text());
  draft.command_line(pick(runtime, {"context", "commandLineExample"}).text());
  draft.entity(EntityKind::kUser, pick(process, "user").text(), EntityRole::kTarget);
  const Node context = pick(runtime, "context");
  draft.entity(EntityKind::kFile, pick(context, {"modifyingProcess", "executablePath"}).text(),
               EntityRole::kRelated);
  for (const auto* name : {"scriptPath", "threatFilePath", "moduleFilePath", "libraryPath", "ldPreloadValue"})
    draft.entity(EntityKind::kFile, pick(context, name).text(), EntityRole::kRelated);
  draft.observed(EntityKind::kHash, pick(context, "moduleSha256").text(), EntityRole::kRelated);
}

void read_scanned_file(const Node& file, AlertDraft& draft) {
  draft.entity(EntityKind::kFile, pick(file, "filePath").text(), EntityRole::kRelated);
  draft.observed(EntityKind::kHash, pick(file, "hash").text(), EntityRole::kRelated);
}

void read_scan(const Node& scan, AlertDraft& draft) {
  pick(scan, {"scanDetections", "threatDetectedByName", "threatNames"}).each([&](const Node& threat) {
    draft.tag(pick(threat, "name").text());
    pick(threat, "filePaths").each([&](const Node& file) { read_scanned_file(file, draft); });
  });
}

// Extended threat detection: who, where and by which signals.
void read_sequence(const Node& sequence, AlertDraft& draft) {
  pick(sequence, "actors").each([&](const Node& actor) {
    draft.entity(EntityKind::kUser, pick(actor, {"user", "name"}).text(), EntityRole::kTarget);
    const Node process = pick(actor, "process");
    draft.entity(EntityKind::kProcess, pick(process, "path").text(), EntityRole::kRelated);
    draft.observed(EntityKind::kHash, pick(process, "sha256").text(), EntityRole::kRelated);
  });
  pick(sequence, "endpoints").each([&](const Node& endpoint) {
    const bool outbound = pick(endpoint, {"connection", "direction"}).text() == "OUTBOUND";
    draft.observed(EntityKind::kIp, pick(endpoint, "ip").text(),
                   outbound ? EntityRole::kDestination : EntityRole::kSource);
    draft.observed(EntityKind::kDomain, pick(endpoint, "domain").text(), EntityRole::kRelated);
  });
  pick(sequence, "resources").each([&](const Node& resource) {
    const auto id = pick(resource, "uid").text();
    draft.entity(EntityKind::kCloudResource, id, EntityRole::kTarget);
    if (pick(resource, "resourceType").text() == "EC2_INSTANCE")
      draft.entity(EntityKind::kHost, id.substr(id.rfind('/') + 1), EntityRole::kTarget);
  });
  pick(sequence, "sequenceIndicators").each([&](const Node& indicator) {
    const auto key = pick(indicator, "key").text();
    pick(indicator, "values").each([&](const Node& value) {
      if (key == "ATTACK_TECHNIQUE") draft.techniques_in(value.text());
      if (key == "ATTACK_TACTIC") draft.tactic(value.text());
    });
  });
}

void read_service(const Node& service, AlertDraft& draft) {
  read_action(pick(service, "action"), draft);
  read_runtime(pick(service, "runtimeDetails"), draft);
  read_scan(pick(service, "ebsVolumeScanDetails"), draft);
  pick(service, {"malwareScanDetails", "threats"}).each([&](const Node& threat) {
    draft.tag(pick(threat, "name").text());
    pick(threat, "itemPaths").each([&](const Node& item) {
      draft.entity(EntityKind::kFile, pick(item, "nestedItemPath").text(), EntityRole::kRelated);
      draft.observed(EntityKind::kHash, pick(item, "hash").text(), EntityRole::kRelated);
    });
  });
  read_sequence(pick(service, {"detection", "sequence"}), draft);
  pick(service, {"evidence", "threatIntelligenceDetails"}).each([&](const Node& intelligence) {
    draft.tag(pick(intelligence, "threatListName").text());
    pick(intelligence, "threatNames").each([&](const Node& name) { draft.tag(name.text()); });
    draft.observed(EntityKind::kHash, pick(intelligence, "threatFileSha256").text(), EntityRole::kRelated);
  });
  if (pick(service, {"additionalInfo", "sample"}).is_true()) draft.tag("sample");
  if (const Node archived = pick(service, "archived"))
    draft.vendor_status(archived.is_true() ? "archived" : "active");
}

// "IAMUser/john_doe" is all that attack sequences may say of the identity.
void read_named_user(std::string_view text, AlertDraft& draft) {
  constexpr std::string_view kMark = "IAMUser/";
  const auto at = text.find(kMark);
  if (at == std::string_view::npos) return;
  const auto name = text.substr(at + kMark.size());
  draft.entity(EntityKind::kUser, name.substr(0, name.find_first_of(" ,.\n")), EntityRole::kTarget);
}

void read_finding(const Node& finding, const Node& envelope, AlertDraft& draft) {
  const Node service = pick(finding, "service");
  const auto description = pick(finding, "description").text();
  read_type(pick(finding, "type").text(), draft);
  draft.source_id(pick(finding, "id").text());
  draft.title(pick(finding, "title").text());
  draft.message(description);
  draft.severity(severity_of(pick(finding, "severity").number().value_or(5)));
  draft.occurred_at(read_time(pick(service, "eventFirstSeen")));
  draft.occurred_at(read_time(pick(finding, "createdAt")));
  draft.occurred_at(read_time(envelope["time"]));
  draft.tag(pick(finding, "region").text());
  read_resource(pick(finding, "resource"), draft);
  draft.entity(EntityKind::kAccount, pick(finding, "accountId").scalar(), EntityRole::kTarget);
  read_service(service, draft);
  draft.techniques_in(description);
  draft.mine(description);
  if (draft.alert().entities.size() <= 1) read_named_user(draft.alert().title, draft);
}

bool is_finding(const Node& object) {
  return pick(object, "type").is_string() && pick(object, "severity") &&
         (pick(object, "service") || pick(object, "resource")) &&
         (pick(object, "accountId") || pick(object, "arn"));
}

}  // namespace

bool is_guardduty(const Node& object) {
  if (object["source"].text() == "aws.guardduty" || object["detail-type"].text() == "GuardDuty Finding")
    return true;
  const Node finding = first_aws_record(object);
  if (is_finding(finding)) {
    return pick(finding, {"service", "detectorId"}) ||
           pick(finding, "arn").text().find(":guardduty:") != std::string_view::npos;
  }
  const auto text = first_aws_text(object);
  return text.find("\"detectorId\"") != std::string_view::npos &&
         text.find("\"schemaVersion\"") != std::string_view::npos;
}

void read_guardduty(const Node& object, Output& out) {
  open_aws_envelope(object, out.item(), out.options(), [&](const Node& finding, std::string_view bytes) {
    if (!is_finding(finding)) {
      return out.reject_part(
          bytes, "this is not a GuardDuty finding",
          "A finding has type, severity, accountId, service and resource; send it bare, as an "
          "EventBridge event with the finding in detail, in SNS or SQS, or as "
          "{\"Findings\":[…]}.");
    }
    out.add(model::RecordKind::kAlert, bytes,
            [&](AlertDraft& draft) { read_finding(finding, object, draft); });
  });
}

}  // namespace tocsin::ingest
