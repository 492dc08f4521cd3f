// PAN-OS syslog in its default CSV ("Syslog Field Descriptions"): the columns depend on the log type. Threat
// and correlation logs are alerts; traffic, system, configuration, sign-in and the rest are events.

#include <algorithm>
#include <array>

#include "ingest/fields.h"
#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/normalisers/panos_log.h"
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
  bool from_server;  // the threat is what the client reached; otherwise it is the client
};

constexpr auto kFamilies = std::to_array<Family>({
    {"data", "data_filtering", true},
    {"file", "file_transfer", true},
    {"flood", "denial_of_service", false},
    {"packet", "packet_attack", false},
    {"scan", "network_scan", false},
    {"spyware", "malware_traffic", true},
    {"url", "url_filtering", true},
    {"ml-virus", "malware_detected", true},
    {"virus", "malware_detected", true},
    {"vulnerability", "exploit_attempt", false},
    {"wildfire", "malware_detected", true},
    {"wildfire-virus", "malware_detected", true},
});

const Family* find_family(std::string_view subtype) {
  const auto* found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                   [&](const Family& family) { return family.subtype == subtype; });
  return found == kFamilies.end() ? nullptr : found;
}

Side side_of_zone(std::string_view zone) {
  constexpr auto kOutside =
      std::to_array<std::string_view>({"untrust", "outside", "internet", "external", "wan", "public"});
  constexpr auto kInside =
      std::to_array<std::string_view>({"trust", "inside", "internal", "lan", "dmz", "private"});
  for (const auto name : kOutside) {
    if (equal_ignoring_case(zone.substr(0, name.size()), name)) return Side::kForeign;
  }
  for (const auto name : kInside) {
    if (equal_ignoring_case(zone.substr(0, name.size()), name)) return Side::kOwn;
  }
  return Side::kUnknown;
}

// "PDF Exploit Evasion Found(34805)" has the name and the id of the signature.
struct Threat {
  std::string_view name;
  std::string_view id;
};

Threat read_threat(std::string_view text) {
  const auto open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return {text, {}};
  return {trim(text.substr(0, open)), text.substr(open + 1, text.size() - open - 2)};
}

// JSON has the name and the id apart.
Threat threat_of(const Fields& fields) {
  const auto text = fields["threatid"];
  const bool id_only = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  auto threat = id_only ? Threat{{}, text} : read_threat(text);
  if (const auto name = fields["threat_name"]; !name.empty()) threat.name = name;
  return threat;
}

const Family* family_of(const PanosLog& log) {
  if (log.kind != RecordKind::kAlert) return nullptr;
  const auto* family = find_family(log.fields["subtype"]);
  return family != nullptr ? family : find_family(to_lower(log.type));
}

bool holds_url(const Fields& fields) {
  const auto subtype = fields["subtype"];
  return subtype == "url" || (fields["misc"].find('/') != std::string_view::npos && subtype != "file" &&
                              subtype != "wildfire" && subtype != "data");
}

// "test.fr:9999/": PAN-OS leaves the scheme out.
void read_url(const Fields& fields, bool own_server, AlertDraft& draft) {
  const auto url = fields["misc"];
  const auto host = url.substr(0, url.find_first_of(":/?"));
  if (!parse_ip(host)) add_peer(draft, EntityKind::kDomain, host, own_server);
  if (is_absolute_url(url)) return add_peer(draft, EntityKind::kUrl, url, own_server);
  if (host.find('.') == std::string_view::npos) return;
  const bool secure = fields["app"] == "ssl" || fields["dport"] == "443";
  add_peer(draft, EntityKind::kUrl, (secure ? "https://" : "http://") + std::string(url), own_server);
}

void read_hosts(const Fields& fields, AlertDraft& draft) {
  constexpr auto kMeanings = std::to_array<FieldMeaning>({
      {"src_host", EntityKind::kHost, EntityRole::kSource},
      {"dst_host", EntityKind::kHost, EntityRole::kDestination},
      {"machinename", EntityKind::kHost, EntityRole::kTarget},
      {"src_mac", EntityKind::kMac, EntityRole::kSource},
      {"dst_mac", EntityKind::kMac, EntityRole::kDestination},
      {"private_ip", EntityKind::kIp, EntityRole::kRelated},
      {"host", EntityKind::kIp, EntityRole::kSource, true},
      {"admin", EntityKind::kUser, EntityRole::kTarget},
      {"filedigest", EntityKind::kHash, EntityRole::kRelated, true},
      {"sender", EntityKind::kEmail, EntityRole::kSource, true},
      {"recipient", EntityKind::kEmail, EntityRole::kTarget},
      {"xff", EntityKind::kIp, EntityRole::kSource, true},
      {"xff_ip", EntityKind::kIp, EntityRole::kSource, true},
  });
  add_entities(fields, kMeanings, draft);
}

void read_users(const Fields& fields, AlertDraft& draft) {
  const auto source = fields["srcuser"];
  const auto target = fields["dstuser"];
  draft.entity(EntityKind::kUser, source, target.empty() ? EntityRole::kTarget : EntityRole::kActor);
  draft.entity(EntityKind::kUser, target, EntityRole::kTarget);
}

