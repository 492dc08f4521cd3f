// Wazuh alerts: a line of alerts.json, an OpenSearch hit, and what integration scripts post.

#include <array>

#include "ingest/normalisers/normaliser.h"
#include "ingest/normalisers/wazuh_windows.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;
using wazuh::add_field;
using wazuh::Field;
using wazuh::plain;

constexpr int kMaxArguments = 32;

struct GroupType {
  std::string_view group;
  std::string_view type;
};

// Rule groups from the most telling down; a rule carries several.
constexpr auto kGroupTypes = std::to_array<GroupType>({
    {"sqlinjection", "sql_injection"},
    {"sql_injection", "sql_injection"},
    {"web_scan", "web_scan"},
    {"xss", "cross_site_scripting"},
    {"shellshock", "exploit_attempt"},
    {"exploit_attempt", "exploit_attempt"},
    {"authentication_failures", "bruteforce"},
    {"win_authentication_failed", "authentication_failed"},
    {"authentication_failed", "authentication_failed"},
    {"invalid_login", "authentication_failed"},
    {"authentication_success", "authentication_success"},
    {"syscheck_entry_added", "file_added"},
    {"syscheck_entry_modified", "file_modified"},
    {"syscheck_entry_deleted", "file_deleted"},
    {"rootcheck", "rootcheck"},
    {"vulnerability-detector", "vulnerability_detected"},
    {"virustotal", "malware_detected"},
    {"yara", "malware_detected"},
    {"sca", "configuration_check"},
    {"adduser", "account_created"},
    {"account_changed", "account_changed"},
    {"group_changed", "group_changed"},
    {"log_clearing_auditlog", "log_cleared"},
    {"win_evt_channel_log_cleared", "log_cleared"},
    {"audit_command", "command_execution"},
    {"sysmon_eid1_detections", "suspicious_process"},
    {"sysmon_event1", "process_created"},
    {"sysmon_eid3_detections", "suspicious_connection"},
    {"sysmon_event3", "network_connection"},
    {"sysmon_eid10_detections", "process_access"},
    {"sysmon_eid11_detections", "file_created"},
    {"sysmon_eid13_detections", "registry_change"},
    {"sysmon_eid22_detections", "suspicious_dns"},
    {"config_changed", "configuration_changed"},
    {"service_availability", "service_availability"},
    {"recon", "reconnaissance"},
    {"ids", "ids_alert"},
    {"attack", "attack"},
});

bool has_group(const Node& groups, std::string_view name) {
  bool found = false;
  groups.each([&](const Node& group) { found |= group.text() == name; });
  return found;
}

std::string type_of(const Node& rule, std::string_view description) {
  const Node groups = rule["groups"];
  for (const auto& known : kGroupTypes) {
    if (!has_group(groups, known.group)) continue;
    const bool ssh = has_group(groups, "sshd") && known.type == "bruteforce";
    return ssh ? "ssh_bruteforce" : std::string(known.type);
  }
  return slug_of_title(description);
}

// Wazuh's own bands ("Rules classification"), with the levels that it never shows as info.
Severity severity_of(std::int64_t level) {
  if (level >= 15) return Severity::kCritical;
  if (level >= 12) return Severity::kHigh;
  if (level >= 7) return Severity::kMedium;
  return level >= 3 ? Severity::kLow : Severity::kInfo;
}

// Decoder fields of everything that is not Windows.
constexpr auto kDataFields = std::to_array<Field>({
    {"srcip", EntityKind::kIp, EntityRole::kSource, true},
    {"src_ip", EntityKind::kIp, EntityRole::kSource, true},
    {"dstip", EntityKind::kIp, EntityRole::kDestination, true},
    {"dest_ip", EntityKind::kIp, EntityRole::kDestination, true},
    {"dst_ip", EntityKind::kIp, EntityRole::kDestination, true},
    {"dstuser", EntityKind::kUser, EntityRole::kTarget, false},
    {"user", EntityKind::kUser, EntityRole::kTarget, false},
    {"username", EntityKind::kUser, EntityRole::kTarget, false},
    {"file", EntityKind::kFile, EntityRole::kRelated, false},
    {"process", EntityKind::kProcess, EntityRole::kRelated, false},
});

void read_audit(const Node& audit, AlertDraft& draft) {
  draft.entity(EntityKind::kProcess, audit["exe"].text(), EntityRole::kRelated);
  draft.entity(EntityKind::kFile, audit["file"]["name"].text(), EntityRole::kTarget);
  std::string line;
  for (int i = 0; i < kMaxArguments; ++i) {
    const auto argument = audit["execve"]["a" + std::to_string(i)].text();
    if (argument.empty()) break;
    line += (i == 0 ? "" : " ") + std::string(argument);
  }
  draft.command_line(line);
}

// sudo logs a whole command; what only names a program is one.
void read_command(const Node& data, AlertDraft& draft) {
  const auto command = trim(data["command"].text());
  if (command.find(' ') != std::string_view::npos) draft.command_line(command);
  draft.entity(EntityKind::kProcess, command.substr(0, command.find(' ')), EntityRole::kRelated);
}

