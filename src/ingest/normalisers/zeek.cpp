// Zeek logs as JSON or as TSV below their header (docs.zeek.org, "Log Files"). Notices, intelligence matches
// and signatures are alerts; every other log is an event.

#include <algorithm>
#include <array>

#include "ingest/fields.h"
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

struct NoticeMeaning {
  std::string_view prefix;  // of the notice's type
  std::string_view technique;
};

// Notices whose documentation describes one technique.
constexpr auto kNotices = std::to_array<NoticeMeaning>({
    {"Scan::", "T1046"},
    {"SSH::Password_Guessing", "T1110.001"},
    {"SSH::Interesting_Hostname_Login", "T1021.004"},
    {"FTP::Bruteforcing", "T1110.001"},
    {"HTTP::SQL_Injection_", "T1190"},
    {"Heartbleed::", "T1190"},
    {"Traceroute::Detected", "T1016"},
    {"ATTACK::Lateral_Movement", "T1021.002"},
});

constexpr auto kMeanings = std::to_array<FieldMeaning>({
    {"host", EntityKind::kDomain, EntityRole::kRelated, true},
    {"query", EntityKind::kDomain, EntityRole::kRelated, true},
    {"server_name", EntityKind::kDomain, EntityRole::kDestination, true},
    {"md5", EntityKind::kHash, EntityRole::kRelated, true},
    {"sha1", EntityKind::kHash, EntityRole::kRelated, true},
    {"sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"filename", EntityKind::kFile, EntityRole::kRelated},
    {"username", EntityKind::kUser, EntityRole::kTarget},
    {"user", EntityKind::kUser, EntityRole::kTarget},
    {"hostname", EntityKind::kHost, EntityRole::kSource},
    {"host_name", EntityKind::kHost, EntityRole::kSource},
    {"server_nb_computer_name", EntityKind::kHost, EntityRole::kDestination},
    {"mailfrom", EntityKind::kEmail, EntityRole::kSource, true},
    {"x_originating_ip", EntityKind::kIp, EntityRole::kSource, true},
    {"mac", EntityKind::kMac, EntityRole::kSource},
});

// Names that mean something else in other logs.
struct LogMeaning {
  std::string_view log;
  FieldMeaning field;
};
constexpr auto kLogMeanings = std::to_array<LogMeaning>({
    {"dhcp", {"client_addr", EntityKind::kIp, EntityRole::kSource}},
    {"dhcp", {"assigned_addr", EntityKind::kIp, EntityRole::kSource}},
    {"dns", {"answers", EntityKind::kIp, EntityRole::kRelated}},
    {"kerberos", {"client", EntityKind::kUser, EntityRole::kTarget}},
    {"rdp", {"cookie", EntityKind::kUser, EntityRole::kTarget}},
    {"smb_files", {"name", EntityKind::kFile, EntityRole::kRelated}},
    {"smb_files", {"path", EntityKind::kFile, EntityRole::kRelated}},
    {"smb_mapping", {"path", EntityKind::kFile, EntityRole::kRelated}},
    {"smtp", {"rcptto", EntityKind::kEmail, EntityRole::kTarget}},
    {"smtp", {"to", EntityKind::kEmail, EntityRole::kTarget}},
});

bool is_alert_log(std::string_view path) {
  return path == "notice" || path == "intel" || path == "signatures" || path == "notice_alarm";
}

// Which log an object without "_path" comes from, by members that no other log has.
std::string_view path_of(const Fields& fields) {
  const auto named = fields.any({"_path", "path_name", "log_type"});
  if (!named.empty()) return named;
  if (!fields["note"].empty()) return "notice";
  if (!fields["seen.indicator"].empty()) return "intel";
  if (!fields["sig_id"].empty()) return "signatures";
  return fields["conn_state"].empty() ? "log" : "conn";
}

std::string_view source_of(const Fields& fields) {
  return fields.any({"id.orig_h", "src", "src_addr", "tx_hosts"});
}
std::string_view destination_of(const Fields& fields) {
  return fields.any({"id.resp_h", "dst", "dst_addr", "rx_hosts"});
}

// Zeek says whose an end is where it knows the site's own networks; "T" in TSV.
Side side_of(std::string_view is_local) {
  return is_local == "true" || is_local == "T" ? Side::kOwn : Side::kUnknown;
}

// A resolver answers for good names and bad ones.
void read_ends(const Fields& fields, AlertDraft& draft) {
  const bool dns = fields["id.resp_p"] == "53" && !fields["query"].empty();
  add_traffic(draft, {source_of(fields), side_of(fields["local_orig"])},
              {destination_of(fields), dns ? Side::kOwn : side_of(fields["local_resp"])}, Suspect::kBoth);
}

// "https://www.virustotal.com/gui/search/<hash>": the lookup of a file names it by its hash.
void read_lookup(std::string_view link, AlertDraft& draft) {
  link.remove_prefix(std::min(link.rfind('/') + 1, link.size()));
  draft.observed(EntityKind::kHash, link, EntityRole::kRelated);
}

void read_log_fields(const Fields& fields, std::string_view path, AlertDraft& draft) {
  for (const auto& meaning : kLogMeanings) {
    if (meaning.log != path) continue;
    auto list = fields[meaning.field.name];
    while (!list.empty()) {
      const auto one = trim(take_until(list, ','));
      const bool fits = meaning.field.kind != EntityKind::kIp || parse_ip(one);
      if (fits) add_entity(meaning.field, one, draft);
    }
  }
}

// "Sampled servers:  10.0.0.1, 10.0.0.2": whom the guesses went to.
void read_sampled(std::string_view sub, AlertDraft& draft) {
  constexpr std::string_view kMark = "Sampled servers:";
  if (!sub.starts_with(kMark)) return;
  sub.remove_prefix(kMark.size());
  while (!sub.empty()) draft.entity(EntityKind::kIp, trim(take_until(sub, ',')), EntityRole::kDestination);
}

// Its text names software with versions that look like addresses, and `src` is the machine that runs it.
void read_software_notice(const Fields& fields, AlertDraft& draft) {
  draft.entity(EntityKind::kIp, fields.any({"src", "id.orig_h"}), EntityRole::kTarget);
}

void read_notice(const Fields& fields, AlertDraft& draft) {
  const auto note = fields["note"];
  const auto message = fields["msg"];
  const auto sub = fields["sub"];
  draft.type(slug(note));
  draft.title(message.empty() ? note : message);
  draft.message(sub.empty() ? std::string(message) : std::string(message) + '\n' + std::string(sub));
  draft.rule(note);
  draft.severity(
      severity_from_word(fields.any({"severity.name", "severity.level"})).value_or(Severity::kMedium));
  for (const auto& known : kNotices) {
    if (note.starts_with(known.prefix)) draft.technique(known.technique);
  }
  for (const auto* name : {"peer_descr", "file_mime_type"}) draft.tag(fields[name]);
  draft.tag(note);
  if (note.starts_with("Software::")) return read_software_notice(fields, draft);
  read_ends(fields, draft);
  read_sampled(sub, draft);
  if (note == "TeamCymruMalwareHashRegistry::Match") read_lookup(sub, draft);
  draft.mine(fields["file_desc"]);
  // A certificate's subject names whoever it was made for.
  if (!note.starts_with("SSL::")) draft.mine(message);
  draft.mine_cves(message);
}

struct IntelType {
  std::string_view name;
  EntityKind kind;
};

constexpr auto kIntelTypes = std::to_array<IntelType>({
    {"Intel::ADDR", EntityKind::kIp},
    {"Intel::DOMAIN", EntityKind::kDomain},
    {"Intel::URL", EntityKind::kUrl},
    {"Intel::FILE_HASH", EntityKind::kHash},
    {"Intel::EMAIL", EntityKind::kEmail},
    {"Intel::FILE_NAME", EntityKind::kFile},
    {"Intel::USER_NAME", EntityKind::kUser},
    {"Intel::CERT_HASH", EntityKind::kHash},
});

void read_intel(const Fields& fields, AlertDraft& draft) {
  const auto indicator = fields["seen.indicator"];
  draft.type("threat_intel_match");
  draft.title("Zeek intelligence match: " + std::string(indicator));
  draft.message("Seen in " + std::string(fields["seen.where"]) + ", known from " +
                std::string(fields["sources"]));
  draft.rule(indicator);
  draft.severity(Severity::kMedium);
  for (const auto* name : {"sources", "matched", "seen.where"}) draft.tag(fields[name]);
  read_ends(fields, draft);
  for (const auto& known : kIntelTypes) {
    if (known.name != fields["seen.indicator_type"]) continue;
    const auto text = known.kind == EntityKind::kUrl && indicator.find("://") == std::string_view::npos
                          ? "http://" + std::string(indicator)
                          : std::string(indicator);
    draft.observed(known.kind, text, EntityRole::kRelated);
  }
}

void read_signature(const Fields& fields, AlertDraft& draft) {
  draft.type(slug(fields["note"]));
  draft.title(fields.any({"event_msg", "sig_id", "note"}));
  draft.message(fields["sub_msg"]);
  draft.rule(fields["sig_id"]);
  draft.severity(Severity::kMedium);
  read_ends(fields, draft);
}

void read_request(const Fields& fields, AlertDraft& draft) {
  const auto host = fields["host"];
  const auto uri = fields["uri"];
  if (host.empty() || uri.empty()) return;
  draft.observed(EntityKind::kUrl,
                 !is_absolute_url(uri) ? "http://" + std::string(host) + std::string(uri) : std::string(uri),
                 EntityRole::kRelated);
}

void read_event(const Fields& fields, std::string_view path, AlertDraft& draft) {
  const auto ends = describe_traffic(source_of(fields), fields["id.orig_p"], destination_of(fields),
                                     fields["id.resp_p"], fields.any({"service", "proto"}));
  draft.type(slug("zeek " + std::string(path)));
  draft.title("Zeek " + std::string(path) + (ends.empty() ? "" : ": " + ends));
  draft.severity(Severity::kInfo);
  draft.tag(path);
  if (path == "weird") draft.tag(fields["name"]);
  read_ends(fields, draft);
  read_request(fields, draft);
  add_entities(fields, kMeanings, draft);
  read_log_fields(fields, path, draft);
}

void read_log(const Fields& fields, std::string_view path, AlertDraft& draft) {
  draft.occurred_at(read_time(fields.any({"ts", "_write_ts", "@timestamp"})));
  if (path == "notice" || path == "notice_alarm") return read_notice(fields, draft);
  if (path == "intel") return read_intel(fields, draft);
  if (path == "signatures") return read_signature(fields, draft);
  read_event(fields, path, draft);
}

RecordKind kind_of(std::string_view path) {
  return is_alert_log(path) ? RecordKind::kAlert : RecordKind::kEvent;
}

// ---- TSV ----

// What the lines that begin with '#' say of the rows below them.
struct Header {
  char separator = '\t';
  std::string_view path = "log";
  std::vector<std::string_view> names;
};

void read_header(std::string_view line, Header& header) {
  const auto value = [&](std::string_view name) -> std::string_view {
    if (!line.starts_with(name) || line.size() <= name.size()) return {};
    return trim(line.substr(name.size() + 1));
  };
  if (const auto path = value("#path"); !path.empty()) header.path = path;
  if (!line.starts_with("#fields")) return;
  header.names.clear();
  auto rest = line;
  take_until(rest, header.separator);
  while (!rest.empty() && header.names.size() < kMaxFields)
    header.names.push_back(take_until(rest, header.separator));
}

Fields fields_of_row(std::string_view row, const Header& header) {
  Fields fields;
  fields.add("_path", header.path);
  for (const auto name : header.names) {
    if (row.empty()) break;
    const auto value = take_until(row, header.separator);
    if (value != "(empty)" && value != "-") fields.add(name, value);
  }
  return fields;
}

bool is_record(const Fields& fields) {
  return !fields["ts"].empty() || !fields["note"].empty() || !fields["uid"].empty();
}

void reject(Output& out) {
  out.reject("this is not a Zeek log",
             "Send JSON logs, or TSV logs with their header lines (#separator, #path, #fields).");
}

}  // namespace

