// FortiGate logs in their default key=value format ("FortiOS Log Message Reference"), as lines or as objects
// of a collector that has split them. Security (UTM) logs are alerts; traffic and system logs are events.

#include <algorithm>
#include <array>

#include "ingest/cef.h"
#include "ingest/fields.h"
#include "ingest/ioc.h"
#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/syslog.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

struct Family {
  std::string_view subtype;
  std::string_view type;
  Suspect suspect;  // whose address is the threat when both ends are public
  bool own_server;  // what is named (host name, URL) belongs to the attacked server, not to the attacker
};

constexpr auto kFamilies = std::to_array<Family>({
    {"anomaly", "network_anomaly", Suspect::kSource, true},
    {"app-ctrl", "application_control", Suspect::kDestination, false},
    {"cifs", "file_filter", Suspect::kSource, true},
    {"dlp", "data_leak", Suspect::kDestination, false},
    {"dns", "dns_filter", Suspect::kDestination, false},
    {"emailfilter", "email_filter", Suspect::kSource, false},
    {"file-filter", "file_filter", Suspect::kDestination, false},
    {"icap", "content_filter", Suspect::kDestination, false},
    {"ips", "intrusion_attempt", Suspect::kSource, true},
    {"ssh", "ssh_filter", Suspect::kSource, true},
    {"ssl", "ssl_anomaly", Suspect::kDestination, false},
    {"virus", "malware_detected", Suspect::kDestination, false},
    {"voip", "voip_filter", Suspect::kSource, true},
    {"waf", "web_attack", Suspect::kSource, true},
    {"webfilter", "web_filter", Suspect::kDestination, false},
});

constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"srcname", EntityKind::kHost, EntityRole::kSource},
    {"dstname", EntityKind::kHost, EntityRole::kDestination},
    {"srcmac", EntityKind::kMac, EntityRole::kSource},
    {"dstmac", EntityKind::kMac, EntityRole::kDestination},
    {"filename", EntityKind::kFile, EntityRole::kRelated},
    {"analyticscksum", EntityKind::kHash, EntityRole::kRelated, true},
    {"filehash", EntityKind::kHash, EntityRole::kRelated, true},
    {"recipient", EntityKind::kEmail, EntityRole::kTarget},
    {"to", EntityKind::kEmail, EntityRole::kTarget},
    {"from", EntityKind::kEmail, EntityRole::kSource, true},
    {"sender", EntityKind::kEmail, EntityRole::kSource, true},
    {"remip", EntityKind::kIp, EntityRole::kSource, true},
    {"locip", EntityKind::kIp, EntityRole::kDestination},
    {"qname", EntityKind::kDomain, EntityRole::kRelated, true},
    {"botnetdomain", EntityKind::kDomain, EntityRole::kRelated, true},
    {"botnetip", EntityKind::kIp, EntityRole::kDestination, true},
    {"vpntunnel", EntityKind::kCloudResource, EntityRole::kRelated},
});

const Family* find_family(std::string_view subtype) {
  const auto* found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                   [&](const Family& family) { return family.subtype == subtype; });
  return found == kFamilies.end() ? nullptr : found;
}

// Nothing was found: a page, a name or an application that the policy lets through and only logs.
bool is_passed(const Fields& fields) {
  constexpr auto kPasses =
      std::to_array<std::string_view>({"", "accept", "allow", "exempt", "info", "log", "monitor", "monitored",
                                       "pass", "passthrough", "permit"});
  const auto level = fields["level"];
  const bool quiet = level == "information" || level == "notice" || level == "debug";
  return quiet && fields.any({"attack", "virus", "severity", "botnetdomain", "botnetip"}).empty() &&
         std::find(kPasses.begin(), kPasses.end(), fields["action"]) != kPasses.end();
}

