#include "ingest/mail/route.h"

#include <algorithm>
#include <array>

#include "ingest/ip.h"
#include "ingest/text.h"

namespace tocsin::ingest::mail {
namespace {

constexpr auto kOriginHeaders =
    std::to_array<std::string_view>({"x-originating-ip", "x-sender-ip", "x-originating-client-ip",
                                     "x-source-ip", "x-ms-exchange-organization-originalclientipaddress"});

// The word after `name` where it stands as "name=word" at the start of a result.
std::string method_result(std::string_view text, std::string_view name) {
  const auto key = std::string(name) + '=';
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool starts = at == 0 || is_blank(text[at - 1]) || text[at - 1] == ';';
    if (!starts) continue;
    const auto rest = text.substr(at + key.size());
    return std::string(rest.substr(0, rest.find_first_of(" \t;(")));
  }
  return {};
}

void read_results(std::string_view value, Authentication& to) {
  const auto text = to_lower(value);
  const auto keep = [&](std::string& field, std::string_view name) {
    auto result = method_result(text, name);
    if (field.empty() || (name == "dkim" && result == "pass"))
      field = result.empty() ? field : std::move(result);
  };
  keep(to.spf, "spf");
  keep(to.dkim, "dkim");
  keep(to.dmarc, "dmarc");
  keep(to.compauth, "compauth");
}

void add_once(std::vector<std::string>& list, std::string_view text) {
  const auto prefix = text.substr(0, 5);
  if (equal_ignoring_case(prefix, "ipv6:")) text.remove_prefix(5);
  const auto address = parse_ip(text);
  if (!address) return;
  auto spelled = to_string(*address);
  if (std::find(list.begin(), list.end(), spelled) == list.end()) list.push_back(std::move(spelled));
}

// Every address in the text, in order.
void add_all(std::vector<std::string>& list, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t()[];,=", at), text.size());
    if (end > at) add_once(list, text.substr(at, end - at));
    at = end + 1;
  }
}

// "from … by …": who handed it over.
std::string_view from_clause(std::string_view received) {
  const auto start = received.find("from ");
  if (start == std::string_view::npos) return {};
  return received.substr(start, std::min(received.find(" by ", start), received.size()) - start);
}

void add_after(std::vector<std::string>& list, std::string_view value, std::string_view label) {
  const auto at = value.find(label);
  if (at == std::string_view::npos) return;
  const auto rest = value.substr(at + label.size());
  add_once(list, rest.substr(0, rest.find_first_of(" \t;)]")));
}

struct Category {
  std::string_view name;
  Verdict verdict;
};
// https://learn.microsoft.com/defender-office-365/message-headers-eop-mdo, field CAT.
constexpr auto kCategories = std::to_array<Category>({{"PHSH", Verdict::kPhishing},
                                                      {"HPHSH", Verdict::kPhishing},
                                                      {"HPHISH", Verdict::kPhishing},
                                                      {"SPOOF", Verdict::kPhishing},
                                                      {"UIMP", Verdict::kPhishing},
                                                      {"DIMP", Verdict::kPhishing},
                                                      {"GIMP", Verdict::kPhishing},
                                                      {"BIMP", Verdict::kPhishing},
                                                      {"MALW", Verdict::kMalware},
                                                      {"AMP", Verdict::kMalware},
                                                      {"SPM", Verdict::kSpam},
                                                      {"HSPM", Verdict::kSpam},
                                                      {"OSPM", Verdict::kSpam},
                                                      {"BULK", Verdict::kSpam}});

Verdict microsoft_verdict(std::string_view report) {
  const auto at = report.find("CAT:");
  if (at == std::string_view::npos) return Verdict::kNone;
  const auto name = report.substr(at + 4, report.find(';', at) - at - 4);
  const auto found = std::find_if(kCategories.begin(), kCategories.end(),
                                  [&](const Category& category) { return category.name == name; });
  return found == kCategories.end() ? Verdict::kNone : found->verdict;
}

// Microsoft's spam confidence level: 5 and above is spam.
bool is_spam_level(std::string_view level) {
  level = trim(level);
  return level.size() == 1 && level[0] >= '5' && level[0] <= '9';
}

bool says_yes(std::string_view value) {
  return equal_ignoring_case(trim(value).substr(0, 3), "yes") || equal_ignoring_case(trim(value), "true");
}

}  // namespace

Authentication read_authentication(const Headers& headers) {
  Authentication result;
  headers.each("authentication-results", [&](std::string_view value) { read_results(value, result); });
  if (result.spf.empty()) {
    auto word = trim(headers.get("received-spf"));
    result.spf = to_lower(word.substr(0, word.find_first_of(" \t(;")));
  }
  headers.each("arc-authentication-results", [&](std::string_view value) { read_results(value, result); });
  return result;
}

std::vector<std::string> sending_addresses(const Headers& headers) {
  std::vector<std::string> list;
  headers.each("authentication-results", [&](std::string_view value) {
    add_after(list, value, "sender IP is ");
    add_after(list, value, "smtp.remote-ip=");
    add_after(list, value, "policy.iprev=");
  });
  add_after(list, headers.get("received-spf"), "client-ip=");
  for (const auto name : kOriginHeaders) add_all(list, headers.get(name));
  std::string_view first;
  headers.each("received", [&](std::string_view value) {
    const auto clause = from_clause(value);
    if (!clause.empty()) first = clause;
  });
  add_all(list, first);
  return list;
}

Verdict read_verdict(const Headers& headers) {
  const auto verdict = microsoft_verdict(headers.get("x-forefront-antispam-report"));
  if (verdict != Verdict::kNone) return verdict;
  const auto action = headers.get("x-pm-spam-action");
  if (action == "phishing") return Verdict::kPhishing;
  const bool spam = action == "spam" || says_yes(headers.get("x-spam")) ||
                    says_yes(headers.get("x-spam-flag")) || says_yes(headers.get("x-spam-status")) ||
                    is_spam_level(headers.get("x-ms-exchange-organization-scl"));
  return spam ? Verdict::kSpam : Verdict::kNone;
}

}  // namespace tocsin::ingest::mail
