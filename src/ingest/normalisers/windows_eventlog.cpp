// Windows events (Microsoft, "Windows security audit events", "Sysmon", "Review event logs … Microsoft
// Defender Antivirus"). All are events, but what Microsoft Defender found is an alert.

#include <algorithm>
#include <array>

#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"
#include "ingest/traffic.h"
#include "ingest/windows_event.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

// Which log an id belongs to: the same number means different things elsewhere.
enum class Log { kSecurity, kSystem, kSysmon, kDefender, kPowerShell };

struct EventMeaning {
  Log log;
  int id;
  std::string_view title;
};

constexpr auto kEvents = std::to_array<EventMeaning>({
    {Log::kSecurity, 1102, "The audit log was cleared"},
    {Log::kSecurity, 4624, "An account was successfully logged on"},
    {Log::kSecurity, 4625, "An account failed to log on"},
    {Log::kSecurity, 4634, "An account was logged off"},
    {Log::kSecurity, 4648, "A logon was attempted using explicit credentials"},
    {Log::kSecurity, 4656, "A handle to an object was requested"},
    {Log::kSecurity, 4657, "A registry value was modified"},
    {Log::kSecurity, 4662, "An operation was performed on an object"},
    {Log::kSecurity, 4663, "An attempt was made to access an object"},
    {Log::kSecurity, 4672, "Special privileges assigned to new logon"},
    {Log::kSecurity, 4688, "A new process has been created"},
    {Log::kSecurity, 4689, "A process has exited"},
    {Log::kSecurity, 4697, "A service was installed in the system"},
    {Log::kSecurity, 4698, "A scheduled task was created"},
    {Log::kSecurity, 4699, "A scheduled task was deleted"},
    {Log::kSecurity, 4702, "A scheduled task was updated"},
    {Log::kSecurity, 4719, "System audit policy was changed"},
    {Log::kSecurity, 4720, "A user account was created"},
    {Log::kSecurity, 4722, "A user account was enabled"},
    {Log::kSecurity, 4723, "An attempt was made to change an account's password"},
    {Log::kSecurity, 4724, "An attempt was made to reset an account's password"},
    {Log::kSecurity, 4725, "A user account was disabled"},
    {Log::kSecurity, 4726, "A user account was deleted"},
    {Log::kSecurity, 4728, "A member was added to a security-enabled global group"},
    {Log::kSecurity, 4732, "A member was added to a security-enabled local group"},
    {Log::kSecurity, 4738, "A user account was changed"},
    {Log::kSecurity, 4740, "A user account was locked out"},
    {Log::kSecurity, 4756, "A member was added to a security-enabled universal group"},
    {Log::kSecurity, 4768, "A Kerberos authentication ticket (TGT) was requested"},
    {Log::kSecurity, 4769, "A Kerberos service ticket was requested"},
    {Log::kSecurity, 4771, "Kerberos pre-authentication failed"},
    {Log::kSecurity, 4776, "The computer attempted to validate the credentials for an account"},
    {Log::kSecurity, 5136, "A directory service object was modified"},
    {Log::kSecurity, 5140, "A network share object was accessed"},
    {Log::kSecurity, 5145, "A network share object was checked for access"},
    {Log::kSecurity, 5156, "The Windows Filtering Platform has permitted a connection"},
    {Log::kSystem, 104, "The event log was cleared"},
    {Log::kSystem, 7036, "A service entered a state"},
    {Log::kSystem, 7040, "The start type of a service was changed"},
    {Log::kSystem, 7045, "A service was installed in the system"},
    {Log::kSysmon, 1, "Process creation"},
    {Log::kSysmon, 2, "A process changed a file creation time"},
    {Log::kSysmon, 3, "Network connection"},
    {Log::kSysmon, 5, "Process terminated"},
    {Log::kSysmon, 6, "Driver loaded"},
    {Log::kSysmon, 7, "Image loaded"},
    {Log::kSysmon, 8, "CreateRemoteThread"},
    {Log::kSysmon, 9, "RawAccessRead"},
    {Log::kSysmon, 10, "Process access"},
    {Log::kSysmon, 11, "File created"},
    {Log::kSysmon, 12, "Registry object added or deleted"},
    {Log::kSysmon, 13, "Registry value set"},
    {Log::kSysmon, 15, "File stream created"},
    {Log::kSysmon, 17, "Pipe created"},
    {Log::kSysmon, 18, "Pipe connected"},
    {Log::kSysmon, 22, "DNS query"},
    {Log::kSysmon, 23, "File deleted"},
    {Log::kSysmon, 25, "Process tampering"},
    {Log::kDefender, 1006, "Malware or other unwanted software was found"},
    {Log::kDefender, 1007, "Action was taken against malware"},
    {Log::kDefender, 1008, "Action against malware failed"},
    {Log::kDefender, 1015, "Suspicious behaviour was detected"},
    {Log::kDefender, 1116, "Malware or other unwanted software was detected"},
    {Log::kDefender, 1117, "Action was taken against malware"},
    {Log::kDefender, 1118, "Action against malware failed"},
    {Log::kDefender, 1119, "Action against malware failed critically"},
    {Log::kDefender, 1121, "An attack surface reduction rule blocked an action"},
    {Log::kDefender, 1122, "An attack surface reduction rule would have blocked an action"},
    {Log::kDefender, 1123, "Controlled folder access blocked a change"},
    {Log::kDefender, 1126, "Network protection blocked a connection"},
    {Log::kDefender, 5001, "Real-time protection was disabled"},
    {Log::kDefender, 5010, "Scanning for malware was disabled"},
    {Log::kDefender, 5012, "Scanning for viruses was disabled"},
    {Log::kPowerShell, 4103, "PowerShell module ran"},
    {Log::kPowerShell, 4104, "PowerShell script block ran"},
});

