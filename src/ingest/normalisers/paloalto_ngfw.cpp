// PAN-OS syslog in its default CSV ("Syslog Field Descriptions"): the columns depend on the log type. Threat
// and correlation logs are alerts; traffic, system, configuration, sign-in and the rest are events.

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "ingest/fields.h"
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

struct Column {
  std::size_t place;  // from 0; the first seven are the same in every log
  std::string_view name;
};

constexpr auto kCommon = std::to_array<Column>(
    {{1, "receive_time"}, {2, "serial"}, {3, "type"}, {4, "subtype"}, {6, "time_generated"}});

constexpr auto kThreat = std::to_array<Column>(
    {{7, "src"},           {8, "dst"},       {9, "natsrc"},    {10, "natdst"},    {11, "rule"},
     {12, "srcuser"},      {13, "dstuser"},  {14, "app"},      {16, "from"},      {17, "to"},
     {24, "sport"},        {25, "dport"},    {29, "proto"},    {30, "action"},    {31, "misc"},
     {32, "threatid"},     {33, "category"}, {34, "severity"}, {35, "direction"}, {43, "filedigest"},
     {48, "xff"},          {50, "sender"},   {51, "subject"},  {52, "recipient"}, {59, "device_name"},
     {69, "thr_category"}, {79, "xff_ip"},   {86, "src_host"}, {87, "src_mac"},   {94, "dst_host"},
     {95, "dst_mac"}});

constexpr auto kTraffic = std::to_array<Column>({{7, "src"},
                                                 {8, "dst"},
                                                 {9, "natsrc"},
                                                 {10, "natdst"},
                                                 {11, "rule"},
                                                 {12, "srcuser"},
                                                 {13, "dstuser"},
                                                 {14, "app"},
                                                 {16, "from"},
                                                 {17, "to"},
                                                 {24, "sport"},
                                                 {25, "dport"},
                                                 {29, "proto"},
                                                 {30, "action"},
                                                 {37, "category"},
                                                 {46, "endreason"},
                                                 {52, "device_name"}});

// Decryption and tunnel logs agree with traffic logs up to the action.
constexpr auto kSession = std::span(kTraffic).first(14);
static_assert(kSession.back().name == "action");

constexpr auto kSystem = std::to_array<Column>(
    {{8, "eventid"}, {9, "object"}, {12, "module"}, {13, "severity"}, {14, "opaque"}, {22, "device_name"}});
constexpr auto kConfig = std::to_array<Column>({{7, "host"},
                                                {9, "cmd"},
                                                {10, "admin"},
                                                {11, "client"},
                                                {12, "result"},
                                                {13, "path"},
                                                {23, "device_name"}});
constexpr auto kCorrelation = std::to_array<Column>({{7, "src"},
                                                     {8, "srcuser"},
                                                     {10, "category"},
                                                     {11, "severity"},
                                                     {17, "device_name"},
                                                     {19, "objectname"},
                                                     {20, "object_id"},
                                                     {21, "evidence"}});
constexpr auto kGlobalProtect = std::to_array<Column>({{8, "eventid"},
                                                       {12, "srcuser"},
                                                       {14, "machinename"},
                                                       {15, "src"},
                                                       {17, "private_ip"},
                                                       {25, "reason"},
                                                       {26, "error"},
                                                       {27, "opaque"},
                                                       {28, "status"}});
constexpr auto kUserId =
    std::to_array<Column>({{8, "src"}, {9, "srcuser"}, {11, "eventid"}, {25, "device_name"}});
constexpr auto kHipMatch =
    std::to_array<Column>({{7, "srcuser"}, {9, "machinename"}, {11, "src"}, {12, "matchname"}});
constexpr auto kAuthentication =
    std::to_array<Column>({{8, "src"}, {9, "srcuser"}, {12, "rule"}, {18, "opaque"}, {20, "status"}});

struct Layout {
  std::string_view type;
  std::span<const Column> columns;
  RecordKind kind;
};

constexpr auto kLayouts = std::to_array<Layout>({
    {"THREAT", kThreat, RecordKind::kAlert},
    {"CORRELATION", kCorrelation, RecordKind::kAlert},
    {"TRAFFIC", kTraffic, RecordKind::kEvent},
    {"SYSTEM", kSystem, RecordKind::kEvent},
    {"CONFIG", kConfig, RecordKind::kEvent},
    {"GLOBALPROTECT", kGlobalProtect, RecordKind::kEvent},
    {"USERID", kUserId, RecordKind::kEvent},
    {"HIPMATCH", kHipMatch, RecordKind::kEvent},
    {"HIP-MATCH", kHipMatch, RecordKind::kEvent},
    {"AUTHENTICATION", kAuthentication, RecordKind::kEvent},
    {"DECRYPTION", kSession, RecordKind::kEvent},
    {"TUNNEL", kSession, RecordKind::kEvent},
});

const Layout* find_layout(std::string_view type) {
  const auto* found = std::find_if(kLayouts.begin(), kLayouts.end(),
                                   [&](const Layout& layout) { return layout.type == type; });
  return found == kLayouts.end() ? nullptr : found;
}

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

// One line of CSV: its columns, and where the row begins behind a relay's header.
struct Row {
  Fields fields;
  const Layout* layout = nullptr;
};

// "…host 1,2024/01/12 11:21:15,serial,THREAT,": where the row's first column begins.
std::size_t find_row(std::string_view line) {
  for (auto comma = line.find(','); comma != std::string_view::npos; comma = line.find(',', comma + 1)) {
    const auto date = line.substr(comma + 1, 20);
    if (date.size() < 20 || date[4] != '/' || date[7] != '/' || date[13] != ':' || date[19] != ',') continue;
    const auto blank = line.find_last_of(" \t:", comma);
    return blank == std::string_view::npos ? 0 : blank + 1;
  }
  return std::string_view::npos;
}

