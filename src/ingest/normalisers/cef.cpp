// ArcSight CEF lines ("Implementing ArcSight Common Event Format", version 26): dictionary keys to entities.

#include "ingest/cef.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/syslog.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

struct Key {
  std::string_view name;
  EntityKind kind;
  EntityRole role;
  bool observed;
};

constexpr auto kKeys = std::to_array<Key>({
    {"src", EntityKind::kIp, EntityRole::kSource, true},
    {"sourceAddress", EntityKind::kIp, EntityRole::kSource, true},
    {"c6a2", EntityKind::kIp, EntityRole::kSource, true},
    {"dst", EntityKind::kIp, EntityRole::kDestination, true},
    {"destinationAddress", EntityKind::kIp, EntityRole::kDestination, true},
    {"c6a3", EntityKind::kIp, EntityRole::kDestination, true},
    {"shost", EntityKind::kHost, EntityRole::kSource, false},
    {"sourceHostName", EntityKind::kHost, EntityRole::kSource, false},
    {"dhost", EntityKind::kHost, EntityRole::kDestination, false},
    {"destinationHostName", EntityKind::kHost, EntityRole::kDestination, false},
    {"destinationDnsDomain", EntityKind::kDomain, EntityRole::kDestination, true},
    {"smac", EntityKind::kMac, EntityRole::kSource, false},
    {"dmac", EntityKind::kMac, EntityRole::kDestination, false},
    {"amac", EntityKind::kMac, EntityRole::kRelated, false},
    {"sourceIpAddress", EntityKind::kIp, EntityRole::kSource, true},
    {"sourceMacAddresses", EntityKind::kMac, EntityRole::kSource, false},
    {"filepath", EntityKind::kFile, EntityRole::kRelated, false},
    {"fname", EntityKind::kFile, EntityRole::kRelated, false},
    {"filePath", EntityKind::kFile, EntityRole::kRelated, false},
    {"fileHash", EntityKind::kHash, EntityRole::kRelated, true},
    {"oldFileHash", EntityKind::kHash, EntityRole::kRelated, true},
    {"sproc", EntityKind::kProcess, EntityRole::kSource, false},
    {"sourceProcessName", EntityKind::kProcess, EntityRole::kSource, false},
    {"dproc", EntityKind::kProcess, EntityRole::kDestination, false},
    {"destinationProcessName", EntityKind::kProcess, EntityRole::kDestination, false},
});

// Keys whose values are prose, or whatever the device's maker put there.
constexpr auto kProse = std::to_array<std::string_view>(
    {"msg", "reason", "cs1", "cs2", "cs3", "cs4", "cs5", "cs6", "flexString1", "flexString2"});

// Makers that depart from the dictionary.
struct Maker {
  std::string_view vendor;
  std::string_view product;
  bool inflated;      // severity 6 is low, 8 medium, 9 high (Cortex XDR, "Alert Notification Format")
  bool request_link;  // "request" leads to the alert in the console
};
constexpr auto kMakers = std::to_array<Maker>({{"Palo Alto Networks", "Cortex XDR", true, true}});

const Maker* find_maker(const CefLine& cef) {
  const auto* found = std::find_if(kMakers.begin(), kMakers.end(), [&](const Maker& maker) {
    return equal_ignoring_case(maker.vendor, cef.vendor) && maker.product == cef.product;
  });
  return found == kMakers.end() ? nullptr : found;
}

