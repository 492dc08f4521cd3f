// Splunk: the webhook alert action, rows of a search export, and Enterprise Security notables. A row may
// carry another tool's event in _raw; what another normaliser recognises there, it reads.

#include <array>
#include <vector>

#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

constexpr std::size_t kMaxPairs = 256;

// name="value" pairs of a stash event. Views into the text.
using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

Pairs read_pairs(std::string_view text) {
  Pairs pairs;
  std::size_t at = 0;
  while (pairs.size() < kMaxPairs) {
    const auto equals = text.find("=\"", at);
    if (equals == std::string_view::npos) return pairs;
    auto name_start = equals;
    while (name_start > at && !is_blank(text[name_start - 1]) && text[name_start - 1] != ',') --name_start;
    const auto close = text.find('"', equals + 2);
    if (close == std::string_view::npos) return pairs;
    if (name_start < equals) {
      pairs.emplace_back(text.substr(name_start, equals - name_start),
                         text.substr(equals + 2, close - equals - 2));
    }
    at = close + 1;
  }
  return pairs;
}

// Fields of a row: its own members first, then the pairs in its _raw.
class Row {
 public:
  explicit Row(const Node& node) : node_(node), pairs_(read_pairs(node["_raw"].text())) {}

  std::string get(std::string_view name) const {
    auto value = node_[name].scalar();
    if (!is_blank_value(value)) return value;
    for (const auto& [key, text] : pairs_) {
      if (key == name && !is_blank_value(text)) return std::string(text);
    }
    return {};
  }
  std::string any(std::initializer_list<std::string_view> names) const {
    for (const auto name : names) {
      if (auto value = get(name); !value.empty()) return value;
    }
    return {};
  }
  // Every value: of an array, of repeated pairs, of a list with commas.
  template <class F>
  void each(std::string_view name, F f) const {
    const auto split = [&](std::string_view list) {
      while (!list.empty()) f(trim(take_until(list, ',')));
    };
    node_[name].each([&](const Node& value) { split(value.text()); });
    for (const auto& [key, text] : pairs_) {
      if (key == name) split(text);
    }
  }
  const Node& node() const { return node_; }

 private:
  Node node_;
  Pairs pairs_;
};

struct Field {
  std::array<std::string_view, 4> names;  // the first that is there counts
  EntityKind kind;
  EntityRole role;
  bool observed;
};

// Common Information Model names. `host` is where the event was indexed from and proves nothing about a
// victim.
constexpr auto kFields = std::to_array<Field>({
    {{"dest_ip", "dst_ip", "dest_address", "DestinationIp"}, EntityKind::kIp, EntityRole::kDestination, true},
    {{"dest", "dst", "destination", "dest_host"}, EntityKind::kHost, EntityRole::kTarget, false},
    {{"dest_nt_host", "dest_dns", "ComputerName", "Computer"}, EntityKind::kHost, EntityRole::kTarget, false},
    {{"user", "dest_user", "TargetUserName", "user_name"}, EntityKind::kUser, EntityRole::kTarget, false},
    {{"src_user", "SubjectUserName", "", ""}, EntityKind::kUser, EntityRole::kActor, false},
    {{"url", "http_url", "", ""}, EntityKind::kUrl, EntityRole::kRelated, true},
    {{"url_domain", "query", "domain", ""}, EntityKind::kDomain, EntityRole::kRelated, true},
    {{"file_hash", "sha256", "hash", ""}, EntityKind::kHash, EntityRole::kRelated, true},
    {{"process_hash", "md5", "", ""}, EntityKind::kHash, EntityRole::kRelated, true},
    {{"file_path", "file_name", "", ""}, EntityKind::kFile, EntityRole::kRelated, false},
    {{"process_path", "process_name", "process_exec", "Image"},
     EntityKind::kProcess,
     EntityRole::kRelated,
     false},
    {{"sender", "src_user_email", "", ""}, EntityKind::kEmail, EntityRole::kSource, true},
    {{"recipient", "dest_user_email", "", ""}, EntityKind::kEmail, EntityRole::kTarget, false},
    {{"cve", "", "", ""}, EntityKind::kCve, EntityRole::kRelated, true},
    {{"src_mac", "", "", ""}, EntityKind::kMac, EntityRole::kSource, false},
});

void add(const Field& field, std::string_view value, AlertDraft& draft) {
  if (field.observed) {
    draft.observed(field.kind, value, field.role);
  } else {
    draft.entity(field.kind, value, field.role);
  }
}