std::string_view name_of(std::span<const Column> columns, std::size_t place) {
  const auto* found = std::find_if(columns.data(), columns.data() + columns.size(),
                                   [&](const Column& column) { return column.place == place; });
  return found == columns.data() + columns.size() ? std::string_view() : found->name;
}

// "2024-01-12T11:21:15.190+01:00": the one column that knows its zone; its place varies with the version.
bool is_precise_time(std::string_view text) {
  return text.size() >= 25 && text[4] == '-' && text[10] == 'T' && text[19] == '.' &&
         text.find_first_of("+-Z", 20) != std::string_view::npos;
}

Row read_row(std::string_view text) {
  Row row;
  CsvRow csv(text);
  std::string store;
  std::string_view column;
  for (std::size_t place = 0; csv.next(column, store) && place < kMaxFields; ++place) {
    if (place == 3) row.layout = find_layout(column);
    auto name = name_of(kCommon, place);
    if (name.empty() && row.layout != nullptr) name = name_of(row.layout->columns, place);
    if (name.empty() && is_precise_time(column)) name = "high_res_timestamp";
    if (name.empty() || column.empty()) continue;
    if (column.data() == store.data()) {
      row.fields.add_own(name, std::string(column));
    } else {
      row.fields.add(name, column);
    }
  }
  return row;
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

void read_entities(const Fields& fields, const Family* family, AlertDraft& draft) {
  const bool from_server = family != nullptr && family->from_server;
  const bool turned = !from_server && fields["direction"] == "server-to-client";
  const auto suspect = family == nullptr       ? Suspect::kBoth
                       : from_server || turned ? Suspect::kDestination
                                               : Suspect::kSource;
  const auto owned = add_traffic(draft, {address(fields, "src"), side_of_zone(fields["from"])},
                                 {address(fields, "dst"), side_of_zone(fields["to"])}, suspect);
  for (const auto* name : {"natsrc", "natdst"})
    draft.entity(EntityKind::kIp, address(fields, name), EntityRole::kRelated);
  if (family != nullptr && !fields["misc"].empty()) {
    if (holds_url(fields)) {
      read_url(fields, owned.destination && !from_server, draft);
    } else {
      draft.entity(EntityKind::kFile, fields["misc"], EntityRole::kRelated);
    }
  }
  read_users(fields, draft);
  read_hosts(fields, draft);
}

std::string title_of(const Fields& fields, std::string_view type) {
  const auto threat = read_threat(fields["threatid"]);
  if (!threat.name.empty()) return std::string(threat.name);
  const auto subtype = std::string(fields["subtype"]);
  if (type == "THREAT") {
    std::string title = "PAN-OS " + subtype + ' ' + std::string(fields["action"]);
    const auto what = fields["misc"];
    return what.empty() ? title : title + ": " + std::string(what);
  }
  const auto named = fields.any({"objectname", "opaque", "eventid", "cmd", "matchname"});
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

void read_log(const Row& row, std::string_view prefix, const Options& options, AlertDraft& draft) {
  const auto& fields = row.fields;
  const auto type = row.layout->type;
  const auto subtype = fields["subtype"];
  const auto* family = type == "THREAT" ? find_family(subtype) : nullptr;
  draft.type(family != nullptr ? std::string(family->type)
                               : slug(std::string(type) + ' ' + std::string(subtype)));
  draft.title(title_of(fields, type));
  draft.message(describe(fields));
  draft.rule(fields["threatid"].empty() ? fields["object_id"] : read_threat(fields["threatid"]).id);
  draft.severity(severity_of(fields));
  for (const auto* name : {"high_res_timestamp", "time_generated", "receive_time"}) {
    draft.occurred_at(read_time(fields[name]));
  }
  draft.occurred_at(read_syslog_header(prefix, options.now).time);
  for (const auto* name : {"subtype", "action", "category", "thr_category", "app", "status", "eventid"}) {
    if (fields[name] != "any") draft.tag(fields[name]);
  }
  draft.mine(fields["opaque"]);
  if (subtype == "wildfire") draft.vendor_verdict(fields["category"]);
  draft.mine_cves(fields["threatid"]);
  read_entities(fields, family, draft);
}

std::string_view line_inside(const Node& object) {
  return object.any({"message", "_raw", "raw", "msg", "log"}).text();
}

void read_text(std::string_view line, bool is_object, Output& out) {
  const auto start = find_row(line);
  const auto row = start == std::string_view::npos ? Row{} : read_row(line.substr(start));
  if (row.layout == nullptr) {
    return out.reject(
        "this is not a PAN-OS log",
        "A log is a CSV row: future use, receive time, serial, type (THREAT, TRAFFIC, SYSTEM …), "
        "subtype, …; CEF and LEEF are read by the sources of that name.");
  }
  const auto fill = [&](AlertDraft& draft) { read_log(row, line.substr(0, start), out.options(), draft); };
  is_object ? out.add(row.layout->kind, fill) : out.add_text(row.layout->kind, fill);
}

}  // namespace

bool is_panos_line(std::string_view line) {
  const auto start = find_row(line);
  if (start == std::string_view::npos) return false;
  CsvRow csv(line.substr(start));
  std::string store;
  std::string_view column;
  for (int place = 0; place < 4 && csv.next(column, store); ++place) {
  }
  return find_layout(column) != nullptr;
}
bool is_panos_object(const Node& object) {
  return is_panos_line(line_inside(object));
}
void read_panos_line(std::string_view line, Output& out) {
  read_text(line, false, out);
}
void read_panos_object(const Node& object, Output& out) {
  read_text(line_inside(object), true, out);
}

}  // namespace tocsin::ingest