Log log_of(const Fields& event) {
  const auto channel = event["Channel"];
  const auto provider = event["Provider"];
  const auto has = [&](std::string_view part) {
    return channel.find(part) != std::string_view::npos || provider.find(part) != std::string_view::npos;
  };
  if (has("Sysmon")) return Log::kSysmon;
  if (has("Windows Defender")) return Log::kDefender;
  if (has("PowerShell")) return Log::kPowerShell;
  return channel == "System" || provider == "Service Control Manager" ? Log::kSystem : Log::kSecurity;
}

int id_of(const Fields& event) {
  int id = 0;
  for (const char c : event["EventID"].substr(0, 6)) id = is_digit(c) ? id * 10 + (c - '0') : id;
  return id;
}

const EventMeaning* find_meaning(const Fields& event) {
  const auto log = log_of(event);
  const auto id = id_of(event);
  const auto* found = std::find_if(kEvents.begin(), kEvents.end(), [&](const EventMeaning& meaning) {
    return meaning.log == log && meaning.id == id;
  });
  return found == kEvents.end() ? nullptr : found;
}

constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"WorkstationName", EntityKind::kHost, EntityRole::kSource},
    {"Workstation", EntityKind::kHost, EntityRole::kSource},
    {"SourceHostname", EntityKind::kHost, EntityRole::kSource},
    {"NewProcessName", EntityKind::kProcess, EntityRole::kRelated},
    {"ProcessName", EntityKind::kProcess, EntityRole::kRelated},
    {"Process Name", EntityKind::kProcess, EntityRole::kRelated},
    {"Image", EntityKind::kProcess, EntityRole::kRelated},
    {"SourceImage", EntityKind::kProcess, EntityRole::kSource},
    {"TargetImage", EntityKind::kProcess, EntityRole::kTarget},
    {"TargetFilename", EntityKind::kFile, EntityRole::kRelated},
    {"ImageLoaded", EntityKind::kFile, EntityRole::kRelated},
    {"ObjectName", EntityKind::kFile, EntityRole::kRelated},
    {"RelativeTargetName", EntityKind::kFile, EntityRole::kRelated},
    {"QueryName", EntityKind::kDomain, EntityRole::kRelated, true},
    {"DestinationHostname", EntityKind::kDomain, EntityRole::kDestination, true},
});

bool is_account(std::string_view name) {
  return !name.empty() && name != "-" && !name.starts_with("S-1-");
}

// "CN=Jane Doe,OU=…" names the member of a group.
std::string_view common_name(std::string_view name) {
  if (!name.starts_with("CN=") && !name.starts_with("cn=")) return name;
  return name.substr(3, name.find(',') - 3);
}

void read_users(const Fields& event, int id, AlertDraft& draft) {
  const auto subject = event["SubjectUserName"];
  const bool group = id == 4728 || id == 4732 || id == 4756;  // there the target is the group
  const auto target = group ? common_name(event["MemberName"]) : event["TargetUserName"];
  const bool two = is_account(target) && is_account(subject) && target != subject;
  if (is_account(subject))
    draft.entity(EntityKind::kUser, subject, two ? EntityRole::kActor : EntityRole::kTarget);
  if (is_account(target)) draft.entity(EntityKind::kUser, target, EntityRole::kTarget);
  if (group) draft.entity(EntityKind::kAccount, event["TargetUserName"], EntityRole::kRelated);
  for (const auto* name : {"User", "Detection User", "AccountName"}) {
    const auto user = event[name];
    const bool system = user == "LocalSystem" || user.starts_with("NT AUTHORITY");
    if (is_account(user) && !system) draft.entity(EntityKind::kUser, user, EntityRole::kTarget);
  }
}

