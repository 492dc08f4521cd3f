#include <array>

#include "ingest/normalisers/gcp.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

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
  const bool granted = read_gcp_members(finding["iamBindings"], draft);
  read_gcp_user(access.any({"principalEmail", "userName", "principalSubject"}).text(),
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
  read_gcp_user(finding["database"]["userName"].text(), EntityRole::kTarget, draft);
  const Node project = resource["gcpMetadata"] ? resource["gcpMetadata"] : resource;
  const auto named = project.any({"projectDisplayName", "project_display_name"}).text();
  draft.entity(EntityKind::kAccount, named.empty() ? gcp_project_in(finding["resourceName"].text()) : named,
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

}  // namespace

void read_gcp_finding(const Node& object, AlertDraft& draft) {
  const Node finding = finding_of(object);
  const auto category = finding["category"].text();
  draft.source_id(finding.any({"name", "canonicalName"}).text());
  draft.type(slug(category));
  draft.title(category);
  draft.message(finding["description"].text());
  draft.message(finding["sourceProperties"]["Explanation"].text());
  draft.rule(category);
  draft.severity(gcp_severity(finding["severity"].text(), Severity::kMedium));
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

bool is_gcp_finding(const Node& object) {
  const Node finding = finding_of(object);
  return finding["category"].is_string() && finding["resourceName"].is_string() &&
         (finding["findingClass"] || finding["eventTime"] || finding["sourceProperties"]);
}

}  // namespace tocsin::ingest