bool is_zeek(const Node& object) {
  if (object["note"].is_string() && object["note"].text().find("::") != std::string_view::npos &&
      object["msg"].is_string())
    return true;
  if (!object["ts"]) return false;
  return object["_path"].is_string() || (object["uid"].is_string() && object["id.orig_h"]) ||
         object["seen.indicator"].is_string();
}

void read_zeek(const Node& object, Output& out) {
  const auto fields = fields_of(object, 3);
  if (!is_record(fields)) return reject(out);
  const auto path = path_of(fields);
  out.add(kind_of(path), [&](AlertDraft& draft) { read_log(fields, path, draft); });
}

bool is_zeek_document(std::string_view body) {
  return body.starts_with('#') && body.substr(0, 16U << 10).find("\n#fields\t") != std::string_view::npos;
}

void read_zeek_document(std::string_view body, Output& out) {
  Header header;
  std::size_t index = 0;
  while (!body.empty()) {
    auto line = take_until(body, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trim(line).empty()) continue;
    if (line.starts_with('#')) {
      read_header(line, header);
      continue;
    }
    const bool more = out.part(line, index++, [&](Output& one) {
      const auto fields = fields_of_row(line, header);
      if (!is_record(fields)) return reject(one);
      one.add_line(kind_of(header.path), fields,
                   [&](AlertDraft& draft) { read_log(fields, header.path, draft); });
    });
    if (!more) return;
  }
}

void read_zeek_line(std::string_view, Output& out) {
  reject(out);
}

}  // namespace tocsin::ingest
