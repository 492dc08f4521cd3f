// LEEF lines (IBM, "LEEF guide", predefined attributes): what QRadar's sources send.

#include "ingest/leef.h"

#include <algorithm>
#include <array>

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
using model::Severity;

constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"srcMAC", EntityKind::kMac, EntityRole::kSource},
    {"dstMAC", EntityKind::kMac, EntityRole::kDestination},
    {"identMAC", EntityKind::kMac, EntityRole::kTarget},
    {"identSrc", EntityKind::kIp, EntityRole::kTarget},
    {"identHostName", EntityKind::kHost, EntityRole::kTarget},
    {"srcHostName", EntityKind::kHost, EntityRole::kSource},
    {"dstHostName", EntityKind::kHost, EntityRole::kDestination},
    {"shost", EntityKind::kHost, EntityRole::kSource},
    {"dhost", EntityKind::kHost, EntityRole::kDestination},
    {"hostname", EntityKind::kHost, EntityRole::kTarget},
    {"hostName", EntityKind::kHost, EntityRole::kTarget},
    {"computerName", EntityKind::kHost, EntityRole::kTarget},
    {"accountName", EntityKind::kUser, EntityRole::kTarget},
    {"cncHost", EntityKind::kDomain, EntityRole::kDestination, true},
    {"dstname", EntityKind::kDomain, EntityRole::kDestination, true},
    {"url", EntityKind::kUrl, EntityRole::kRelated, true},
    {"fileName", EntityKind::kFile, EntityRole::kRelated},
    {"filename", EntityKind::kFile, EntityRole::kRelated},
    {"fname", EntityKind::kFile, EntityRole::kRelated},
    {"filePath", EntityKind::kFile, EntityRole::kRelated},
    {"fileHash", EntityKind::kHash, EntityRole::kRelated, true},
    {"filehash", EntityKind::kHash, EntityRole::kRelated, true},
    {"md5", EntityKind::kHash, EntityRole::kRelated, true},
    {"sha1", EntityKind::kHash, EntityRole::kRelated, true},
    {"sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"sender", EntityKind::kEmail, EntityRole::kSource, true},
    {"processName", EntityKind::kProcess, EntityRole::kRelated},
});

// "sev" is 0..10 as in CEF; some senders write words.
Severity severity_of(const Fields& fields) {
  const auto text = fields.any({"sev", "severity", "Severity", "cefSeverity"});
  const bool number = !text.empty() && std::all_of(text.begin(), text.end(), is_digit) && text.size() <= 2;
  if (!number) return severity_from_word(text).value_or(Severity::kMedium);
  const auto level = text.size() == 2 ? 10 : text[0] - '0';
  if (level >= 9) return Severity::kCritical;
  if (level >= 7) return Severity::kHigh;
  return level >= 4 ? Severity::kMedium : Severity::kLow;
}

// "30000148" and "1AFF0021" name an event only to the device; "System_Engine-User_Command" names it to
// people.
bool is_name(std::string_view event_id) {
  const auto letters =
      std::count_if(event_id.begin(), event_id.end(), [](char c) { return is_alpha(c) && !is_hex(c); });
  return letters >= 2;
}

// A number alone says nothing without whose number it is.
std::string title_of_number(const LeefLine& leef) {
  const bool number = std::all_of(leef.event_id.begin(), leef.event_id.end(), is_digit);
  return number ? std::string(leef.product) + ' ' + std::string(leef.event_id) : std::string(leef.event_id);
}

std::string title_of(const LeefLine& leef) {
  const auto& fields = leef.attributes;
  const auto named =
      fields.any({"name", "eventName", "eventDesc", "title", "alertName", "signatureName", "sname"});
  if (!named.empty()) return std::string(named);
  if (is_name(leef.event_id)) return std::string(leef.event_id);
  const auto text = fields.any({"msg", "message", "reason", "cat"});
  return text.empty() ? title_of_number(leef) : std::string(text);
}

void read_users(const Fields& fields, AlertDraft& draft) {
  const auto user = fields.any({"usrName", "userName", "user", "suser"});
  const auto victim = fields.any({"targetUser", "targetUserName", "duser"});
  draft.entity(EntityKind::kUser, user, victim.empty() ? EntityRole::kTarget : EntityRole::kActor);
  draft.entity(EntityKind::kUser, victim, EntityRole::kTarget);
}

