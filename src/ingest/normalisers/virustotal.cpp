// VirusTotal: API v3 objects (file, url, domain, ip_address) and their lists, v2 reports. Something known,
// not something that happened: intel.

#include <algorithm>
#include <array>

#include "ingest/normalisers/normaliser.h"
#include "ingest/paths.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

struct Counts {
  double malicious = 0;
  double suspicious = 0;
  double total = 0;
};

// Engines that found something: one or two are often wrong.
Severity severity_of(const Counts& counts) {
  if (counts.malicious >= 10) return Severity::kHigh;
  if (counts.malicious >= 3) return Severity::kMedium;
  return counts.malicious + counts.suspicious >= 1 ? Severity::kLow : Severity::kInfo;
}

std::string verdict_of(const Counts& counts) {
  if (counts.malicious >= 3) return "malicious";
  return counts.malicious + counts.suspicious >= 1 ? "suspicious" : "undetected";
}

// What nobody calls bad is a thing asked about, no indicator.
void add(AlertDraft& draft, const Counts& counts, EntityKind kind, std::string_view value) {
  const bool bad = counts.malicious + counts.suspicious >= 1;
  add_entity(draft, kind, value, EntityRole::kRelated, bad ? Standing::kReported : Standing::kOwn);
}

// As text; more than there can be is a hostile number.
std::string engines(double count) {
  return std::to_string(static_cast<int>(std::clamp(count, 0.0, 1e6)));
}

void read_judgement(const Counts& counts, AlertDraft& draft) {
  draft.severity(severity_of(counts));
  draft.vendor_verdict(verdict_of(counts));
  draft.vendor_status(engines(counts.malicious) + '/' + engines(counts.total));
}

// ---- v3 ----

Counts counts_of(const Node& attributes) {
  Counts counts;
  attributes.any({"last_analysis_stats", "stats"}).members([&](std::string_view name, const Node& value) {
    const auto number = value.number().value_or(0);
    if (name == "malicious") counts.malicious = number;
    if (name == "suspicious") counts.suspicious = number;
    if (name == "malicious" || name == "suspicious" || name == "harmless" || name == "undetected")
      counts.total += number;
  });
  return counts;
}

EntityKind kind_of(std::string_view type) {
  if (type == "url") return EntityKind::kUrl;
  if (type == "domain") return EntityKind::kDomain;
  return type == "ip_address" ? EntityKind::kIp : EntityKind::kHash;
}

void read_values(const Node& object, const Node& attributes, const Counts& counts, AlertDraft& draft) {
  const auto kind = kind_of(object["type"].text());
  if (kind == EntityKind::kUrl) {
    add(draft, counts, kind, attributes["url"].text());
    return add(draft, counts, kind, attributes["last_final_url"].text());
  }
  if (kind != EntityKind::kHash) return add(draft, counts, kind, object["id"].text());
  for (const auto* name : {"sha256", "sha1", "md5"}) add(draft, counts, kind, attributes[name].text());
  if (!attributes["sha256"]) add(draft, counts, kind, object["id"].text());
  draft.entity(EntityKind::kFile, attributes["meaningful_name"].text(), EntityRole::kRelated);
  attributes["names"].each(
      [&](const Node& name) { draft.entity(EntityKind::kFile, name.text(), EntityRole::kRelated); });
}

std::string title_of(const Node& object, const Node& attributes) {
  auto name = first_text(attributes, {"meaningful_name", "url", "names"});
  if (name.empty()) name = object["id"].scalar();
  const auto label = first_text(attributes, {"popular_threat_classification.suggested_threat_label"});
  return label.empty() ? name : name + ": " + label;
}