// "SHA1=…,MD5=…,SHA256=…,IMPHASH=…"
void read_hashes(std::string_view list, AlertDraft& draft) {
  while (!list.empty()) {
    auto pair = take_until(list, ',');
    const auto kind = take_until(pair, '=');
    if (kind == "IMPHASH") continue;
    draft.observed(EntityKind::kHash, pair, EntityRole::kRelated);
    if (kind == "SHA256") draft.process_hash(pair);
  }
}

// The program of a command: what stands in quotes, or up to its suffix.
std::string_view program_of(std::string_view command) {
  if (command.starts_with('"')) return command.substr(1, command.find('"', 1) - 1);
  for (const std::string_view suffix : {".exe", ".EXE", ".dll", ".sys", ".bat", ".ps1"}) {
    const auto at = command.find(suffix);
    if (at != std::string_view::npos) return command.substr(0, at + suffix.size());
  }
  return command.substr(0, command.find(' '));
}

void read_process(const Fields& event, int id, AlertDraft& draft) {
  draft.command_line(event.any({"CommandLine", "ScriptBlockText", "HostApplication"}));
  draft.parent_process(event.any({"ParentImage", "ParentProcessName", "ParentCommandLine"}));
  read_hashes(event["Hashes"], draft);
  const auto service = event.any({"ImagePath", "ServiceFileName"});
  if (service.empty() || (id != 7045 && id != 4697)) return;
  draft.command_line(service);
  draft.entity(EntityKind::kFile, program_of(service), EntityRole::kRelated);
  draft.tag(event["ServiceName"]);
}

void read_network(const Fields& event, AlertDraft& draft) {
  const bool initiated = event["Initiated"] == "true";
  const auto source = event.any({"IpAddress", "SourceIp", "SourceAddress", "ClientAddress"});
  const auto destination = event.any({"DestinationIp", "DestAddress"});
  if (source == "::1" || source == "127.0.0.1" || source == "LOCAL") return;
  add_traffic(draft, {source, initiated ? Side::kOwn : Side::kUnknown}, {destination, Side::kUnknown},
              Suspect::kBoth);
}

// "file:_C:\x.exe; webfile:_C:\y.zip|https://…"
void read_defender_paths(std::string_view list, AlertDraft& draft) {
  while (!list.empty()) {
    auto path = trim(take_until(list, ';'));
    if (const auto mark = path.find(":_"); mark != std::string_view::npos) path.remove_prefix(mark + 2);
    auto file = path;
    draft.entity(EntityKind::kFile, take_until(file, '|'), EntityRole::kRelated);
    draft.mine(file);
  }
}

void read_defender(const Fields& event, const EventMeaning& meaning, AlertDraft& draft) {
  const auto threat = event["Threat Name"];
  draft.title(threat.empty() ? "Microsoft Defender: " + std::string(meaning.title)
                             : "Microsoft Defender: " + std::string(threat));
  draft.type(threat.empty() ? slug(meaning.title) : "malware_detected");
  draft.source_id(event["Detection ID"]);
  draft.source_url(event["FWLink"]);
  draft.severity(severity_from_word(event["Severity Name"]).value_or(Severity::kMedium));
  draft.vendor_status(event["Action Name"]);
  for (const auto* name : {"Category Name", "Source Name", "Origin Name"}) draft.tag(event[name]);
  read_defender_paths(event["Path"], draft);
  if (meaning.id >= 5000) draft.technique("T1562.001");
}

// 1 critical, 2 error, 3 warning; anything else is information.
Severity severity_of(const Fields& event) {
  const auto level = event["Level"];
  if (level == "1") return Severity::kCritical;
  if (level == "2") return Severity::kHigh;
  if (level == "3") return Severity::kMedium;
  return level.size() > 1 ? severity_from_word(level).value_or(Severity::kInfo) : Severity::kInfo;
}

std::string first_line(std::string_view text) {
  return std::string(trim(text.substr(0, text.find_first_of("\r\n"))));
}

