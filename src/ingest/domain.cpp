#include "ingest/domain.h"

#include <algorithm>
#include <array>

#include "ingest/public_suffix.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

// Top-level domains that are file suffixes or field names as well: in prose they need more than their look.
constexpr auto kAmbiguous = std::to_array<std::string_view>(
    {"active", "actor",    "army",    "audio",   "bot",        "box",        "build",      "call",
     "camera", "car",      "cat",     "compare", "contact",    "data",       "date",       "directory",
     "do",     "dot",      "final",   "fire",    "forum",      "game",       "hot",        "how",
     "id",     "ing",      "int",     "like",    "locker",     "management", "map",        "md",
     "med",    "meet",     "menu",    "mobile",  "mov",        "name",       "new",        "next",
     "now",    "office",   "off",     "open",    "options",    "orange",     "origins",    "parts",
     "pay",    "phone",    "pid",     "pin",     "pl",         "place",      "play",       "pm",
     "post",   "prime",    "prof",    "promo",   "properties", "property",   "protection", "ps",
     "pub",    "py",       "read",    "report",  "room",       "rs",         "run",        "safe",
     "save",   "schedule", "search",  "secure",  "select",     "sh",         "shell",      "show",
     "so",     "sql",      "storage", "style",   "tab",        "target",     "tf",         "trust",
     "win",    "wow",      "you",     "zero",    "zip"});

// The top-level domains of three letters that people register names under; the others are firms' own and more
// often an ending of something else ("Malware.TC.abc").
constexpr auto kThreeLetters = std::to_array<std::string_view>(
    {"app", "art", "bar", "bet", "bid", "bio", "biz", "buy", "cab", "cam", "cat", "ceo", "cfd", "com", "dev",
     "diy", "eco", "edu", "eus", "fan", "fit", "fun", "fyi", "gal", "gay", "gdn", "gov", "ice", "icu", "ink",
     "int", "kim", "lat", "law", "llc", "lol", "ltd", "mba", "men", "mil", "moe", "mom", "net", "ngo", "one",
     "ong", "onl", "ooo", "org", "pet", "pro", "pub", "red", "ren", "rip", "run", "sbs", "sex", "ski", "srl",
     "tel", "top", "uno", "vet", "vin", "vip", "win", "wtf", "xin", "xxx", "xyz", "zip"});

// Names that end like a domain and are none.
constexpr auto kNoDomains = std::to_array<std::string_view>({"ado.net", "asp.net", "vb.net"});

// First labels of reversed names ("com.example.App", "java.io").
constexpr auto kReversed =
    std::to_array<std::string_view>({"android", "com", "io", "java", "javax", "net", "org", "system"});

// Last labels that inner networks use (RFC 6762 appendix G, RFC 6761) and no registry hands out.
constexpr auto kInnerTop =
    std::to_array<std::string_view>({"local", "localdomain", "localhost", "lan", "internal", "intranet",
                                     "corp", "home", "private", "domain", "arpa", "invalid", "ad"});

// Sorted by nothing: few, and looked at only for names that are already domains.
constexpr auto kReferenceHosts = std::to_array<std::string_view>({"aka.ms",
                                                                  "attack.mitre.org",
                                                                  "azure.com",
                                                                  "cisa.gov",
                                                                  "console.aws.amazon.com",
                                                                  "cve.mitre.org",
                                                                  "cve.org",
                                                                  "doc.emergingthreats.net",
                                                                  "docs.aws.amazon.com",
                                                                  "documentation.wazuh.com",
                                                                  "emergingthreats.net",
                                                                  "fortiguard.com",
                                                                  "fortinet.com",
                                                                  "json-schema.org",
                                                                  "microsoft.com",
                                                                  "microsoftonline.com",
                                                                  "nist.gov",
                                                                  "office.com",
                                                                  "schema.org",
                                                                  "schemas.microsoft.com",
                                                                  "schemas.xmlsoap.org",
                                                                  "securitycenter.windows.com",
                                                                  "splunk.com",
                                                                  "suricata.io",
                                                                  "virustotal.com",
                                                                  "w3.org",
                                                                  "wazuh.com",
                                                                  "windows.com"});

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(), [&](auto entry) { return equal_ignoring_case(entry, text); });
}

constexpr std::size_t kMaxTopLevel = 24;  // the longest in the list

bool is_top_level(std::string_view label) {
  if (label.size() > 4 && equal_ignoring_case(label.substr(0, 4), "xn--")) return true;
  if (label.size() > kMaxTopLevel) return false;
  std::array<char, kMaxTopLevel> low{};
  std::transform(label.begin(), label.end(), low.begin(), lower);
  return is_delegated_top_level({low.data(), label.size()});
}

bool is_outer_top(std::string_view label) {
  return label.size() >= 2 && std::all_of(label.begin(), label.end(), is_alpha) && !holds(kInnerTop, label);
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

bool has_only_labels(std::string_view name) {
  while (true) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

// "System.Net" and "WScript.Shell" mix cases as code does; "evil.com", "Evil.com" and "EVIL.COM" do not.
bool looks_like_code(std::string_view name, std::string_view top) {
  const bool top_upper = std::any_of(top.begin(), top.end(), is_upper);
  const bool any_lower = std::any_of(name.begin(), name.end(), is_lower);
  return top_upper && any_lower;
}

bool passes_in_prose(std::string_view name, std::string_view top) {
  const auto first = name.substr(0, name.find('.'));
  const bool reversed = first.size() + top.size() + 1 < name.size() && holds(kReversed, first);
  const bool firm = top.size() == 3 && !holds(kThreeLetters, top);
  return !firm && !looks_like_code(name, top) && !reversed && !holds(kAmbiguous, top) &&
         !holds(kNoDomains, name) && name.find('_') == std::string_view::npos;
}

}  // namespace

bool is_public_domain(std::string_view name, DomainHint hint) {
  if (name.size() < 4 || name.size() > 253) return false;
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const auto top = name.substr(dot + 1);
  const bool known = is_top_level(top) || (hint == DomainHint::kNamed && is_outer_top(top));
  if (!known || !has_only_labels(name)) return false;
  return hint != DomainHint::kText || passes_in_prose(name, top);
}

std::string_view registrable_domain(std::string_view name) {
  if (name.find('.') == std::string_view::npos || name.front() == '.') return {};
  const auto suffix = public_suffix_of(name);
  if (suffix.size() + 1 >= name.size()) return name;
  const auto dot = name.rfind('.', name.size() - suffix.size() - 2);
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

bool is_within(std::string_view name, std::string_view domain) {
  return !domain.empty() && name.ends_with(domain) &&
         (name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.');
}

bool is_reference_host(std::string_view host) {
  return std::any_of(kReferenceHosts.begin(), kReferenceHosts.end(),
                     [&](std::string_view known) { return is_within(host, known); });
}

}  // namespace tocsin::ingest