void read_object(const Node& object, AlertDraft& draft) {
  const Node attributes = object["attributes"];
  const auto counts = counts_of(attributes);
  const auto id = object["id"].scalar();
  draft.source_id(id);
  draft.title(title_of(object, attributes));
  draft.type(object["type"].text() == "file" ? "file_report" : slug(object["type"].text()) + "_report");
  draft.message(verdict_of(counts) + ": " + engines(counts.malicious) + " of " + engines(counts.total) +
                " engines");
  for (const auto* name : {"last_analysis_date", "last_modification_date", "last_submission_date"})
    draft.occurred_at(read_time(attributes[name]));
  const auto gui = object["type"].text() == "ip_address" ? "ip-address" : object["type"].text();
  draft.source_url("https://www.virustotal.com/gui/" + std::string(gui) + '/' + id);
  read_judgement(counts, draft);
  read_values(object, attributes, counts, draft);
  for (const auto* path :
       {"tags", "threat_names", "popular_threat_classification.popular_threat_category.value"})
    each_at(attributes, path, [&](const Node& tag) { draft.tag(tag.text()); });
}

// The state of one scan: what was scanned stands in "meta", beside it.
bool is_analysis(const Node& object) {
  return object["type"].text() == "analysis" && object["attributes"]["stats"].is_object();
}

void read_analysis(const Node& object, const Node& meta, AlertDraft& draft) {
  const Node attributes = object["attributes"];
  const auto counts = counts_of(attributes);
  draft.source_id(object["id"].scalar());
  draft.title(first_text(meta, {"url_info.url", "file_info.name", "file_info.sha256"}));
  draft.title("Analysis " + object["id"].scalar());
  draft.type(meta["url_info"] ? "url_report" : "file_report");
  draft.occurred_at(read_time(attributes["date"]));
  read_judgement(counts, draft);
  draft.tag(attributes["status"].text());
  add(draft, counts, EntityKind::kUrl, meta["url_info"]["url"].text());
  for (const auto* name : {"sha256", "sha1", "md5"})
    add(draft, counts, EntityKind::kHash, meta["file_info"][name].text());
}

// ---- v2 ----

void read_report(const Node& report, AlertDraft& draft) {
  const Counts counts{report["positives"].number().value_or(0), 0, report["total"].number().value_or(0)};
  draft.source_id(report["scan_id"].text());
  draft.title(first_text(report, {"url", "resource", "sha256"}));
  draft.type(report["url"] ? "url_report" : "file_report");
  draft.message(report["verbose_msg"].text());
  draft.occurred_at(read_time(report["scan_date"]));
  draft.source_url(report["permalink"].text());
  read_judgement(counts, draft);
  add(draft, counts, EntityKind::kUrl, report["url"].text());
  for (const auto* name : {"sha256", "sha1", "md5"})
    add(draft, counts, EntityKind::kHash, report[name].text());
}

bool is_object(const Node& object) {
  return object["attributes"].is_object() && object["type"].is_string() &&
         (object["attributes"]["last_analysis_stats"] || object["attributes"]["last_analysis_results"]);
}

bool is_report(const Node& object) {
  return object["response_code"] && (object["permalink"] || object["scan_id"]);
}

void read_one(const Node& object, std::string_view bytes, Output& out) {
  if (is_object(object)) {
    out.add(RecordKind::kIntel, bytes, [&](AlertDraft& draft) { read_object(object, draft); });
  } else if (is_report(object)) {
    out.add(RecordKind::kIntel, bytes, [&](AlertDraft& draft) { read_report(object, draft); });
  } else {
    out.reject_part(bytes, "neither a VirusTotal object nor a report",
                    "Send the answer of /api/v3/files, urls, domains or ip_addresses, or a v2 report.");
  }
}

}  // namespace

bool is_virustotal(const Node& object) {
  const Node data = object["data"];
  return is_object(object) || is_report(object) || is_object(data.is_array() ? data.at(0) : data) ||
         is_analysis(data);
}

void read_virustotal(const Node& object, Output& out) {
  const Node data = object["data"];
  if (data.is_array()) {
    return for_each_part(out.item(), "data", data, [&](const Node& one, std::string_view bytes, std::size_t) {
      read_one(one, bytes, out);
    });
  }
  if (is_analysis(data)) {
    return out.add(RecordKind::kIntel,
                   [&](AlertDraft& draft) { read_analysis(data, object["meta"], draft); });
  }
  read_one(data.is_object() ? data : object, out.item(), out);
}

}  // namespace tocsin::ingest
