// Windows events (Microsoft, "Windows security audit events", "Sysmon", "Review event logs … Microsoft
// Defender Antivirus"). All are events, but what Microsoft Defender found is an alert.

#include <algorithm>
#include <array>

#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/normalisers/windows_meaning.h"
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

constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"WorkstationName", EntityKind::kHost, EntityRole::kSource},
    {"Workstation", EntityKind::kHost, EntityRole::kSource},
    {"SourceHostname", EntityKind::kHost, EntityRole::kSource},
    {"ClientName", EntityKind::kHost, EntityRole::kSource},
    {"TargetServerName", EntityKind::kHost, EntityRole::kDestination},
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

// "DC1$" on dc1: the machine itself, in whose name its services work.
bool is_machine(std::string_view account, std::string_view computer) {
  if (!account.ends_with('$')) return false;
  account.remove_suffix(1);
  return equal_ignoring_case(account, computer.substr(0, computer.find('.')));
}

// Members that came to a group, or left it: there the target is the group.
bool is_membership(int id) {
  return id == 4728 || id == 4729 || id == 4732 || id == 4733 || id == 4756 || id == 4757;
}

// A member that is not of the domain is named by its SID alone.
std::string_view member_of(const Fields& event) {
  const auto name = common_name(event["MemberName"]);
  return is_account(name) ? name : event["MemberSid"];
}

void read_users(const Fields& event, int id, AlertDraft& draft) {
  const auto subject = event["SubjectUserName"];
  const bool group = is_membership(id);
  const auto target = group ? member_of(event) : event["TargetUserName"];
  const bool named = group ? !target.empty() : is_account(target);
  const bool two = named && is_account(subject) && target != subject;
  const bool service = two && is_machine(subject, event["Computer"]);
  if (is_account(subject) && !service)
    draft.entity(EntityKind::kUser, subject, two ? EntityRole::kActor : EntityRole::kTarget);
  if (named) draft.entity(EntityKind::kUser, target, EntityRole::kTarget);
  if (group) draft.entity(EntityKind::kAccount, event["TargetUserName"], EntityRole::kRelated);
  for (const auto* name : {"User", "SourceUser", "Detection User", "AccountName", "Param1"}) {
    const auto user = event[name];
    const bool system = user == "LocalSystem" || user.starts_with("NT AUTHORITY");
    const bool parameter = std::string_view(name) == "Param1" && id != 1149;  // of other events, anything
    if (parameter) continue;
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

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const auto at = text.find(open);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + open.size());
  return text.substr(0, text.find(close));
}

// The XML of a scheduled task says what it runs.
void read_task(std::string_view task, AlertDraft& draft) {
  const auto command = between(task, "<Command>", "</Command>");
  const auto arguments = between(task, "<Arguments>", "</Arguments>");
  if (command.empty()) return;
  draft.entity(EntityKind::kFile, command, EntityRole::kRelated);
  draft.command_line(std::string(command) + (arguments.empty() ? "" : ' ' + std::string(arguments)));
}

void read_process(const Fields& event, int id, AlertDraft& draft) {
  read_task(event.any({"TaskContent", "TaskContentNew"}), draft);
  draft.command_line(event.any({"CommandLine", "ScriptBlockText", "HostApplication"}));
  if (id == 20) draft.command_line(event["Destination"]);  // of a WMI consumer
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
  const auto source =
      event.any({"IpAddress", "SourceIp", "SourceAddress", "ClientAddress", "Address", "Param3"});
  const auto destination = event.any({"DestinationIp", "DestAddress"});
  if (source == "::1" || source == "127.0.0.1" || (!source.empty() && !parse_ip(source))) return;
  add_traffic(draft, {source, initiated ? Side::kOwn : Side::kUnknown}, {destination, Side::kUnknown},
              Suspect::kBoth);
}

// "type:  5 x.example.org;::ffff:192.0.2.7;": what a name resolved to is not yet to blame.
void read_answers(std::string_view list, AlertDraft& draft) {
  while (!list.empty()) {
    const auto answer = trim(take_until(list, ';'));
    if (parse_ip(answer)) draft.entity(EntityKind::kIp, answer, EntityRole::kRelated);
  }
}

// What one kind of event alone has to say.
void read_particulars(const Fields& event, int id, AlertDraft& draft) {
  if (id == 4740) draft.entity(EntityKind::kHost, event["TargetDomainName"], EntityRole::kSource);
  if (id == 4769 && !event["ServiceName"].ends_with('$'))
    draft.entity(EntityKind::kAccount, event["ServiceName"], EntityRole::kRelated);
  if (id == 4104) draft.entity(EntityKind::kFile, event["Path"], EntityRole::kRelated);
  if (const auto key = event["TargetObject"]; !key.empty())
    draft.message(std::string(key) + " = " + std::string(event["Details"]));
  for (const auto* name : {"TaskName", "ShareName", "PipeName", "GrantedAccess"}) draft.tag(event[name]);
  read_answers(event["QueryResults"], draft);
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

// That an action failed has the id of the detection too, and is no repeat of it.
void read_detection_id(std::string_view id, int event_id, AlertDraft& draft) {
  const bool failed = event_id == 1008 || event_id == 1118 || event_id == 1119;
  if (!failed) return draft.source_id(id);
  if (!id.empty()) draft.tag("detection:" + std::string(id));
}

void read_defender(const Fields& event, const WindowsEventMeaning& meaning, AlertDraft& draft) {
  const auto threat = event["Threat Name"];
  draft.title(threat.empty() ? "Microsoft Defender: " + std::string(meaning.title)
                             : "Microsoft Defender: " + std::string(threat));
  draft.type(threat.empty() ? slug(meaning.title) : "malware_detected");
  read_detection_id(event["Detection ID"], meaning.id, draft);
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
  const auto id = windows_event_id(event);
  const auto* meaning = find_windows_meaning(event);
  const bool defender = meaning != nullptr && meaning->log == WindowsLog::kDefender;
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
  read_particulars(event, id, draft);
  draft.techniques_in(event["RuleName"]);
}

RecordKind kind_of(const Fields& event) {
  const auto* meaning = find_windows_meaning(event);
  return meaning != nullptr && meaning->log == WindowsLog::kDefender ? RecordKind::kAlert
                                                                     : RecordKind::kEvent;
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
  auto event = read_windows_xml(xml);
  if (!event || (*event)["EventID"].empty()) return reject(out);
  event->add_own("Provider_Name", std::string((*event)["Provider"]));  // as rules call it
  out.add_line(kind_of(*event), *event, [&](AlertDraft& draft) { read_event(*event, draft); });
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