// 0-3 low, 4-6 medium, 7-8 high, 9-10 critical, or one of the words.
Severity severity_of(std::string_view text, bool inflated) {
  int level = -1;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), level);
  if (code != std::errc() || end != text.data() + text.size()) {
    return severity_from_word(text).value_or(Severity::kMedium);
  }
  if (level < 0 || level > 10) return Severity::kMedium;
  if (inflated) level -= 2;
  if (level >= 9) return Severity::kCritical;
  if (level >= 7) return Severity::kHigh;
  return level >= 4 ? Severity::kMedium : Severity::kLow;
}

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.starts_with("['") && text.ends_with("']")) text = text.substr(1, text.size() - 2);
  const bool quoted =
      text.size() > 1 && text.front() == text.back() && (text.front() == '\'' || text.front() == '"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

void add(const Key& key, std::string_view value, AlertDraft& draft) {
  value = unquoted(value);
  if (key.observed) {
    draft.observed(key.kind, value, key.role);
  } else {
    draft.entity(key.kind, value, key.role);
  }
}

// With both users given, the source user acts upon the destination user; one alone is whom it happened to.
void read_users(const CefLine& cef, AlertDraft& draft) {
  const auto source = unquoted(cef.any({"suser", "sourceUserName", "suid"}));
  const auto target = unquoted(cef.any({"duser", "destinationUserName", "duid"}));
  const bool mail = source.find('@') != std::string_view::npos && target.find('@') != std::string_view::npos;
  if (mail) {
    draft.observed(EntityKind::kEmail, source, EntityRole::kSource);
    draft.entity(EntityKind::kEmail, target, EntityRole::kTarget);
  }
  draft.entity(EntityKind::kUser, source, target.empty() ? EntityRole::kTarget : EntityRole::kActor);
  draft.entity(EntityKind::kUser, target, EntityRole::kTarget);
}

void read_request(const CefLine& cef, AlertDraft& draft) {
  const auto url = unquoted(cef.any({"request", "requestUrl"}));
  if (url.find("://") == std::string_view::npos) return;
  const auto* maker = find_maker(cef);
  if (maker != nullptr && maker->request_link) return draft.source_url(url);
  draft.observed(EntityKind::kUrl, url, EntityRole::kRelated);
  draft.mine(url);
}

// The way back into the vendor's console, which accuses nobody.
bool is_console_link(const CefLine& cef, std::string_view label) {
  return contains_ignoring_case(label, "link") || contains_ignoring_case(label, "portal") ||
         (cef.vendor == "Microsoft" && equal_ignoring_case(label, "url"));
}

// Prose is searched for indicators, but for what its label calls a link or a reference to read.
void read_prose(const CefLine& cef, AlertDraft& draft) {
  for (const auto name : kProse) {
    const auto value = cef.get(name);
    if (value.empty()) continue;
    const auto label = cef.get(std::string(name) + "Label");
    if (is_console_link(cef, label)) {
      if (!draft.alert().source_url) draft.source_url(value);
    } else if (!contains_ignoring_case(label, "reference")) {
      draft.mine(value);
    }
  }
}

bool is_hash_text(std::string_view text) {
  return (text.size() == 32 || text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(), is_hex);
}

// Makers' own keys: "TrendMicroDsFileSHA256", "PanOSFileHash", "FTNTFGTanalyticscksum".
void read_named_hashes(const CefLine& cef, AlertDraft& draft) {
  for (const auto& [name, value] : cef.extension) {
    if (!is_hash_text(value)) continue;
    for (const auto part : {"md5", "sha1", "sha256", "hash", "cksum"}) {
      if (contains_ignoring_case(name, part)) draft.observed(EntityKind::kHash, value, EntityRole::kRelated);
    }
  }
}

// An agent on the monitored host names itself as the device; a sensor names the ends of the traffic too.
void read_device(const CefLine& cef, AlertDraft& draft) {
  if (!cef.any({"src", "dst", "shost", "dhost", "sourceAddress", "destinationAddress"}).empty()) return;
  draft.entity(EntityKind::kHost, cef.any({"dvchost", "deviceHostName"}), EntityRole::kTarget);
}

// "cs1Label=SHA256 cs1=…": the label says what a custom string is.
void read_labelled(const CefLine& cef, AlertDraft& draft) {
  constexpr std::string_view kLabel = "Label";
  for (const auto& [name, label] : cef.extension) {
    if (!name.ends_with(kLabel)) continue;
    const auto value = cef.get(name.substr(0, name.size() - kLabel.size()));
    if (contains_ignoring_case(label, "hash") || contains_ignoring_case(label, "sha256") ||
        contains_ignoring_case(label, "md5") || contains_ignoring_case(label, "sha1")) {
      for (auto list = std::string_view(value); !list.empty();) {
        const auto one = trim(take_until(list, list.find(',') == list.npos ? ' ' : ','));
        if (is_hash_text(one)) draft.observed(EntityKind::kHash, one, EntityRole::kRelated);
      }
    } else if (contains_ignoring_case(label, "mitre") || contains_ignoring_case(label, "technique")) {
      draft.techniques_in(value);
    } else if (contains_ignoring_case(label, "command") || equal_ignoring_case(label, "Initiator CMD")) {
      draft.command_line(value);
    }
  }
}

// A few makers write names where the dictionary wants them elsewhere; one that equals the address says
// nothing.
void read_entities(const CefLine& cef, AlertDraft& draft) {
  for (const auto& key : kKeys) {
    const auto value = cef.get(key.name);
    if (!value.empty()) add(key, value, draft);
  }
  read_users(cef, draft);
  read_request(cef, draft);
  read_labelled(cef, draft);
  read_named_hashes(cef, draft);
  read_device(cef, draft);
  read_prose(cef, draft);
}

// A zone that nobody knows costs hours; the header's time, which often has no year, may cost years.
std::optional<Timestamp> read_cef_time(std::string_view text) {
  constexpr std::string_view kWrapper = "#arcsightDate(";
  if (text.starts_with(kWrapper) && text.ends_with(')'))
    text = text.substr(kWrapper.size(), text.size() - kWrapper.size() - 1);
  if (const auto time = read_time(text)) return time;
  const auto blank = text.rfind(' ');
  const bool named = blank != text.npos &&
                     std::all_of(text.begin() + static_cast<std::ptrdiff_t>(blank) + 1, text.end(), is_alpha);
  return named ? read_time(text.substr(0, blank)) : std::nullopt;
}

void read_time_of(const CefLine& cef, const Options& options, AlertDraft& draft) {
  for (const auto* name : {"rt", "start", "startTime", "deviceReceiptTime", "end", "endTime"}) {
    draft.occurred_at(read_cef_time(cef.get(name)));
  }
  for (const auto& [name, value] : cef.extension) {
    if (name.ends_with("eventtime")) draft.occurred_at(read_time(value));  // FortiGate's, under its prefix
  }
  draft.occurred_at(read_syslog_header(cef.prefix, options.now).time);
}

// Makers whose externalId is the id of the record. To others it is a session (FortiGate), an agent
// (CrowdStrike) or a kind of event (Defender for Identity): taken as an id it would make different alerts
// one.
constexpr auto kRecordIdInExternalId = std::to_array<std::string_view>({"Darktrace", "FireEye"});

// eventId is by the dictionary the unique id of the event.
std::string_view record_id(const CefLine& cef) {
  const auto named = [&](std::string_view maker) { return equal_ignoring_case(maker, cef.vendor); };
  const auto external = cef.get("externalId");
  const bool is_record =
      std::any_of(kRecordIdInExternalId.begin(), kRecordIdInExternalId.end(), named) && !external.empty();
  return is_record ? external : cef.get("eventId");
}

void read_line(const CefLine& cef, const Options& options, AlertDraft& draft) {
  const bool numbered = !cef.name.empty() && std::all_of(cef.name.begin(), cef.name.end(), is_digit);
  const auto name = numbered           ? cef.product + ' ' + cef.signature_id
                    : cef.name.empty() ? cef.signature_id
                                       : cef.name;
  const auto* maker = find_maker(cef);
  draft.title(name.empty() ? "CEF event" : name);
  draft.rule(cef.vendor + ':' + cef.product + ':' + cef.signature_id);
  draft.message(unquoted(cef.get("msg")));
  draft.message(name);
  draft.severity(severity_of(cef.severity, maker != nullptr && maker->inflated));
  read_time_of(cef, options, draft);
  const auto id = record_id(cef);
  if (id != "0") draft.source_id(id);
  for (const auto tag :
       {std::string_view(cef.vendor), std::string_view(cef.product), cef.get("cat"), cef.get("act")}) {
    draft.tag(tag);
  }
  draft.mine(name);
  read_entities(cef, draft);
}

constexpr std::string_view kHint =
    "A line reads CEF:0|vendor|product|version|signature id|name|severity|key=value …, after any syslog "
    "header.";

void reject(Output& out) {
  out.reject("this is not a CEF line", std::string(kHint));
}

std::string_view line_inside(const Node& object) {
  return object.any({"message", "_raw", "raw", "msg", "syslog_message", "log"}).text();
}

}  // namespace

bool is_cef_line(std::string_view line) {
  return find_cef(line) != std::string_view::npos;
}
bool is_cef_object(const Node& object) {
  return is_cef_line(line_inside(object));
}

void read_cef_line(std::string_view line, Output& out) {
  const auto cef = parse_cef(line);
  if (!cef) return reject(out);
  out.add_text(model::RecordKind::kAlert, [&](AlertDraft& draft) { read_line(*cef, out.options(), draft); });
}

// A log shipper's object with the line in it.
void read_cef_object(const Node& object, Output& out) {
  const auto cef = parse_cef(line_inside(object));
  if (!cef) return reject(out);
  out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) {
    read_line(*cef, out.options(), draft);
    draft.occurred_at(read_time(object.any({"@timestamp", "timestamp", "_time"})));
  });
}

}  // namespace tocsin::ingest
