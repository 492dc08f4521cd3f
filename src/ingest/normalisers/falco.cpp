// Falco's JSON output and what falcosidekick forwards (falco.org, "Falco Alerts", "Supported Fields").

#include <array>

#include "ingest/fields.h"
#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// Falco's priorities are syslog's.
constexpr auto kPriorities = std::to_array<std::pair<std::string_view, Severity>>({
    {"emergency", Severity::kCritical},
    {"alert", Severity::kCritical},
    {"critical", Severity::kCritical},
    {"error", Severity::kHigh},
    {"warning", Severity::kMedium},
    {"notice", Severity::kLow},
    {"informational", Severity::kInfo},
    {"info", Severity::kInfo},
    {"debug", Severity::kInfo},
});

Severity severity_of(std::string_view priority) {
  for (const auto& [word, severity] : kPriorities) {
    if (equal_ignoring_case(word, priority)) return severity;
  }
  return Severity::kMedium;
}

// Names in output_fields; those of the kubernetes, cloudtrail, okta and github plugins too.
constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"user.name", EntityKind::kUser, EntityRole::kTarget},
    {"ka.user.name", EntityKind::kUser, EntityRole::kTarget},
    {"ct.user", EntityKind::kUser, EntityRole::kTarget},
    {"ct.user.accountid", EntityKind::kAccount, EntityRole::kTarget},
    {"ct.request.functionname", EntityKind::kCloudResource, EntityRole::kTarget},
    {"ct.request.cluster", EntityKind::kCloudResource, EntityRole::kTarget},
    {"ct.request.groupname", EntityKind::kCloudResource, EntityRole::kRelated},
    {"okta.target.user.alternateID", EntityKind::kUser, EntityRole::kTarget},
    {"github.repo", EntityKind::kCloudResource, EntityRole::kTarget},
    {"gcp.projectId", EntityKind::kAccount, EntityRole::kTarget},
    {"gcp.resourceName", EntityKind::kCloudResource, EntityRole::kTarget},
    {"user.loginname", EntityKind::kUser, EntityRole::kRelated},
    {"ka.req.pod.containers.image", EntityKind::kCloudResource, EntityRole::kRelated},
    {"ct.request.username", EntityKind::kUser, EntityRole::kRelated},
    {"okta.actor.alternateID", EntityKind::kUser, EntityRole::kTarget},
    {"github.user", EntityKind::kUser, EntityRole::kTarget},
    {"gcp.user", EntityKind::kUser, EntityRole::kTarget},
    {"k8s.node.name", EntityKind::kHost, EntityRole::kTarget},
    {"evt.hostname", EntityKind::kHost, EntityRole::kTarget},
    {"container.id", EntityKind::kCloudResource, EntityRole::kTarget},
    {"container.name", EntityKind::kCloudResource, EntityRole::kTarget},
    {"k8s.pod.name", EntityKind::kCloudResource, EntityRole::kTarget},
    {"ka.target.name", EntityKind::kCloudResource, EntityRole::kTarget},
    {"container.image.repository", EntityKind::kCloudResource, EntityRole::kRelated},
    {"k8s.ns.name", EntityKind::kCloudResource, EntityRole::kRelated},
    {"ka.target.namespace", EntityKind::kCloudResource, EntityRole::kRelated},
    {"ct.srcip", EntityKind::kIp, EntityRole::kSource, true},
    {"ct.request.instanceid", EntityKind::kCloudResource, EntityRole::kTarget},
    {"s3.bucket", EntityKind::kCloudResource, EntityRole::kTarget},
    {"okta.client.ip", EntityKind::kIp, EntityRole::kSource, true},
    {"gcp.callerIP", EntityKind::kIp, EntityRole::kSource, true},
    {"fd.cip", EntityKind::kIp, EntityRole::kSource, true},
    {"fd.sip", EntityKind::kIp, EntityRole::kDestination, true},
    {"fd.rip", EntityKind::kIp, EntityRole::kRelated, true},
    {"fd.sip.name", EntityKind::kDomain, EntityRole::kDestination, true},
    {"proc.exe_hash", EntityKind::kHash, EntityRole::kRelated, true},
});