// The signature's severity, else the threat weight, else the log level. What an application risks says
// nothing of a log that lets it pass.
Severity severity_of(const Fields& fields) {
  for (const auto* name :
       {"severity", "crlevel", "threatlevel", is_passed(fields) ? "" : "apprisk", "level", "pri"}) {
    const auto word = fields[name];
    if (equal_ignoring_case(word, "notification")) return Severity::kLow;
    if (equal_ignoring_case(word, "elevated")) return Severity::kMedium;  // a risk of an application
    if (const auto severity = severity_from_word(word)) return *severity;
  }
  return Severity::kMedium;
}

// "date", "time" and "tz" are the local clock; eventtime counts from 1970 in whatever unit.
std::optional<Timestamp> time_of(const Fields& fields) {
  if (const auto time = read_time(fields["eventtime"])) return time;
  const auto date = fields["date"];
  if (date.empty()) return read_time(fields["timestamp"]);
  return read_time(std::string(date) + 'T' + std::string(fields["time"]) + std::string(fields["tz"]));
}

Side side_of(std::string_view role) {
  if (role == "lan" || role == "dmz") return Side::kOwn;
  return role == "wan" ? Side::kForeign : Side::kUnknown;
}

// An attack may come back in the answer: "incoming" is from the server to the client.
Suspect suspect_of(const Family* family, std::string_view direction) {
  const auto usual = family == nullptr ? Suspect::kBoth : family->suspect;
  const bool turned = family != nullptr && family->own_server && direction == "incoming";
  return turned ? Suspect::kDestination : usual;
}

// "5.6.7.8:51912, 10.0.0.1": the client that a proxy speaks for stands first.
void read_forwarded(std::string_view list, AlertDraft& draft) {
  while (!list.empty()) draft.observed(EntityKind::kIp, take_until(list, ','), EntityRole::kSource);
}

void read_request(const Fields& fields, bool own_server, AlertDraft& draft) {
  const auto host = fields["hostname"];
  const auto url = fields["url"];
  if (!host.empty() && !parse_ip(host))
    add_peer(draft, EntityKind::kDomain, host.substr(0, host.find(':')), own_server);
  if (url.empty()) return;
  if (is_absolute_url(url)) return add_peer(draft, EntityKind::kUrl, url, own_server);
  if (host.empty()) return;
  const bool secure = equal_ignoring_case(fields["service"], "https") || fields["dstport"] == "443";
  const auto* slash = url.starts_with('/') ? "" : "/";
  add_peer(draft, EntityKind::kUrl,
           (secure ? "https://" : "http://") + std::string(host) + slash + std::string(url), own_server);
}

// The server of a DNS log is a resolver, which answers for good names and bad ones; those of a log about the
// device itself are its own.
Side destination_side(const Fields& fields) {
  const bool innocent = fields["subtype"] == "dns" || fields["type"] == "event";
  return innocent ? Side::kOwn : side_of(fields["dstintfrole"]);
}

// "ssh(192.0.2.7)", "GUI(192.0.2.7)": where an administrator sits.
std::string_view seat_of(std::string_view ui) {
  const auto open = ui.find('(');
  return open != std::string_view::npos && ui.ends_with(')') ? ui.substr(open + 1, ui.size() - open - 2)
                                                             : std::string_view();
}

// What logs of the device name beside the ends of traffic: FortiClients, tunnels, administrators.
void read_device_log(const Fields& fields, AlertDraft& draft) {
  draft.entity(EntityKind::kHost, fields["devname"], EntityRole::kTarget);
  if (fields["subtype"] == "endpoint") draft.entity(EntityKind::kHost, fields["name"], EntityRole::kSource);
  if (fields["srcip"].empty() && parse_ip(seat_of(fields["ui"])))
    draft.observed(EntityKind::kIp, seat_of(fields["ui"]), EntityRole::kSource);
  for (const auto* name : {"tunnelip", "assignip"})
    if (parse_ip(fields[name])) draft.entity(EntityKind::kIp, fields[name], EntityRole::kRelated);
}