void read_source_end(const Row& row, AlertDraft& draft) {
  for (const auto* name : {"src_ip", "src", "source_ip", "src_address", "clientip", "SourceIp"}) {
    row.each(name,
             [&](std::string_view value) { draft.observed(EntityKind::kHost, value, EntityRole::kSource); });
  }
  // A bare `ip` names an end only when nothing better does.
  if (row.any({"src_ip", "src", "source_ip"}).empty()) {
    draft.observed(EntityKind::kIp, row.get("ip"), EntityRole::kSource);
  }
  draft.entity(EntityKind::kHost, row.get("src_nt_host"), EntityRole::kSource);
}

// Risk-based alerting names what the risk is about.
void read_risk_object(const Row& row, AlertDraft& draft) {
  const auto type = row.get("risk_object_type");
  const auto kind = type == "user" ? EntityKind::kUser : EntityKind::kHost;
  draft.entity(kind, row.get("risk_object"), EntityRole::kTarget);
}

void read_entities(const Row& row, AlertDraft& draft) {
  read_source_end(row, draft);
  for (const auto& field : kFields) {
    for (const auto name : field.names) {
      if (name.empty() || row.get(name).empty()) continue;
      row.each(name, [&](std::string_view value) { add(field, value, draft); });
      if (row.node()[name].is_number()) add(field, row.get(name), draft);
      break;
    }
  }
  const auto from = row.get("src_user");
  if (from.find('@') != std::string::npos && !row.get("recipient").empty())
    draft.observed(EntityKind::kEmail, from, EntityRole::kSource);
  draft.command_line(row.any({"process", "cmdline", "CommandLine", "command_line"}));
  draft.parent_process(
      row.any({"parent_process_name", "parent_process_path", "parent_process", "ParentImage"}));
  read_risk_object(row, draft);
}

// Scale of alert actions: 1 debug, 2 info, 3 warn, 4 error, 5 severe, 6 fatal. ES writes words.
Severity severity_of(const Row& row) {
  for (const auto* name :
       {"urgency", "severity", "alert.severity", "rule_severity", "priority", "severity_level"}) {
    const auto text = row.get(name);
    if (const auto word = severity_from_word(text)) return *word;
    if (text.size() == 1 && text[0] >= '1' && text[0] <= '6') {
      constexpr std::array kScale{Severity::kInfo,   Severity::kInfo, Severity::kLow,
                                  Severity::kMedium, Severity::kHigh, Severity::kCritical};
      return kScale[static_cast<std::size_t>(text[0] - '1')];
    }
  }
  if (const auto score = severity_from_text(row.get("risk_score"))) return *score;
  return Severity::kMedium;
}

// "Access - Excessive Failed Logins - Rule" is about excessive failed logins.
std::string type_of(std::string_view search_name) {
  constexpr std::string_view kRule = " - Rule";
  if (search_name.ends_with(kRule)) search_name.remove_suffix(kRule.size());
  const auto dash = search_name.find(" - ");
  if (dash != std::string_view::npos) search_name.remove_prefix(dash + 3);
  return slug_of_title(search_name);
}

void read_attack(const Row& row, AlertDraft& draft) {
  for (const auto* name :
       {"annotations.mitre_attack", "annotations.mitre_attack.mitre_technique_id", "mitre_technique_id",
        "mitre_technique", "mitre_attack", "annotations.mitre_attack.mitre_technique"}) {
    row.each(name, [&](std::string_view id) { draft.technique(id); });
    draft.techniques_in(row.get(name));  // values of a multi-value field may be joined by blanks
  }
  for (const auto* name : {"annotations.mitre_attack.mitre_tactic_id",
                           "annotations.mitre_attack.mitre_tactic", "mitre_tactic"}) {
    row.each(name, [&](std::string_view id) { draft.tactic(id); });
  }
}

// "scheduler__admin__search__RMD5…_at_1613064720_132" tells when the search ran.
std::optional<Timestamp> time_of_search(std::string_view sid) {
  constexpr std::string_view kAt = "_at_";
  const auto at = sid.rfind(kAt);
  if (at == std::string_view::npos) return std::nullopt;
  auto rest = sid.substr(at + kAt.size());
  return read_time(take_until(rest, '_'));
}

void read_times(const Row& row, std::string_view sid, AlertDraft& draft) {
  for (const auto* name : {"_time", "timestamp", "orig_time", "event_time", "firstTime", "lastTime",
                           "info_search_time", "_indextime"}) {
    draft.occurred_at(read_time(row.get(name)));
  }
  draft.occurred_at(time_of_search(sid));
}