// "<NA>" is what a field without value prints; "host" the container of no container.
bool says_something(std::string_view name, std::string_view value) {
  return value != "<NA>" && value != "host" && !(name == "container.image.repository" && value == name);
}

void read_connection(std::string_view name, AlertDraft& draft) {
  const auto arrow = name.find("->");
  draft.observed(EntityKind::kIp, name.substr(0, arrow), EntityRole::kSource);
  draft.observed(EntityKind::kIp, name.substr(arrow + 2), EntityRole::kDestination);
}

void read_process(const Fields& fields, AlertDraft& draft) {
  const auto process = fields.any({"proc.exepath", "proc.name"});
  if (says_something({}, process)) draft.entity(EntityKind::kProcess, process, EntityRole::kRelated);
  const auto command = fields["proc.cmdline"];
  if (says_something({}, command)) draft.command_line(command);
  const auto parent = fields.any({"proc.pcmdline", "proc.pexepath", "proc.pname"});
  if (says_something({}, parent)) draft.parent_process(parent);
  draft.process_hash(fields["proc.exe_hash"]);
}

void read_file(const Fields& fields, AlertDraft& draft) {
  const auto name = fields["fd.name"];
  if (name.find("->") != std::string_view::npos) return read_connection(name, draft);
  if (name.starts_with('/')) draft.entity(EntityKind::kFile, name, EntityRole::kRelated);
  for (const auto* other : {"evt.arg.path", "evt.arg.newpath", "evt.arg.oldpath", "fs.path.name"}) {
    if (fields[other].starts_with('/')) draft.entity(EntityKind::kFile, fields[other], EntityRole::kRelated);
  }
}

// The Kubernetes audit log names the client and the proxies before it, with commas.
void read_source_ips(std::string_view list, AlertDraft& draft) {
  while (!list.empty()) draft.observed(EntityKind::kIp, trim(take_until(list, ',')), EntityRole::kSource);
}

void read_entities(const Node& alert, AlertDraft& draft) {
  const auto fields = fields_of(alert["output_fields"]);
  draft.entity(EntityKind::kHost, alert["hostname"].text(), EntityRole::kTarget);
  for (const auto& meaning : kMeanings) {
    const auto value = fields[meaning.name];
    if (says_something(meaning.name, value)) add_entity(meaning, value, draft);
  }
  read_source_ips(fields["ka.sourceips"], draft);
  read_process(fields, draft);
  read_file(fields, draft);
}

void read_tag(std::string_view tag, AlertDraft& draft) {
  constexpr std::string_view kMitre = "mitre_";
  draft.tag(tag);
  draft.techniques_in(tag);
  if (tag.starts_with("TA")) draft.tactic(tag);
  if (!tag.starts_with(kMitre)) return;
  std::string tactic(tag.substr(kMitre.size()));
  for (char& c : tactic) c = c == '_' ? '-' : c;
  draft.tactic(tactic);
}

void read_alert(const Node& alert, AlertDraft& draft) {
  const auto rule = alert["rule"].text();
  draft.type(slug(rule));
  draft.title(rule);
  draft.message(alert["output"].text());
  draft.rule(rule);
  draft.source_id(alert["uuid"].text());
  draft.severity(severity_of(alert["priority"].text()));
  draft.occurred_at(read_time(alert["time"]));
  draft.tag(alert["source"].text());
  alert["tags"].each([&](const Node& tag) { read_tag(tag.text(), draft); });
  read_entities(alert, draft);
}

bool is_alert(const Node& object) {
  return object["rule"].is_string() && object["priority"].is_string() &&
         (object["output"].is_string() || object["output_fields"].is_object());
}

// falcosidekick may send it as a CloudEvent.
Node alert_in(const Node& object) {
  return object["specversion"] && object["data"].is_object() ? object["data"] : object;
}

}  // namespace

bool is_falco(const Node& object) {
  const Node alert = alert_in(object);
  return is_alert(alert) && (alert["output_fields"] || alert["time"]);
}

void read_falco(const Node& object, Output& out) {
  const Node alert = alert_in(object);
  if (!is_alert(alert)) {
    return out.reject("this is not a Falco alert",
                      "It has rule, priority, time, and output or output_fields.");
  }
  out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) { read_alert(alert, draft); });
}

}  // namespace tocsin::ingest