// Where GuardDuty found the other end: one object for each kind of action.
void read_remote_ends(const Node& aws, AlertDraft& draft) {
  aws["service"]["action"].members([&](std::string_view, const Node& action) {
    draft.observed(EntityKind::kIp, action["remoteIpDetails"]["ipAddressV4"].text(), EntityRole::kSource);
  });
  draft.entity(EntityKind::kCloudResource, aws["resource"]["instanceDetails"]["instanceId"].text(),
               EntityRole::kTarget);
}

// Modules that put their own object under data.
void read_modules(const Node& data, AlertDraft& draft) {
  if (const Node found = data["vulnerability"]) {
    draft.observed(EntityKind::kCve, found["cve"].text(), EntityRole::kRelated);
    draft.source_url(found["reference"].text());
    draft.message(found["rationale"].text());
  }
  if (const Node aws = data["aws"]) {
    draft.observed(EntityKind::kIp, aws.any({"sourceIPAddress", "source_ip_address", "srcaddr"}).text(),
                   EntityRole::kSource);
    draft.entity(EntityKind::kUser, aws["userIdentity"]["userName"].text(), EntityRole::kTarget);
    draft.entity(EntityKind::kAccount,
                 aws.any({"aws_account_id", "recipientAccountId", "accountId"}).scalar(),
                 EntityRole::kTarget);
    read_remote_ends(aws, draft);
  }
  if (const Node office = data["office365"]) {
    draft.entity(EntityKind::kUser, office["UserId"].text(), EntityRole::kTarget);
    draft.observed(EntityKind::kIp, office.any({"ClientIP", "ActorIpAddress"}).text(), EntityRole::kSource);
  }
  if (const Node scan = data["virustotal"]) {
    const Node source = scan["source"];
    draft.entity(EntityKind::kFile, source["file"].text(), EntityRole::kTarget);
    for (const auto* name : {"md5", "sha1"})
      draft.observed(EntityKind::kHash, source[name].text(), EntityRole::kRelated);
    draft.source_url(scan["permalink"].text());
  }
  if (const Node audit = data["audit"]) read_audit(audit, draft);
}

// A web server's log gives the path that the attacker asked for; a proxy's the whole address.
void read_url(const Node& data, AlertDraft& draft) {
  const auto url = data["url"].text();
  if (url.find("://") != std::string_view::npos) {
    draft.observed(EntityKind::kUrl, url, EntityRole::kRelated);
  } else {
    draft.entity(EntityKind::kUrl, url, EntityRole::kTarget);
  }
}

void read_data(const Node& data, AlertDraft& draft) {
  // An active response repeats the alert that it answers; its own command is "add" or "delete".
  if (const Node cause = data["parameters"]["alert"]["data"]) return read_data(cause, draft);
  read_command(data, draft);
  for (const auto& field : kDataFields) add_field(data, field, draft);
  const bool has_target = data.any({"dstuser", "user", "username"}).is_string();
  draft.entity(EntityKind::kUser, data["srcuser"].text(),
               has_target ? EntityRole::kActor : EntityRole::kTarget);
  read_url(data, draft);
  for (const auto* name : {"md5", "sha1", "sha256"}) {
    draft.observed(EntityKind::kHash, data[name].text(), EntityRole::kRelated);
  }
  if (const Node win = data["win"]) wazuh::read_windows(win, draft);
  if (const Node http = data["http"])
    draft.observed(EntityKind::kDomain, http["hostname"].text(), EntityRole::kRelated);
  if (const Node dns = data["dns"]) {
    dns["query"].each([&](const Node& query) {
      draft.observed(EntityKind::kDomain, query["rrname"].text(), EntityRole::kRelated);
    });
  }
  draft.mine_cves(data["alert"]["signature"].text());
  read_modules(data, draft);
}

void read_syscheck(const Node& file, AlertDraft& draft) {
  draft.entity(EntityKind::kFile, plain(file["path"].text()), EntityRole::kTarget);
  for (const auto* name : {"sha256_after", "sha1_after", "md5_after"}) {
    draft.observed(EntityKind::kHash, file[name].text(), EntityRole::kRelated);
  }
  draft.entity(EntityKind::kUser, plain(file["uname_after"].text()), EntityRole::kRelated);
  const Node audit = file["audit"];
  draft.entity(EntityKind::kUser, plain(audit.any({"login_user", "user"})["name"].text()),
               EntityRole::kActor);
  draft.entity(EntityKind::kProcess, plain(audit["process"]["name"].text()), EntityRole::kRelated);
}

// The manager fetches these from a cloud; they say nothing about the manager.
bool is_cloud_log(const Node& data) {
  return static_cast<bool>(data.any({"aws", "office365", "gcp", "azure", "ms-graph", "github"}));
}