// The search's id is the alert's while the row is the only one; "_cd" is the place of the row's event.
std::string id_from_search(const Node& row, const Node& envelope) {
  auto sid = envelope["sid"].scalar();
  const auto place = row["_cd"].scalar();
  if (!sid.empty() && !place.empty()) return sid + ':' + place;
  return envelope["results"].size() > 1 ? std::string() : sid;
}

void read_row(const Row& row, const Node& envelope, AlertDraft& draft) {
  const auto sid = envelope["sid"].text();
  auto search = std::string(trim(envelope["search_name"].text()));
  if (search.empty()) search = row.any({"search_name", "rule_name", "savedsearch_name"});
  const auto sourcetype = row.get("sourcetype");
  if (search.empty() && sourcetype == "stash") search = row.get("source");
  // A notable's rendered title says most; the type comes from the search, which does not vary.
  auto title = row.get("rule_title");
  if (title.empty()) title = search.empty() ? row.any({"signature", "alert.signature"}) : search;
  draft.title(title.empty() ? "Splunk search alert on " + (sourcetype.empty() ? "events" : sourcetype)
                            : title);
  draft.type(type_of(!search.empty() ? search : title.empty() ? "Splunk search alert" : title));
  draft.rule(search);
  const auto id = row.any({"event_id", "notable_id", "event_hash"});
  draft.source_id(id.empty() ? id_from_search(row.node(), envelope) : id);
  draft.message(row.any({"rule_description", "description", "message", "_raw"}));
  draft.severity(severity_of(row));
  draft.source_url(envelope["results_link"].text());
  draft.vendor_status(row.any({"status_label", "status_description"}));
  draft.vendor_verdict(row.get("disposition_label"));
  for (const auto* name : {"security_domain", "sourcetype"}) draft.tag(row.get(name));
  row.each("tag", [&](std::string_view tag) { draft.tag(tag); });
  row.each("orig_tag", [&](std::string_view tag) { draft.tag(tag); });
  read_times(row, sid, draft);
  read_attack(row, draft);
  read_entities(row, draft);
  draft.mine(row.get("rule_description"));
  draft.mine(row.any({"description", "message"}));
}

bool has_rows(const Node& object) {
  return object["result"].is_object() || object["results"].is_array();
}

bool is_row(const Node& object) {
  return object["_raw"].is_string() || (object["_time"] && object["sourcetype"]) || object["splunk_server"];
}

// True when _raw held another tool's event and that was read in the row's place.
bool read_embedded(const Node& row, Output out) {
  const auto raw = trim(row["_raw"].text());
  if (raw.empty()) return false;
  if (raw.front() != '{') {
    if (!is_cef_line(raw)) return false;
    read_cef_object(row, out);
    return true;
  }
  const auto parsed = ParsedJson::parse(raw, out.options().max_depth);
  if (!parsed || !parsed->root().is_object()) return false;
  const auto& reader = recognise(parsed->root());
  if (reader.name == "generic" || reader.name == "splunk") return false;
  reader.read_object(parsed->root(), out);
  return true;
}

void read_one(const Node& row, const Node& envelope, std::string_view bytes, Output& out) {
  const auto before = out.count();
  if (read_embedded(row, out.within(bytes))) {
    return out.amend(before, [&](AlertDraft& draft) {
      draft.source_url(envelope["results_link"].text());
      if (!draft.alert().source_id) draft.source_id(id_from_search(row, envelope));
      draft.tag(envelope["search_name"].text());
      draft.tag(row["sourcetype"].text());
    });
  }
  out.add(model::RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_row(Row(row), envelope, draft); });
}

}  // namespace

bool is_splunk(const Node& object) {
  const Node row = object["result"].is_object() ? object["result"] : object["results"].at(0);
  return (has_rows(object) && (object["sid"] || object["preview"] || object["search_name"] || is_row(row))) ||
         is_row(object);
}

void read_splunk(const Node& object, Output& out) {
  if (object["preview"].is_true()) return;  // a later line brings the final row
  if (const Node row = object["result"]; row.is_object()) return read_one(row, object, out.item(), out);
  if (const Node rows = object["results"]; rows.is_array()) {
    return for_each_part(
        out.item(), "results", rows,
        [&](const Node& row, std::string_view bytes, std::size_t) { read_one(row, object, bytes, out); });
  }
  if (is_row(object) || object["search_name"]) return read_one(object, object, out.item(), out);
  out.reject("neither a webhook of Splunk nor a row of a search",
             "Send the webhook alert action's body, lines of a search export, or rows with _time and _raw.");
}

}  // namespace tocsin::ingest
