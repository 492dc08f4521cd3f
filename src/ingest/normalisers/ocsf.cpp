// Open Cybersecurity Schema Framework, versions 0.1 to 1.x (schema.ocsf.io): the findings category gives
// alerts, every other class events.

#include <array>

#include "ingest/aws_envelope.h"
#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

constexpr std::int64_t kFindings = 2;  // category_uid

// 1 informational … 5 critical, 6 fatal; 0 and 99 leave it to the word.
Severity severity_of(const Node& record) {
  switch (record["severity_id"].integer().value_or(0)) {
    case 1:
      return Severity::kInfo;
    case 2:
      return Severity::kLow;
    case 3:
      return Severity::kMedium;
    case 4:
      return Severity::kHigh;
    case 5:
    case 6:
      return Severity::kCritical;
    default:
      return severity_from_word(record["severity"].text()).value_or(Severity::kMedium);
  }
}

struct ObservableType {
  int id;
  EntityKind kind;
};

// "observable.type_id" for what we keep.
constexpr auto kObservables = std::to_array<ObservableType>({
    {1, EntityKind::kHost},
    {2, EntityKind::kIp},
    {3, EntityKind::kMac},
    {4, EntityKind::kUser},
    {5, EntityKind::kEmail},
    {6, EntityKind::kUrl},
    {7, EntityKind::kFile},
    {8, EntityKind::kHash},
    {9, EntityKind::kProcess},
    {10, EntityKind::kCloudResource},
    {18, EntityKind::kCve},
    {34, EntityKind::kAccount},
    {35, EntityKind::kAccount},
    {45, EntityKind::kFile},
});

// Time members are numbers since 1970, or texts with the suffix "_dt".
std::optional<Timestamp> time_of(const Node& object, const std::string& name) {
  if (const auto time = read_time(object[name + "_dt"])) return time;
  return read_time(object[name]);
}

void read_hashes(const Node& file, AlertDraft& draft) {
  for (const auto* name : {"hashes", "fingerprints"}) {
    file[name].each([&](const Node& hash) {
      draft.observed(EntityKind::kHash, hash["value"].text(), EntityRole::kRelated);
    });
  }
}

void read_file(const Node& file, AlertDraft& draft) {
  draft.entity(EntityKind::kFile, file.any({"path", "name"}).text(), EntityRole::kRelated);
  read_hashes(file, draft);
}

void read_process(const Node& process, AlertDraft& draft) {
  const Node path = process["file"]["path"];
  draft.entity(EntityKind::kProcess, path ? path.text() : process["name"].text(), EntityRole::kRelated);
  draft.command_line(process["cmd_line"].text());
  read_hashes(process["file"], draft);
  draft.process_hash(process["file"]["hashes"]["value"].text());
  const Node parent = process["parent_process"];
  draft.parent_process(parent.any({"cmd_line"}).text());
  draft.parent_process(parent["file"]["path"].text());
  draft.parent_process(parent["name"].text());
}

std::string_view name_of_user(const Node& user) {
  return user.any({"name", "email_addr", "uid"}).text();
}

// The one who did it is another only when both are named and differ.
void read_users(const Node& record, AlertDraft& draft) {
  const Node actor = record["actor"]["user"];
  const Node user = record["user"];
  const auto actor_name = name_of_user(actor);
  const auto user_name = name_of_user(user);
  const auto actor_uid = actor["uid"].text();
  const bool same = user_name.empty() || user_name == actor_name || user_name == actor_uid;
  draft.entity(EntityKind::kUser, actor_name, same ? EntityRole::kTarget : EntityRole::kActor);
  if (!same) draft.entity(EntityKind::kUser, user_name, EntityRole::kTarget);
  draft.entity(EntityKind::kAccount, actor["account"]["uid"].scalar(), EntityRole::kTarget);
}

void read_endpoint(const Node& endpoint, EntityRole role, AlertDraft& draft) {
  const auto name = endpoint.any({"hostname", "name"}).text();
  draft.entity(EntityKind::kHost, name, role);
  draft.entity(EntityKind::kMac, endpoint["mac"].text(), role);
  draft.entity(EntityKind::kCloudResource, endpoint["instance_uid"].text(), role);
  const auto domain = endpoint["domain"].text();
  if (role != EntityRole::kTarget) draft.observed(EntityKind::kDomain, domain, role);
}