// "0.0.0.0" fills address columns without an address.
std::string_view address(const Fields& fields, std::string_view name) {
  const auto value = fields[name];
  return value == "0.0.0.0" || value == "::" ? std::string_view() : value;
}

// "Suspicious DNS Query (generic:c2.example.org)", "Tunneling:c2.example.org": the name that was asked for.
std::string_view asked_name(std::string_view threat) {
  if (threat.ends_with(')')) threat.remove_suffix(1);
  const auto colon = threat.rfind(':');
  return colon == std::string_view::npos ? std::string_view() : trim(threat.substr(colon + 1));
}

bool is_dns(const Fields& fields) {
  return fields["app"] == "dns" || fields["app"] == "dns-base" || fields["dport"] == "53";
}

// A resolver answers for good names and bad ones; only the name accuses.
void read_dns(const Fields& fields, AlertDraft& draft) {
  for (const auto name : {asked_name(threat_of(fields).name), fields["misc"]}) {
    const bool domain = name.find('.') != std::string_view::npos && name.find_first_of(" /") == name.npos;
    if (domain) draft.reported(EntityKind::kDomain, name, EntityRole::kRelated);
  }
}

// "failed authentication for user 'ann'. … From: 192.0.2.9." names in prose whom and whence.
void read_sign_in(const Fields& fields, AlertDraft& draft) {
  const auto text = fields["opaque"];
  const auto behind = [&](std::string_view mark, std::string_view ends) -> std::string_view {
    const auto at = text.find(mark);
    if (at == std::string_view::npos) return {};
    const auto rest = text.substr(at + mark.size());
    return rest.substr(0, rest.find_first_of(ends));
  };
  draft.entity(EntityKind::kUser, behind("user '", "'"), EntityRole::kTarget);
  auto from = behind("From: ", " ,");
  if (from.ends_with('.')) from.remove_suffix(1);
  if (parse_ip(from)) draft.observed(EntityKind::kIp, from, EntityRole::kSource);
}

void read_entities(const Fields& fields, const Family* family, AlertDraft& draft) {
  const bool from_server = family != nullptr && family->from_server;
  const bool turned = !from_server && fields["direction"] == "server-to-client";
  const auto suspect = family == nullptr       ? Suspect::kBoth
                       : from_server || turned ? Suspect::kDestination
                                               : Suspect::kSource;
  const bool dns = from_server && is_dns(fields);
  const auto owned =
      add_traffic(draft, {address(fields, "src"), side_of_zone(fields["from"])},
                  {address(fields, "dst"), dns ? Side::kOwn : side_of_zone(fields["to"])}, suspect);
  for (const auto* name : {"natsrc", "natdst"})
    draft.entity(EntityKind::kIp, address(fields, name), EntityRole::kRelated);
  if (dns) {
    read_dns(fields, draft);
  } else if (family != nullptr && !fields["misc"].empty()) {
    if (holds_url(fields)) {
      read_url(fields, owned.destination && !from_server, draft);
    } else {
      draft.entity(EntityKind::kFile, fields["misc"], EntityRole::kRelated);
    }
  }
  read_users(fields, draft);
  read_sign_in(fields, draft);
  read_hosts(fields, draft);
}

std::string title_of(const Fields& fields, std::string_view type) {
  const auto threat = threat_of(fields);
  if (!threat.name.empty()) return std::string(threat.name);
  const auto subtype = std::string(fields["subtype"]);
  if (type == "THREAT") {
    std::string title = "PAN-OS " + subtype + ' ' + std::string(fields["action"]);
    const auto what = fields["misc"];
    return what.empty() ? title : title + ": " + std::string(what);
  }
  const bool session = type == "GLOBALPROTECT" || type == "CONFIG";
  if (session) {
    std::string title = "PAN-OS " + to_lower(type);
    for (const auto* name : {"eventid", "status", "cmd", "path"}) {
      if (!fields[name].empty()) title.append(" ").append(fields[name]);
    }
    return title;
  }
  const auto named = fields.any({"objectname", "opaque", "eventid", "matchname"});
  if (!named.empty()) return std::string(named);
  const auto ends =
      describe_traffic(fields["src"], fields["sport"], fields["dst"], fields["dport"], fields["app"]);
  return "PAN-OS " + to_lower(type) + ' ' + subtype + (ends.empty() ? "" : ": " + ends);
}

// A verdict of WildFire outranks the severity column, which says "informational" for most of them.
Severity severity_of(const Fields& fields) {
  const auto severity = severity_from_word(fields["severity"]).value_or(Severity::kInfo);
  if (fields["subtype"] != "wildfire") return severity;
  const auto verdict = fields["category"];
  const bool bad = verdict == "malicious" || verdict == "phishing" || verdict == "c2";
  if (bad) return std::max(severity, Severity::kHigh);
  return verdict == "grayware" ? Severity::kLow : severity;
}

