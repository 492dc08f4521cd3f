// AbuseIPDB v2: check, check-block, blacklist. Intel.

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

// abuseConfidenceScore: the makers suggest to block from 75 on, and call 25 and above suspicious.
constexpr SeverityScale kScore{101, 75, 25, 1};

struct Category {
  int id;
  std::string_view name, technique;
};
// https://www.abuseipdb.com/categories
constexpr auto kCategories = std::to_array<Category>({{1, "DNS Compromise", ""},
                                                      {2, "DNS Poisoning", "T1557"},
                                                      {3, "Fraud Orders", ""},
                                                      {4, "DDoS Attack", "T1498"},
                                                      {5, "FTP Brute-Force", "T1110"},
                                                      {6, "Ping of Death", "T1498"},
                                                      {7, "Phishing", "T1566"},
                                                      {8, "Fraud VoIP", ""},
                                                      {9, "Open Proxy", "T1090"},
                                                      {10, "Web Spam", ""},
                                                      {11, "Email Spam", ""},
                                                      {12, "Blog Spam", ""},
                                                      {13, "VPN IP", ""},
                                                      {14, "Port Scan", "T1595.001"},
                                                      {15, "Hacking", ""},
                                                      {16, "SQL Injection", "T1190"},
                                                      {17, "Spoofing", ""},
                                                      {18, "Brute-Force", "T1110"},
                                                      {19, "Bad Web Bot", "T1595"},
                                                      {20, "Exploited Host", ""},
                                                      {21, "Web App Attack", "T1190"},
                                                      {22, "SSH", "T1110"},
                                                      {23, "IoT Targeted", ""}});

void read_category(const Node& node, AlertDraft& draft) {
  const auto id = node.integer();
  for (const auto& category : kCategories) {
    if (id != category.id) continue;
    draft.tag(category.name);
    if (!category.technique.empty()) draft.technique(category.technique);
  }
}

void read_address(const Node& from, AlertDraft& draft) {
  const auto address = from["ipAddress"].text();
  const auto score = from["abuseConfidenceScore"].number().value_or(0);
  draft.source_id(address);
  draft.title("Abuse confidence " + from["abuseConfidenceScore"].scalar() + "% for " + std::string(address));
  draft.type("ip_reputation");
  draft.severity(severity_on(kScore, score));
  for (const auto* name : {"lastReportedAt", "mostRecentReport"}) draft.occurred_at(read_time(from[name]));
  const bool bad = score >= 1 && !from["isWhitelisted"].is_true();
  add_entity(draft, EntityKind::kIp, address, EntityRole::kRelated,
             bad ? Standing::kReported : Standing::kOwn);
  from["hostnames"].each(
      [&](const Node& name) { draft.entity(EntityKind::kDomain, name.text(), EntityRole::kRelated); });
  if (from["isWhitelisted"].is_true()) draft.vendor_verdict("whitelisted");
  if (from["isTor"].is_true()) draft.tag("tor");
  if (const auto use = from["usageType"].text(); !use.empty()) draft.tag(use);
  each_at(from, "reports.categories", [&](const Node& id) { read_category(id, draft); });
  draft.message(first_text(from, {"reports.comment"}));
  draft.source_url("https://www.abuseipdb.com/check/" + std::string(address));
}

bool is_address(const Node& node) {
  return node["ipAddress"].is_string() && node["abuseConfidenceScore"];
}

void read_list(std::string_view bytes, std::string_view member, const Node& list, Output& out) {
  for_each_part(bytes, member, list, [&](const Node& one, std::string_view part, std::size_t) {
    if (!is_address(one)) {
      return out.reject_part(part, "no ipAddress with an abuseConfidenceScore",
                             "Send the answer of /api/v2/check, check-block or blacklist.");
    }
    out.add(RecordKind::kIntel, part, [&](AlertDraft& draft) { read_address(one, draft); });
  });
}

}  // namespace

bool is_abuseipdb(const Node& object) {
  const Node data = object["data"];
  return is_address(object) || is_address(data) || data["reportedAddress"].is_array() ||
         (data.is_array() && is_address(data.at(0)));
}

void read_abuseipdb(const Node& object, Output& out) {
  const Node data = object["data"];
  if (data.is_array()) return read_list(out.item(), "data", data, out);
  if (const Node block = data["reportedAddress"]; block.is_array())
    return read_list(find_member(out.item(), "data"), "reportedAddress", block, out);
  const Node one = data.is_object() ? data : object;
  if (!is_address(one)) {
    return out.reject("no ipAddress with an abuseConfidenceScore",
                      "Send the answer of /api/v2/check, check-block or blacklist.");
  }
  out.add(RecordKind::kIntel, [&](AlertDraft& draft) { read_address(one, draft); });
}

}  // namespace tocsin::ingest