void read_ends(const Node& record, AlertDraft& draft) {
  const Node source = record["src_endpoint"];
  const Node destination = record["dst_endpoint"];
  const auto direction = record["connection_info"]["direction_id"].integer().value_or(0);
  const bool resolver = bool(record["query"]["hostname"]);  // answers for good names and bad ones
  add_traffic(draft, {source["ip"].text(), direction == 2 ? Side::kOwn : Side::kUnknown},
              {destination["ip"].text(), direction == 1 || resolver ? Side::kOwn : Side::kUnknown},
              Suspect::kBoth);
  record["http_request"]["x_forwarded_for"].each(
      [&](const Node& ip) { draft.observed(EntityKind::kIp, ip.text(), EntityRole::kSource); });
  read_endpoint(source, EntityRole::kSource, draft);
  read_endpoint(destination, EntityRole::kDestination, draft);
}

void read_device(const Node& device, AlertDraft& draft) {
  read_endpoint(device, EntityRole::kTarget, draft);
  draft.entity(EntityKind::kIp, device["ip"].text(), EntityRole::kTarget);
}

void read_mail(const Node& email, AlertDraft& draft) {
  for (const auto* name : {"from", "smtp_from", "reply_to"})
    draft.observed(EntityKind::kEmail, email[name].text(), EntityRole::kSource);
  email["to"].each([&](const Node& to) { draft.entity(EntityKind::kEmail, to.text(), EntityRole::kTarget); });
}

// A record of its own and each piece of a finding's evidence have the same members.
void read_activity(const Node& record, AlertDraft& draft) {
  read_users(record, draft);
  read_ends(record, draft);
  read_device(record["device"], draft);
  if (const Node process = record["process"]) {
    read_process(process, draft);
    draft.parent_process(record["actor"]["process"]["file"]["path"].text());
  } else if (record["actor"]["process"]) {
    read_process(record["actor"]["process"], draft);
  }
  if (const Node file = record["file"]) read_file(file, draft);
  if (const Node email = record["email"]) read_mail(email, draft);
  draft.observed(EntityKind::kDomain, record["query"]["hostname"].text(), EntityRole::kRelated);
  for (const Node& url : {record["url"], record["http_request"]["url"]}) {
    draft.observed(EntityKind::kUrl, url["url_string"].text(), EntityRole::kRelated);
    draft.observed(EntityKind::kDomain, url["hostname"].text(), EntityRole::kRelated);
  }
}

void read_resource(const Node& resource, AlertDraft& draft) {
  draft.entity(EntityKind::kCloudResource, resource.any({"uid", "name"}).text(), EntityRole::kTarget);
  draft.entity(EntityKind::kHost, resource["hostname"].text(), EntityRole::kTarget);
  draft.entity(EntityKind::kIp, resource["ip"].text(), EntityRole::kTarget);
}

// The same value may already stand with a role that says more. An address or name of the customer's is told
// by its role there.
void read_observable(const Node& observable, AlertDraft& draft) {
  const auto type = observable["type_id"].integer().value_or(0);
  const auto value = observable["value"].text();
  const auto name = observable["name"].text();
  if (type == 0 && name == "hostname") draft.entity(EntityKind::kHost, value, EntityRole::kTarget);
  for (const auto& known : kObservables) {
    if (known.id != type) continue;
    const bool threat = name.find("device") == std::string_view::npos &&
                        name.find("user.") == std::string_view::npos && known.kind != EntityKind::kEmail &&
                        known.kind != EntityKind::kIp;
    threat ? draft.observed(known.kind, value, EntityRole::kRelated)
           : draft.entity(known.kind, value, EntityRole::kRelated);
  }
}

void read_attacks(const Node& attacks, AlertDraft& draft) {
  attacks.each([&](const Node& attack) {
    for (const auto* level : {"technique", "sub_technique"}) {
      const Node technique = attack[level];
      draft.technique(technique.any({"uid", "name"}).text());
    }
    attack["tactic"].each([&](const Node& tactic) { draft.tactic(tactic.any({"uid", "name"}).text()); });
    attack["tactics"].each([&](const Node& tactic) { draft.tactic(tactic.any({"uid", "name"}).text()); });
  });
}

void read_threats(const Node& record, AlertDraft& draft) {
  record["vulnerabilities"].each([&](const Node& vulnerability) {
    draft.observed(EntityKind::kCve, vulnerability["cve"]["uid"].text(), EntityRole::kRelated);
  });
  record["malware"].each([&](const Node& malware) {
    draft.tag(malware["name"].text());
    draft.entity(EntityKind::kFile, malware["path"].text(), EntityRole::kRelated);
    malware["files"].each([&](const Node& file) { read_file(file, draft); });
  });
}

void read_cloud(const Node& cloud, AlertDraft& draft) {
  draft.entity(EntityKind::kAccount, cloud["account"]["uid"].scalar(), EntityRole::kTarget);
  draft.entity(EntityKind::kAccount, cloud["account_uid"].scalar(), EntityRole::kTarget);
  draft.tag(cloud["region"].text());
}