std::string describe(const Fields& fields) {
  std::string text;
  for (const auto* name : {"opaque", "evidence", "reason", "error"}) {
    if (!fields[name].empty()) return std::string(fields[name]);
  }
  for (const auto* name : {"subtype", "action", "category", "thr_category", "subject"}) {
    const auto value = fields[name];
    if (!value.empty()) text.append(text.empty() ? "" : ", ").append(value);
  }
  const auto ends =
      describe_traffic(fields["src"], fields["sport"], fields["dst"], fields["dport"], fields["app"]);
  return ends.empty() ? text : text + ": " + ends;
}

// That column is known by its looks, which a user agent or a referrer may have too: it counts when it agrees
// with the device's clock, whatever the zone of that is.
std::optional<Timestamp> precise_time(const Fields& fields) {
  constexpr auto kZones = std::chrono::hours{26};
  const auto precise = read_time(fields["high_res_timestamp"]);
  const auto clock = read_time(fields["time_generated"]);
  if (!precise || !clock) return precise;
  return *precise - *clock <= kZones && *clock - *precise <= kZones ? precise : std::nullopt;
}

void read_log(const PanosLog& log, std::string_view prefix, const Options& options, AlertDraft& draft) {
  const auto& fields = log.fields;
  const auto type = log.type;
  const auto subtype = fields["subtype"] == "0" ? std::string_view() : fields["subtype"];
  const auto threat = threat_of(fields);
  const auto* family = family_of(log);
  draft.type(family != nullptr ? std::string(family->type)
                               : slug(std::string(type) + ' ' + std::string(subtype)));
  draft.title(title_of(fields, type));
  draft.message(describe(fields));
  draft.rule(threat.id.empty() ? fields["object_id"] : threat.id);
  draft.severity(severity_of(fields));
  const bool zoned = fields["time_generated"].find('T') != std::string_view::npos;
  if (!zoned) draft.occurred_at(precise_time(fields));
  for (const auto* name : {"time_generated", "receive_time"}) draft.occurred_at(read_time(fields[name]));
  draft.occurred_at(read_syslog_header(prefix, options.now).time);
  for (const auto* name : {"subtype", "action", "category", "thr_category", "app", "status", "eventid"}) {
    if (fields[name] != "any" && fields[name] != "0") draft.tag(fields[name]);
  }
  draft.mine(fields["opaque"]);
  draft.vendor_status(fields.any({"action", "status", "result"}));
  if (subtype == "wildfire") draft.vendor_verdict(fields["category"]);
  draft.mine_cves(threat.name);
  read_entities(fields, family, draft);
}

std::string_view line_inside(const Node& object) {
  return object.any({"message", "_raw", "raw", "msg", "log"}).text();
}

void reject(Output& out) {
  out.reject("this is not a PAN-OS log",
             "A log is a CSV row: future use, receive time, serial, type (THREAT, TRAFFIC, SYSTEM …), "
             "subtype, …; or JSON of the logging service; or CEF or LEEF.");
}

std::optional<PanosLog> read_line(std::string_view line, std::size_t start) {
  return start == std::string_view::npos ? std::nullopt : read_panos_row(line.substr(start));
}

// PAN-OS' own profiles of CEF and LEEF.
std::optional<PanosLog> read_profile(std::string_view line) {
  constexpr std::string_view kMaker = "Palo Alto Networks";
  if (find_cef(line) != std::string_view::npos) {
    const auto cef = parse_cef(line);
    return cef && cef->vendor == kMaker ? read_panos_cef(*cef) : std::nullopt;
  }
  if (find_leef(line) == std::string_view::npos) return std::nullopt;
  const auto leef = parse_leef(line);
  return leef && leef->vendor == kMaker ? read_panos_leef(*leef) : std::nullopt;
}

}  // namespace

// Asked of each line before "cef" and "leef" only where the source was named.
bool is_panos_line(std::string_view line) {
  return find_panos_row(line) != std::string_view::npos ? read_line(line, find_panos_row(line)).has_value()
                                                        : read_profile(line).has_value();
}
bool is_panos_object(const Node& object) {
  return is_panos_json(object) || is_panos_line(line_inside(object));
}

void read_panos_line(std::string_view line, Output& out) {
  const auto start = find_panos_row(line);
  const auto log = start == std::string_view::npos ? read_profile(line) : read_line(line, start);
  if (!log) return reject(out);
  const auto header = line.substr(0, start == line.npos ? 0 : start);
  out.add_line(log->kind, log->fields,
               [&](AlertDraft& draft) { read_log(*log, header, out.options(), draft); });
}

void read_panos_object(const Node& object, Output& out) {
  const auto line = line_inside(object);
  const auto start = find_panos_row(line);
  const auto log = is_panos_json(object) ? read_panos_json(object) : read_line(line, start);
  if (!log) return reject(out);
  const auto header = start == std::string_view::npos ? std::string_view() : line.substr(0, start);
  out.add(log->kind, [&](AlertDraft& draft) { read_log(*log, header, out.options(), draft); });
}

}  // namespace tocsin::ingest