// An agent on the monitored host names itself as the device; a sensor names the ends of the traffic too.
void read_device(const Fields& fields, AlertDraft& draft) {
  if (!fields.any({"src", "dst", "srcHostName", "dstHostName", "shost", "dhost", "identHostName"}).empty())
    return;
  draft.entity(EntityKind::kHost, fields.any({"dvchost", "deviceHostName", "devname"}), EntityRole::kTarget);
  draft.entity(EntityKind::kIp, fields["dvc"], EntityRole::kTarget);
}

// Makers' own keys: "TrendMicroDsFileSHA1", "FileDigest".
void read_named_hashes(const Fields& fields, AlertDraft& draft) {
  for (const auto& [name, value] : fields.all()) {
    const auto text = trim(value);
    const bool digest = (text.size() == 32 || text.size() == 40 || text.size() == 64) &&
                        std::all_of(text.begin(), text.end(), is_hex);
    if (!digest) continue;
    for (const auto part : {"md5", "sha1", "sha256", "hash", "digest", "cksum"}) {
      if (contains_ignoring_case(name, part)) draft.observed(EntityKind::kHash, text, EntityRole::kRelated);
    }
  }
}

// A mail sender has an '@'; Forcepoint writes the reporting engine there.
void read_entities(const Fields& fields, AlertDraft& draft) {
  add_traffic(draft, {fields.any({"src", "identSrc"}), Side::kUnknown}, {fields["dst"], Side::kUnknown},
              Suspect::kSource);
  for (const auto& meaning : kMeanings) {
    const auto value = fields[meaning.name];
    const bool mail = meaning.kind == EntityKind::kEmail;
    const bool url = meaning.kind == EntityKind::kUrl;
    if (mail && value.find('@') == std::string_view::npos) continue;
    if (url && value.find("://") == std::string_view::npos) continue;
    add_entity(meaning, value, draft);
  }
  read_users(fields, draft);
  read_device(fields, draft);
  read_named_hashes(fields, draft);
}

void read_line(const LeefLine& leef, const Options& options, AlertDraft& draft) {
  const auto& fields = leef.attributes;
  const auto message = fields.any({"msg", "message", "description", "reason"});
  draft.title(title_of(leef));
  draft.rule(std::string(leef.vendor) + ':' + std::string(leef.product) + ':' + std::string(leef.event_id));
  draft.message(message);
  draft.severity(severity_of(fields));
  for (const auto* name : {"devTime", "eventTime", "startTime", "rt", "ReceiveTime"}) {
    draft.occurred_at(read_time(fields[name]));
  }
  draft.occurred_at(read_syslog_header(leef.prefix, options.now).time);
  draft.source_id(fields.any({"externalId", "externalID", "alertId", "eventUUID"}));
  for (const auto tag : {leef.vendor, leef.product, fields["cat"], fields.any({"disp", "act", "action"})}) {
    draft.tag(tag);
  }
  draft.vendor_status(fields.any({"disp", "act", "action"}));
  draft.command_line(fields.any({"cmdLine", "commandLine", "CommandLine"}));
  draft.techniques_in(fields.any({"mitreTechnique", "techniqueId", "mitre", "attackTechnique"}));
  draft.source_url(fields.any({"link", "alertUrl", "consoleUrl", "incidentUrl"}));
  read_entities(fields, draft);
  draft.mine(message);
}

void reject(Output& out) {
  out.reject(
      "this is not a LEEF line",
      "A line reads LEEF:1.0|vendor|product|version|event id|key=value<tab>…, after any syslog header; "
      "LEEF:2.0 may name its own delimiter after the event id.");
}

std::string_view line_inside(const Node& object) {
  return object.any({"message", "_raw", "raw", "msg", "syslog_message", "log"}).text();
}

}  // namespace

bool is_leef_line(std::string_view line) {
  return find_leef(line) != std::string_view::npos;
}
bool is_leef_object(const Node& object) {
  return is_leef_line(line_inside(object));
}

void read_leef_line(std::string_view line, Output& out) {
  const auto leef = parse_leef(line);
  if (!leef) return reject(out);
  out.add_text(model::RecordKind::kAlert, [&](AlertDraft& draft) { read_line(*leef, out.options(), draft); });
}

// A log shipper's object with the line in it.
void read_leef_object(const Node& object, Output& out) {
  const auto leef = parse_leef(line_inside(object));
  if (!leef) return reject(out);
  out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) {
    read_line(*leef, out.options(), draft);
    draft.occurred_at(read_time(object.any({"@timestamp", "timestamp", "_time"})));
  });
}

}  // namespace tocsin::ingest
