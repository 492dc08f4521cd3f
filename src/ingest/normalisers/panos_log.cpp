#include "ingest/normalisers/panos_log.h"

#include <algorithm>
#include <array>
#include <span>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::RecordKind;

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
    {"URL", kThreat, RecordKind::kAlert},  // the logging service tells these two apart from THREAT
    {"FILE", kThreat, RecordKind::kAlert},
});

const Layout* find_layout(std::string_view type) {
  const auto* found = std::find_if(kLayouts.begin(), kLayouts.end(), [&](const Layout& layout) {
    return equal_ignoring_case(layout.type, type);
  });
  return found == kLayouts.end() ? nullptr : found;
}

// "2024/01/12 11:21:15,", or "2024-01-12T11:21:15.000000Z," as the logging service forwards rows.
bool begins_with_time(std::string_view text) {
  if (text.size() < 20 || text[13] != ':' || text[16] != ':') return false;
  if (text[4] == '/' && text[7] == '/') return text[19] == ',';
  return text[4] == '-' && text[7] == '-' && text[10] == 'T';
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

struct Alias {
  std::string_view name;  // without case, "_", "." and "value"
  std::string_view native;
};

// Sorted. The logging service names fields in CamelCase or in snake_case, the latter at times with ".value".
constexpr auto kAliases = std::to_array<Alias>({{"act", "action"},
                                                {"actionvalue", "action"},
                                                {"application", "app"},
                                                {"cat", "threatid"},
                                                {"connectionerror", "error"},
                                                {"description", "opaque"},
                                                {"destinationaddress", "dst"},
                                                {"destinationdevicehost", "dst_host"},
                                                {"destinationdevicemac", "dst_mac"},
                                                {"destinationip", "dst"},
                                                {"destinationport", "dport"},
                                                {"destinationtranslatedaddress", "natdst"},
                                                {"destinationuser", "dstuser"},
                                                {"destinationzone", "to"},
                                                {"destip", "dst"},
                                                {"destport", "dport"},
                                                {"destuser", "dstuser"},
                                                {"devicename", "device_name"},
                                                {"devtime", "time_generated"},
                                                {"directionofattack", "direction"},
                                                {"dpt", "dport"},
                                                {"dstport", "dport"},
                                                {"dstpostnat", "natdst"},
                                                {"dstzone", "to"},
                                                {"duser", "dstuser"},
                                                {"duser0", "dstuser"},
                                                {"endpointdevicename", "machinename"},
                                                {"eventid", "eventid"},
                                                {"eventidvalue", "eventid"},
                                                {"eventstatus", "status"},
                                                {"filehash", "filedigest"},
                                                {"filename", "misc"},
                                                {"filesha256", "filedigest"},
                                                {"fromzone", "from"},
                                                {"identsrc", "src"},
                                                {"logtype", "type"},
                                                {"machine", "machinename"},
                                                {"miscellaneous", "misc"},
                                                {"natdestination", "natdst"},
                                                {"natsource", "natsrc"},
                                                {"protocol", "proto"},
                                                {"publicipv4", "src"},
                                                {"receivetime", "receive_time"},
                                                {"recipientemail", "recipient"},
                                                {"request", "misc"},
                                                {"rt", "receive_time"},
                                                {"rulename", "rule"},
                                                {"senderemail", "sender"},
                                                {"sourceaddress", "src"},
                                                {"sourcedevicehost", "src_host"},
                                                {"sourcedevicemac", "src_mac"},
                                                {"sourceip", "src"},
                                                {"sourceport", "sport"},
                                                {"sourcetranslatedaddress", "natsrc"},
                                                {"sourceuser", "srcuser"},
                                                {"sourceusername", "srcuser"},
                                                {"sourcezone", "from"},
                                                {"spt", "sport"},
                                                {"srcport", "sport"},
                                                {"srcpostnat", "natsrc"},
                                                {"srczone", "from"},
                                                {"start", "time_generated"},
                                                {"subtype", "subtype"},
                                                {"suser", "srcuser"},
                                                {"suser0", "srcuser"},
                                                {"threatcategory", "thr_category"},
                                                {"threatid", "threatid"},
                                                {"threatname", "threat_name"},
                                                {"timegenerated", "time_generated"},
                                                {"timereceived", "receive_time"},
                                                {"tozone", "to"},
                                                {"url", "misc"},
                                                {"urlcategory", "category"},
                                                {"username", "srcuser"},
                                                {"usrname", "srcuser"},
                                                {"vendorseverity", "severity"},
                                                {"verdict", "category"},
                                                {"xforwardedfor", "xff"}});

// "source_ip.value" gives "sourceip", "SourceAddress" "sourceaddress".
std::string plain_name(std::string_view name) {
  constexpr std::string_view kValue = ".value";
  if (name.ends_with(kValue)) name.remove_suffix(kValue.size());
  std::string plain;
  for (const char c : name) {
    if (c != '_' && c != '.') plain += lower(c);
  }
  return plain;
}

// Names that are the field descriptions' own but for their case stay.
std::string native_name(std::string_view name) {
  auto plain = plain_name(name);
  const auto* found =
      std::lower_bound(kAliases.begin(), kAliases.end(), plain,
                       [](const Alias& alias, const std::string& one) { return alias.name < one; });
  if (found != kAliases.end() && found->name == plain) return std::string(found->native);
  return name.find('_') == std::string_view::npos ? plain : std::string(name);
}

std::optional<PanosLog> typed(PanosLog log, std::string_view type) {
  const auto* layout = find_layout(type);
  if (layout == nullptr) return std::nullopt;
  log.type = layout->type;
  log.kind = layout->kind;
  return log;
}

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  return text.size() > 1 && text.starts_with('"') && text.ends_with('"') ? text.substr(1, text.size() - 2)
                                                                         : text;
}