void read_event(const Fields& event, AlertDraft& draft) {
  const auto id = id_of(event);
  const auto* meaning = find_meaning(event);
  const bool defender = meaning != nullptr && meaning->log == Log::kDefender;
  if (defender) read_defender(event, *meaning, draft);
  const auto message = event["Message"];
  auto title = meaning != nullptr ? std::string(meaning->title) : first_line(message);
  if (title.empty()) title = "Windows event " + std::to_string(id) + " of " + std::string(event["Provider"]);
  draft.title(title);
  if (draft.alert().type.empty())
    draft.type(meaning != nullptr ? slug(meaning->title) : "windows_event_" + std::to_string(id));
  draft.message(message);
  draft.rule(std::string(event["Provider"]) + ':' + std::to_string(id));
  if (!defender) draft.severity(severity_of(event));
  draft.occurred_at(read_time(event.any({"TimeCreated", "UtcTime"})));
  for (const auto* name : {"EventID", "Channel", "Provider", "LogonType", "Status", "SubStatus"})
    draft.tag(event[name]);
  draft.entity(EntityKind::kHost, event["Computer"], EntityRole::kTarget);
  read_users(event, id, draft);
  read_network(event, draft);
  add_entities(event, kMeanings, draft);
  read_process(event, id, draft);
  draft.techniques_in(event["RuleName"]);
}

RecordKind kind_of(const Fields& event) {
  const auto* meaning = find_meaning(event);
  return meaning != nullptr && meaning->log == Log::kDefender ? RecordKind::kAlert : RecordKind::kEvent;
}

void reject(Output& out) {
  out.reject(
      "this is not a Windows event",
      "Send the event's XML (<Event>…</Event>), or JSON of Winlogbeat, NXLog, fluentd or evtx_dump with its "
      "EventID, Channel and Computer.");
}

constexpr std::string_view kOpen = "<Event";
constexpr std::string_view kClose = "</Event>";

// Where the next "<Event>" or "<Event xmlns…>" begins, not "<EventData>" and not "<Events>".
std::size_t find_event(std::string_view text) {
  for (auto at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at + 1)) {
    const auto after = at + kOpen.size();
    if (after < text.size() && (text[after] == '>' || is_blank(text[after]))) return at;
  }
  return std::string_view::npos;
}

void read_xml(std::string_view xml, Output& out) {
  const auto event = read_windows_xml(xml);
  if (!event || (*event)["EventID"].empty()) return reject(out);
  out.add_text(kind_of(*event), [&](AlertDraft& draft) { read_event(*event, draft); });
}

}  // namespace

bool is_windows_event(const Node& object) {
  if (object["Event"]["System"]["EventID"] || object["winlog"]["event_id"]) return true;
  if (object["System"]["EventID"] && object["System"]["Channel"]) return true;
  const bool flat = object.any({"EventID", "EventId", "Id"}) && object.any({"Channel", "LogName"}) &&
                    object.any({"Computer", "ComputerName", "MachineName", "Hostname"});
  return flat || (object["EventID"] && object["EventData"] && object["Computer"]);
}

void read_windows_event(const Node& object, Output& out) {
  const auto text = object.any({"message", "_raw", "xml", "event_xml", "EventXML"}).text();
  if (const auto at = find_event(text); at != std::string_view::npos && !object["winlog"]) {
    const auto event = read_windows_xml(text.substr(at));
    if (!event || (*event)["EventID"].empty()) return reject(out);
    return out.add(kind_of(*event), [&](AlertDraft& draft) { read_event(*event, draft); });
  }
  const auto event = read_windows_json(object);
  if (!event) return reject(out);
  out.add(kind_of(*event), [&](AlertDraft& draft) { read_event(*event, draft); });
}

bool is_windows_line(std::string_view line) {
  return find_event(line) != std::string_view::npos && line.find("<System>") != std::string_view::npos;
}
void read_windows_line(std::string_view line, Output& out) {
  const auto at = find_event(line);
  at == std::string_view::npos ? reject(out) : read_xml(line.substr(at), out);
}

bool is_windows_document(std::string_view body) {
  return body.starts_with('<') && find_event(body.substr(0, 4096)) != std::string_view::npos &&
         body.substr(0, 16384).find("<System>") != std::string_view::npos;
}

void read_windows_document(std::string_view body, Output& out) {
  std::size_t index = 0;
  for (auto at = find_event(body); at != std::string_view::npos; at = find_event(body)) {
    body.remove_prefix(at);
    const auto close = body.find(kClose);
    const auto end = close == std::string_view::npos ? body.size() : close + kClose.size();
    if (!out.part(body.substr(0, end), index++, [&](Output& one) { read_xml(one.item(), one); })) return;
    body.remove_prefix(end);
  }
}

}  // namespace tocsin::ingest