// Names of signatures carry CVEs between dots: "Adobe.ColdFusion.CVE-2023-44352.Reflected.XSS".
void read_cves(std::string_view name, AlertDraft& draft) {
  for (auto at = name.find("CVE"); at != std::string_view::npos; at = name.find("CVE", at + 3)) {
    std::string id(name.substr(at, 3));
    std::size_t parts = 0;
    for (auto rest = name.substr(at + 3); parts < 2 && rest.size() > 1; ++parts) {
      rest.remove_prefix(1);
      const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
      id.append("-").append(rest.substr(0, digits));
      rest.remove_prefix(digits);
    }
    if (make_ioc(model::IocKind::kCve, id)) draft.observed(EntityKind::kCve, id, EntityRole::kRelated);
  }
}

void read_entities(const Fields& fields, const Family* family, AlertDraft& draft) {
  const auto owned = add_traffic(draft, {fields.any({"srcip", "src"}), side_of(fields["srcintfrole"])},
                                 {fields.any({"dstip", "dst"}), destination_side(fields)},
                                 suspect_of(family, fields["direction"]));
  const bool server_is_own = owned.destination && (family == nullptr || family->own_server);
  read_forwarded(fields["forwardedfor"], draft);
  read_request(fields, server_is_own, draft);
  add_entities(fields, kMeanings, draft);
  const auto user = fields.any({"user", "unauthuser", "srcuser", "xauthuser", "login"});
  draft.entity(EntityKind::kUser, user, EntityRole::kTarget);
  read_cves(fields["attack"], draft);
  read_cves(fields["cve"], draft);
}

// What the log is about, most telling first.
std::string title_of(const Fields& fields) {
  auto name = fields.any({"attack", "virus", "logdesc", "attackname", "msg", "eventtype", "action"});
  while (name.ends_with(',')) name.remove_suffix(1);  // "Proxy: Tor,"
  if (!name.empty()) return std::string(name);
  return "FortiGate " + std::string(fields["type"]) + ' ' + std::string(fields["subtype"]);
}

std::string traffic_title(const Fields& fields) {
  return "FortiGate traffic " + std::string(fields.any({"action", "subtype"})) + ' ' +
         describe_traffic(fields["srcip"], fields["srcport"], fields["dstip"], fields["dstport"],
                          fields["service"]);
}

void read_log(const Fields& fields, std::string_view prefix, const Options& options, AlertDraft& draft) {
  const auto type = fields["type"];
  const auto subtype = fields["subtype"];
  const auto* family = find_family(subtype);
  const bool traffic = type == "traffic";
  draft.type(family != nullptr ? std::string(family->type)
                               : slug(traffic ? "traffic" : std::string(type) + ' ' + std::string(subtype)));
  draft.title(traffic ? traffic_title(fields) : title_of(fields));
  draft.message(fields.any({"msg", "logdesc"}));
  const auto rule = fields.any({"attackid", "virusid", "appid", "logid"});
  draft.rule(rule);
  draft.severity(traffic ? Severity::kInfo : severity_of(fields));
  draft.occurred_at(time_of(fields));
  draft.occurred_at(read_syslog_header(prefix, options.now).time);
  draft.source_url(fields["ref"]);
  for (const auto* name : {"subtype", "action", "eventtype", "app", "catdesc", "profile"}) {
    draft.tag(fields[name]);
  }
  draft.vendor_status(fields.any({"status", "action"}));
  draft.vendor_verdict(fields["fsaverdict"]);
  if (type == "event") read_device_log(fields, draft);
  read_entities(fields, family, draft);
}

// A log of the system is an alert when the device itself says so.
RecordKind kind_of(const Fields& fields) {
  const auto type = fields["type"];
  if (is_passed(fields)) return RecordKind::kEvent;
  if (type == "utm" || type == "anomaly" || find_family(type) != nullptr) return RecordKind::kAlert;
  const auto level = fields["level"];
  const bool urgent = type == "event" && (level == "alert" || level == "critical" || level == "emergency");
  return urgent ? RecordKind::kAlert : RecordKind::kEvent;
}