// "Name of a signature(12345)"
bool find_threat(std::string_view text) {
  return text.ends_with(')') && text.find('(') != std::string_view::npos;
}

// CEF has PAN-OS' five words as 1 to 5.
std::string_view severity_word(std::string_view number) {
  constexpr std::array<std::string_view, 5> kWords{"informational", "low", "medium", "high", "critical"};
  const bool digit = number.size() == 1 && number[0] >= '1' && number[0] <= '5';
  return digit ? kWords[static_cast<std::size_t>(number[0] - '1')] : number;
}

}  // namespace

// "…host 1,2024/01/12 11:21:15,serial,THREAT,"
std::size_t find_panos_row(std::string_view line) {
  for (auto comma = line.find(','); comma != std::string_view::npos; comma = line.find(',', comma + 1)) {
    if (!begins_with_time(line.substr(comma + 1))) continue;
    const auto blank = line.find_last_of(" \t:", comma);
    return blank == std::string_view::npos ? 0 : blank + 1;
  }
  return std::string_view::npos;
}

std::optional<PanosLog> read_panos_row(std::string_view row) {
  PanosLog log;
  const Layout* layout = nullptr;
  CsvRow csv(row);
  std::string store;
  std::string_view column;
  for (std::size_t place = 0; csv.next(column, store) && place < kMaxFields; ++place) {
    if (place == 3 && (layout = find_layout(column)) == nullptr) return std::nullopt;
    auto name = name_of(kCommon, place);
    if (name.empty() && layout != nullptr) name = name_of(layout->columns, place);
    if (name.empty() && is_precise_time(column)) name = "high_res_timestamp";
    if (name.empty() || column.empty()) continue;
    if (column.data() == store.data()) {
      log.fields.add_own(name, std::string(column));
    } else {
      log.fields.add(name, column);
    }
  }
  if (layout == nullptr) return std::nullopt;
  log.type = layout->type;
  log.kind = layout->kind;
  return log;
}

bool is_panos_json(const Node& object) {
  if (find_layout(object.any({"LogType", "log_type", "type"}).any({"value"}).text()) == nullptr &&
      find_layout(object.any({"LogType", "log_type", "type"}).text()) == nullptr)
    return false;
  return bool(
      object.any({"DeviceSN", "device_sn", "serial", "log_source_id", "ConfigVersion", "TimeReceived"}));
}

std::optional<PanosLog> read_panos_json(const Node& object) {
  PanosLog log;
  const auto given = fields_of(object, 2);
  for (const auto& [name, value] : given.all()) log.fields.add_own(native_name(name), std::string(value));
  const auto type = std::string(log.fields["type"]);
  return typed(std::move(log), type);
}

std::optional<PanosLog> read_panos_leef(const LeefLine& leef) {
  PanosLog log;
  for (const auto& [name, value] : leef.attributes.all()) {
    if (name != "cat") log.fields.add_own(native_name(name), std::string(unquoted(value)));
  }
  return typed(std::move(log), leef.attributes["cat"]);
}

std::optional<PanosLog> read_panos_cef(const CefLine& cef) {
  constexpr std::string_view kPrefix = "PanOS";
  PanosLog log;
  for (const auto& [name, value] : cef.extension) {
    const auto label = cef.get(std::string(name) + "Label");
    const auto own = !label.empty() ? label : name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
    log.fields.add_own(native_name(own), value);
  }
  // The older format has the subtype or the threat as the id and the type as the name, the newer one the type
  // as the id and the subtype as the name.
  const bool newer = find_layout(cef.signature_id) != nullptr;
  log.fields.add_own(newer || find_threat(cef.signature_id) ? "threatid" : "subtype",
                     newer ? std::string() : cef.signature_id);
  if (newer) log.fields.add_own("subtype", cef.name);
  log.fields.add_own("severity", std::string(severity_word(cef.severity)));
  return typed(std::move(log), newer ? cef.signature_id : cef.name);
}

}  // namespace tocsin::ingest