// The monitored host. An agent that only runs a network sensor or collects syslog is not what was attacked.
void read_agent(const Node& alert, AlertDraft& draft) {
  const Node agent = alert["agent"];
  const bool sensor =
      has_group(alert["rule"]["groups"], "ids") || alert["data"]["event_type"].text() == "alert";
  const auto logged_by = alert["predecoder"]["hostname"].text();
  const bool forwarded =
      agent["id"].text() == "000" && !logged_by.empty() && logged_by != agent["name"].text();
  const bool collector = agent["id"].text() == "000" && is_cloud_log(alert["data"]);
  const auto role = sensor || forwarded || collector ? EntityRole::kRelated : EntityRole::kTarget;
  draft.entity(EntityKind::kHost, agent["name"].text(), role);
  if (agent["ip"].text() != "any") draft.entity(EntityKind::kIp, agent["ip"].text(), role);
  draft.entity(EntityKind::kHost, logged_by,
               forwarded && !sensor ? EntityRole::kTarget : EntityRole::kRelated);
}

void read_rule(const Node& rule, const Node& alert, AlertDraft& draft) {
  const auto description = rule["description"].text();
  draft.title(description.empty() ? "Wazuh rule " + rule["id"].scalar() : std::string(description));
  draft.type(type_of(rule, description));
  draft.rule(rule["id"].scalar());
  draft.severity(severity_of(rule["level"].integer().value_or(5)));
  rule["groups"].each([&](const Node& group) { draft.tag(group.text()); });
  const Node mitre = rule["mitre"];
  const Node ids = mitre.any({"id", "technique"});
  ids.each([&](const Node& id) { draft.technique(id.text()); });
  mitre["tactic"].each([&](const Node& tactic) { draft.tactic(tactic.text()); });
  if (!ids) draft.techniques_in(alert["data"]["win"]["eventdata"]["ruleName"].text());
}

void read_alert(const Node& alert, AlertDraft& draft) {
  read_rule(alert["rule"], alert, draft);
  draft.source_id(alert["id"].scalar());
  draft.occurred_at(read_time(alert.any({"timestamp", "@timestamp"})));
  read_agent(alert, draft);
  if (const Node data = alert["data"]) read_data(data, draft);
  if (const Node file = alert["syscheck"]) read_syscheck(file, draft);
  const auto log = alert["full_log"].text();
  draft.message(log);
  draft.mine(log);
  draft.message(alert["rule"]["description"].text());
}

// Value behind "Agent Name " in the text that integration scripts write, one fact a line.
std::string_view fact(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    auto line = trim(take_until(text, '\n'));
    if (!line.starts_with(name)) continue;
    line = line.substr(name.size());
    const auto start = line.find_first_not_of(": ");
    if (start != std::string_view::npos && start > 0) return trim(line.substr(start));
  }
  return {};
}

std::optional<std::int64_t> parse_level(std::string_view text) {
  if (text.empty() || text.size() > 2 || !is_digit(text.front()) || !is_digit(text.back()))
    return std::nullopt;
  return text.size() == 1 ? text[0] - '0' : (text[0] - '0') * 10 + (text[1] - '0');
}

void read_posted(const Node& post, AlertDraft& draft) {
  const auto text = post.any({"description", "text", "message"}).text();
  draft.title(post.any({"message", "title"}).text());
  draft.message(text);
  const auto level = fact(text, "Level");
  const auto severity = severity_from_word(post["severity"].scalar());
  if (severity) draft.severity(*severity);
  if (!severity && parse_level(level)) draft.severity(severity_of(*parse_level(level)));
  auto rule = post["rule_id"].scalar();
  draft.rule(rule.empty() ? std::string(fact(text, "Rule ID")) : rule);
  draft.source_id(post["id"].scalar());
  draft.occurred_at(read_time(post.any({"created_at", "timestamp"})));
  draft.entity(EntityKind::kHost, fact(text, "Agent Name"), EntityRole::kTarget);
  draft.mine(text);
}

bool is_alert(const Node& object) {
  const Node rule = object["rule"];
  return rule.is_object() && (rule["level"] || rule["description"]) &&
         (object["agent"] || object["manager"] || object["decoder"] || object["full_log"]);
}

bool is_posted(const Node& object) {
  const auto text = object["description"].text();
  return object["pretext"].text().find("WAZUH") != std::string_view::npos ||
         (text.find("Rule ID") != std::string_view::npos && text.find("Agent") != std::string_view::npos);
}

Node unwrap(const Node& object) {
  const Node inner = object.any({"_source", "all_fields"});
  return inner.is_object() ? inner : object;
}

}  // namespace

bool is_wazuh(const Node& object) {
  return is_alert(unwrap(object)) || is_posted(object);
}

void read_wazuh(const Node& object, Output& out) {
  const Node alert = unwrap(object);
  if (alert["rule"].is_object()) {
    return out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) { read_alert(alert, draft); });
  }
  if (is_posted(object)) {
    return out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) { read_posted(object, draft); });
  }
  out.reject("no rule: this is not a Wazuh alert",
             "Send lines of alerts.json, OpenSearch hits with _source, or what the integration script posts.",
             "/rule");
}

}  // namespace tocsin::ingest