struct CefName {
  std::string_view cef;
  std::string_view native;
};
constexpr auto kCefNames = std::to_array<CefName>({{"act", "action"},
                                                   {"app", "service"},
                                                   {"dhost", "hostname"},
                                                   {"dpt", "dstport"},
                                                   {"dst", "dstip"},
                                                   {"duser", "dstuser"},
                                                   {"dvchost", "devname"},
                                                   {"deviceExternalId", "devid"},
                                                   {"fname", "filename"},
                                                   {"request", "url"},
                                                   {"shost", "srcname"},
                                                   {"spt", "srcport"},
                                                   {"src", "srcip"},
                                                   {"suser", "user"}});

// FortiGate's CEF: the dictionary's keys where it has them, the rest under "FTNTFGT", "cat" as "utm:ips".
Fields fields_of(const CefLine& cef) {
  constexpr std::string_view kPrefix = "FTNTFGT";
  Fields fields;
  for (const auto& [name, value] : cef.extension) {
    const auto* known = std::find_if(kCefNames.begin(), kCefNames.end(),
                                     [&key = name](const CefName& one) { return one.cef == key; });
    const auto own = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
    fields.add(known != kCefNames.end() ? known->native : own, value);
  }
  auto category = cef.get("cat");
  fields.add("type", take_until(category, ':'));
  fields.add("subtype", category);
  return fields;
}

bool is_log(const Fields& fields) {
  return !fields["type"].empty() && !fields["subtype"].empty() &&
         !fields.any({"devid", "devname", "logid", "device_id", "log_id"}).empty();
}

void reject(Output& out) {
  out.reject(
      "this is not a FortiGate log",
      "A log is made of key=value pairs with logid, type, subtype and devname, or is FortiGate's CEF.");
}

std::string_view line_inside(const Node& object) {
  return object.any({"message", "_raw", "raw", "log"}).text();
}

bool is_fortigate_cef(const CefLine& cef) {
  return equal_ignoring_case(cef.vendor, "Fortinet") && cef.get("cat").find(':') != std::string_view::npos;
}

// FortiGate's own profile of CEF; absent for every other line.
std::optional<CefLine> fortigate_cef(std::string_view line) {
  auto cef = find_cef(line) == std::string_view::npos ? std::nullopt : parse_cef(line);
  return cef && is_fortigate_cef(*cef) ? std::move(cef) : std::nullopt;
}

}  // namespace

bool is_fortigate_line(std::string_view line) {
  return line.find("type=") != std::string_view::npos && line.find("subtype=") != std::string_view::npos &&
         (line.find("logid=") != std::string_view::npos || line.find("devid=") != std::string_view::npos);
}

bool is_fortigate_object(const Node& object) {
  if (object["logid"] && object["subtype"].is_string() && object["type"].is_string()) return true;
  return is_fortigate_line(line_inside(object));
}

void read_fortigate_line(std::string_view line, Output& out) {
  if (const auto cef = fortigate_cef(line)) {
    const auto fields = fields_of(*cef);
    return out.add_line(kind_of(fields), fields,
                        [&](AlertDraft& draft) { read_log(fields, cef->prefix, out.options(), draft); });
  }
  const auto fields = read_key_values(line);
  if (!is_log(fields)) return reject(out);
  const auto prefix = line.substr(0, std::min(line.find('='), line.size()));
  out.add_line(kind_of(fields), fields,
               [&](AlertDraft& draft) { read_log(fields, prefix, out.options(), draft); });
}

void read_fortigate_object(const Node& object, Output& out) {
  const auto line = line_inside(object);
  const auto cef = fortigate_cef(line);
  const auto fields = cef                       ? fields_of(*cef)
                      : is_fortigate_line(line) ? read_key_values(line)
                                                : fields_of(object);
  if (!is_log(fields)) return reject(out);
  out.add(kind_of(fields), [&](AlertDraft& draft) {
    read_log(fields, {}, out.options(), draft);
    draft.occurred_at(read_time(object.any({"@timestamp", "_time"})));
  });
}

}  // namespace tocsin::ingest
