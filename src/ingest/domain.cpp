#include "ingest/domain.h"

#include <algorithm>
#include <array>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

// Generic top-level domains seen in the wild, sorted. Country codes are the table below.
constexpr auto kGeneric = std::to_array<std::string_view>(
    {"academy",  "accountant", "agency",  "app",     "art",       "asia",       "bank",     "bar",
     "bid",      "biz",        "blog",    "buzz",    "cam",       "capital",    "care",     "casa",
     "cash",     "casino",     "cat",     "center",  "cfd",       "chat",       "city",     "click",
     "cloud",    "club",       "codes",   "coffee",  "com",       "community",  "company",  "consulting",
     "cool",     "coop",       "cyou",    "date",    "dev",       "digital",    "direct",   "domains",
     "download", "edu",        "email",   "energy",  "estate",    "events",     "exchange", "expert",
     "express",  "faith",      "fashion", "finance", "fit",       "foundation", "fun",      "fyi",
     "games",    "gdn",        "global",  "goog",    "google",    "gov",        "group",    "guru",
     "help",     "host",       "hosting", "house",   "icu",       "info",       "ink",      "int",
     "jobs",     "kim",        "land",    "lat",     "life",      "limited",    "link",     "live",
     "loan",     "lol",        "ltd",     "market",  "marketing", "media",      "men",      "mil",
     "mobi",     "moe",        "mom",     "money",   "mov",       "museum",     "name",     "net",
     "network",  "news",       "ninja",   "one",     "ong",       "onion",      "online",   "ooo",
     "org",      "page",       "party",   "photo",   "photos",    "pics",       "plus",     "porn",
     "press",    "pro",        "pub",     "pw",      "quest",     "racing",     "red",      "rest",
     "review",   "reviews",    "rocks",   "run",     "sale",      "sbs",        "school",   "science",
     "security", "services",   "sex",     "sexy",    "shop",      "site",       "skin",     "social",
     "software", "solutions",  "space",   "store",   "stream",    "studio",     "support",  "surf",
     "systems",  "team",       "tech",    "tel",     "today",     "tokyo",      "tools",    "top",
     "trade",    "travel",     "uno",     "vip",     "wang",      "watch",      "webcam",   "website",
     "wiki",     "win",        "work",    "works",   "world",     "wtf",        "xin",      "xxx",
     "xyz",      "zip",        "zone"});

// Country codes in use, grouped by first letter: second letters of "a?", "b?" ...
constexpr std::array<std::string_view, 26> kCountry{"cdefgilmoqrstuwxz",
                                                    "abdefghijmnorstvwyz",
                                                    "acdfghiklmnoruvwxyz",
                                                    "ejkmoz",
                                                    "cegrstu",
                                                    "ijkmor",
                                                    "abdefghilmnpqrstuwy",
                                                    "kmnrtu",
                                                    "delmnoqrst",
                                                    "emop",
                                                    "eghimnprwyz",
                                                    "abcikrstuvy",
                                                    "acdeghklmnopqrstuvwxyz",
                                                    "acefgilopruz",
                                                    "m",
                                                    "aefghklmnrstwy",
                                                    "a",
                                                    "eosuw",
                                                    "abcdeghijklmnorstuvxyz",
                                                    "cdfghjklmnortvwz",
                                                    "agksyz",
                                                    "aceginu",
                                                    "fs",
                                                    "",
                                                    "et",
                                                    "amw"};

// Top-level domains that are file suffixes or field names as well: in prose they need more than their look.
constexpr auto kAmbiguous = std::to_array<std::string_view>(
    {"cat", "date", "do", "host", "id",  "int", "md", "mov", "name", "pl", "pm",
     "ps",  "pub",  "py", "rs",   "run", "sh",  "so", "tf",  "win",  "zip"});

// Names that end like a domain and are none.
constexpr auto kNoDomains = std::to_array<std::string_view>({"ado.net", "asp.net", "vb.net"});

// First labels of reversed names ("com.example.App", "java.io").
constexpr auto kReversed =
    std::to_array<std::string_view>({"android", "com", "io", "java", "javax", "net", "org", "system"});

// Last labels that inner networks use (RFC 6762 appendix G, RFC 6761) and no registry hands out.
constexpr auto kInnerTop =
    std::to_array<std::string_view>({"local", "localdomain", "localhost", "lan", "internal", "intranet",
                                     "corp", "home", "private", "domain", "arpa", "invalid", "ad"});

constexpr auto kSecondLevel =
    std::to_array<std::string_view>({"ac", "co", "com", "edu", "gov", "net", "or", "org"});

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

bool is_top_level(std::string_view label) {
  if (label.size() == 2) {
    return is_alpha(label[0]) && is_alpha(label[1]) &&
           kCountry[static_cast<std::size_t>(lower(label[0]) - 'a')].find(lower(label[1])) !=
               std::string_view::npos;
  }
  if (label.size() > 4 && equal_ignoring_case(label.substr(0, 4), "xn--")) return true;
  return std::binary_search(kGeneric.begin(), kGeneric.end(), to_lower(label));
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
  return !looks_like_code(name, top) && !reversed && !holds(kAmbiguous, top) && !holds(kNoDomains, name) &&
         name.find('_') == std::string_view::npos;
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
  const auto last = name.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  auto start = name.rfind('.', last - 1);
  if (start == std::string_view::npos) return name;
  const auto second = name.substr(start + 1, last - start - 1);
  if (name.size() - last == 3 && holds(kSecondLevel, second) && start > 0) start = name.rfind('.', start - 1);
  return start == std::string_view::npos ? name : name.substr(start + 1);
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