void read_common(const Node& record, AlertDraft& draft) {
  const Node product = record["metadata"]["product"];
  draft.severity(severity_of(record));
  for (const auto& tag : {product["name"], product["vendor_name"], record["class_name"],
                          record["activity_name"], record["disposition"]}) {
    draft.tag(tag.text());
  }
  record["metadata"]["labels"].each([&](const Node& label) { draft.tag(label.text()); });
  read_cloud(record["cloud"], draft);
  read_activity(record, draft);
  record["evidences"].each([&](const Node& evidence) { read_activity(evidence, draft); });
  read_attacks(record["attacks"], draft);
  read_threats(record, draft);
  record["resources"].each([&](const Node& resource) { read_resource(resource, draft); });
  record["resource"].each([&](const Node& resource) { read_resource(resource, draft); });
  record["observables"].each([&](const Node& observable) { read_observable(observable, draft); });
}

// "TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled", from AWS.
void read_type(std::string_view type, AlertDraft& draft) {
  draft.tag(type);
  auto rest = type;
  if (take_until(rest, '/') != "TTPs") return;
  draft.tactic(take_until(rest, '/'));
  draft.type(slug(rest));
}

void read_finding(const Node& record, AlertDraft& draft) {
  // An incident has the findings that it is made of; its own words stand in the record.
  const Node info = record.any({"finding_info", "finding", "finding_info_list"});
  const bool incident = record["finding_info_list"].is_array();
  draft.source_id((incident ? record["metadata"] : info)["uid"].scalar());
  if (incident) draft.title(record["desc"].text());
  draft.title(info["title"].text());
  draft.title(record["message"].text());
  draft.message(incident ? record["desc"].text() : info["desc"].text());
  draft.message(record["message"].text());
  for (const auto* name : {"first_seen_time", "created_time"}) draft.occurred_at(time_of(info, name));
  draft.occurred_at(time_of(record, "time"));
  draft.source_url(record["src_url"].text());
  draft.source_url(info["src_url"].text());
  draft.rule(info["analytic"].any({"uid", "name"}).text());
  info["types"].each([&](const Node& type) { read_type(type.text(), draft); });
  read_attacks(info["attacks"], draft);
  draft.vendor_status(record["status"].text());
  draft.vendor_status(record["state"].text());
  draft.vendor_verdict(record["verdict"].text());
  read_common(record, draft);
  draft.mine(info["desc"].text());
}

// "Authentication: Logon", from its parts where a sender leaves the whole out.
std::string type_name_of(const Node& record) {
  const auto whole = record["type_name"].text();
  const auto activity = record["activity_name"].text();
  if (!whole.empty() || activity.empty())
    return std::string(whole.empty() ? record["class_name"].text() : whole);
  return std::string(record["class_name"].text()) + ": " + std::string(activity);
}

void read_event(const Node& record, AlertDraft& draft) {
  const auto type = type_name_of(record);
  draft.type(slug(type));
  draft.title(record["message"].text());
  draft.title(type);
  draft.source_id(record["metadata"]["uid"].scalar());
  draft.occurred_at(time_of(record, "time"));
  draft.message(record["status_detail"].text());
  draft.tag(record["status"].text());
  draft.vendor_status(record["status"].text());
  read_common(record, draft);
}

bool is_record(const Node& object) {
  return object["class_uid"].is_number() && (object["metadata"] || object["category_uid"]) && object["time"];
}

RecordKind kind_of(const Node& record) {
  const auto category = record["category_uid"].integer();
  const auto value = category ? *category : record["class_uid"].integer().value_or(0) / 1000;
  return value == kFindings ? RecordKind::kAlert : RecordKind::kEvent;
}

}  // namespace

bool is_ocsf(const Node& object) {
  return is_record(first_aws_record(object));
}

void read_ocsf_record(const Node& record, std::string_view bytes, Output& out) {
  if (!is_record(record)) {
    return out.reject_part(bytes, "this is not an OCSF record",
                           "It has class_uid, category_uid, time and metadata.");
  }
  const auto kind = kind_of(record);
  out.add(kind, bytes, [&](AlertDraft& draft) {
    kind == RecordKind::kAlert ? read_finding(record, draft) : read_event(record, draft);
  });
}

void read_ocsf(const Node& object, Output& out) {
  open_aws_envelope(object, out.item(), out.options(), [&](const Node& record, std::string_view bytes) {
    read_ocsf_record(record, bytes, out);
  });
}

}  // namespace tocsin::ingest
