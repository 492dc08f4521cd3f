#include "triage/factors.h"

#include "base/ascii.h"
#include "base/embedded.h"
#include "triage/habit.h"

TOCSIN_EMBEDDED(known_exploited)

namespace tocsin::triage {
namespace {

using model::Alert;
using std::chrono::hours;
using std::chrono::minutes;

bool starts(std::string_view text, std::string_view head) {
  return text.size() > head.size() && equal_ignoring_case(text.substr(0, head.size()), head);
}
bool ends(std::string_view text, std::string_view tail) {
  return text.size() > tail.size() && equal_ignoring_case(text.substr(text.size() - tail.size()), tail);
}

constexpr std::array<std::string_view, 7> kPrivilegedNames{
    "root", "admin", "administrator", "system", "domain admin", "domain admins", "sa"};
constexpr std::array<std::string_view, 3> kPrivilegedHeads{"svc", "adm", "admin"};
constexpr std::array<std::string_view, 2> kPrivilegedTails{"admin", "adm"};

bool is_separator(char c) {
  return c == '-' || c == '_' || c == '.';
}

bool has_privileged_affix(std::string_view name) {
  for (const auto head : kPrivilegedHeads) {
    if (starts(name, head) && is_separator(name[head.size()])) return true;
  }
  for (const auto tail : kPrivilegedTails) {
    if (ends(name, tail) && is_separator(name[name.size() - tail.size() - 1])) return true;
  }
  return false;
}

constexpr std::array<double, 5> kSeverityValues{0.05, 0.25, 0.5, 0.8, 1.0};  // info … critical
constexpr std::array<double, 3> kTierValues{0.4, 0.7, 1.0};                  // normal, important, crown jewel
constexpr double kPrivilegedBonus = 0.2;
constexpr std::array<double, 6> kIntelValues{0.3, 0.1, 0.45, 0.8, 0.9, 1.0};         // by Intel
constexpr std::array<double, 5> kFalsePositivePriors{0.75, 0.60, 0.45, 0.25, 0.10};  // info … critical
// Closings that weigh as much as the prior: one closing hardly moves it, ten outweigh it.
constexpr double kPriorStrength = 8;
constexpr double kClosingsPerWord = 4;  // a word on its like says more than a closing of its rule

struct FreshnessStep {
  hours at_most;
  double value;
};
constexpr std::array<FreshnessStep, 4> kFreshnessSteps{
    {{hours(1), 0.8}, {hours(6), 0.6}, {hours(24), 0.4}, {hours(24 * 7), 0.2}}};
constexpr double kFreshnessOfOld = 0.05;

Intel finding_of(const model::Fact& fact) {
  if (fact.name == "known_exploited")
    return equal_ignoring_case(fact.value, "true") ? Intel::kKnownExploited : Intel::kNotKnown;
  if (fact.name == "threat_actor" || fact.name == "ioc_match") return Intel::kMalicious;
  if (fact.name == "ioc_match_low_confidence") return Intel::kSuspicious;
  if (fact.name != "reputation") return Intel::kNotKnown;
  if (equal_ignoring_case(fact.value, "malicious")) return Intel::kMalicious;
  if (equal_ignoring_case(fact.value, "suspicious")) return Intel::kSuspicious;
  return equal_ignoring_case(fact.value, "clean") ? Intel::kClean : Intel::kNotKnown;
}

// Assets raise asset_tier itself (enrich.h); what they are told by is looked up for the sentence.
void find_tier(const Alert& alert, BusinessContext& context) {
  context.tier = alert.asset_tier;
  for (std::size_t i = 0; i < alert.facts.size(); ++i) {
    const auto& fact = alert.facts[i];
    const bool of_user = fact.name == "user_tier";
    if (!of_user && fact.name != "asset_tier") continue;
    const auto tier = model::parse_asset_tier(fact.value);
    if (!tier || *tier < context.tier || (*tier == context.tier && context.tier_fact >= 0)) continue;
    context.tier = *tier;
    context.tier_fact = static_cast<int>(i);
  }
}

// Index of the fact that says whether the account is privileged, or -1.
int privilege_fact(const Alert& alert, std::string_view account) {
  for (std::size_t i = 0; i < alert.facts.size(); ++i) {
    if (alert.facts[i].name == "privileged" && alert.facts[i].subject == account) return static_cast<int>(i);
  }
  return -1;
}

// What the user table says goes before what the name suggests.
void find_privileged(const Alert& alert, BusinessContext& context) {
  for (std::size_t i = 0; i < alert.entities.size(); ++i) {
    const auto& entity = alert.entities[i];
    const bool account =
        entity.kind == model::EntityKind::kUser || entity.kind == model::EntityKind::kAccount;
    const int fact =
        account || entity.kind == model::EntityKind::kEmail ? privilege_fact(alert, entity.value) : -1;
    const bool privileged = fact >= 0 ? alert.facts[static_cast<std::size_t>(fact)].value == "true"
                                      : account && is_privileged_name(entity.value);
    if (!privileged) continue;
    context.privileged_entity = static_cast<int>(i);
    context.privileged_fact = fact;
    return;
  }
}

double share(double part, double strength) {
  return part / (part + strength);
}

}  // namespace

bool is_privileged_name(std::string_view account) {
  if (const auto slash = account.rfind('\\'); slash != std::string_view::npos)
    account.remove_prefix(slash + 1);
  account = account.substr(0, account.find('@'));
  const bool listed =
      std::any_of(kPrivilegedNames.begin(), kPrivilegedNames.end(),
                  [account](std::string_view name) { return equal_ignoring_case(account, name); });
  return listed || has_privileged_affix(account);
}

bool is_known_exploited(std::string_view cve) {
  std::array<char, 24> upper{};
  if (cve.size() < 9 || cve.size() > upper.size()) return false;
  std::transform(cve.begin(), cve.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  static const auto ids = [] {
    std::vector<std::string_view> list;
    auto text = embedded_known_exploited();
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      list.push_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    return list;  // the file is sorted bytewise
  }();
  return std::binary_search(ids.begin(), ids.end(), std::string_view(upper.data(), cve.size()));
}

BusinessContext business_context(const Alert& alert) {
  BusinessContext context;
  find_tier(alert, context);
  find_privileged(alert, context);
  context.value = kTierValues[static_cast<std::size_t>(context.tier)];
  if (context.privileged_entity >= 0) context.value = std::min(1.0, context.value + kPrivilegedBonus);
  return context;
}

ThreatIntel threat_intel(const Alert& alert) {
  ThreatIntel best;
  const auto consider = [&best](Intel finding, int fact, int ioc) {
    if (finding > best.finding) best = {finding, fact, ioc};
  };
  for (std::size_t i = 0; i < alert.facts.size(); ++i)
    consider(finding_of(alert.facts[i]), static_cast<int>(i), -1);
  for (std::size_t i = 0; i < alert.iocs.size(); ++i) {
    const auto& ioc = alert.iocs[i];
    const bool exploited = ioc.kind == model::IocKind::kCve && is_known_exploited(ioc.value);
    consider(exploited ? Intel::kKnownExploited : Intel::kUnjudgedIocs, -1, static_cast<int>(i));
  }
  return best;
}

double value_of(Intel finding) {
  return kIntelValues[static_cast<std::size_t>(finding)];
}

double evidence_richness(const Alert& alert) {
  double richness = 0.2;
  if (!alert.attack.techniques.empty()) richness += 0.25;
  if (!alert.entities.empty()) richness += 0.15;
  if (alert.entities.size() >= 2) richness += 0.1;
  if (!alert.iocs.empty()) richness += 0.15;
  if (alert.process.command_line || alert.process.hash) richness += 0.15;
  return std::min(1.0, richness);
}

double false_positive_prior(model::Severity severity, const Prior& prior) {
  const auto closed = static_cast<double>(std::max<std::int64_t>(prior.closed, 0));
  const auto wrong = std::clamp(static_cast<double>(prior.false_positives), 0.0, closed);
  const auto expected = kFalsePositivePriors[static_cast<std::size_t>(severity)];
  return (wrong + kPriorStrength * expected) / (closed + kPriorStrength);
}

double detection_confidence(const Alert& alert, double fp_probability) {
  return 0.5 * evidence_richness(alert) + 0.5 * (1.0 - fp_probability);
}

double knowledge(const Alert& alert, const Prior& prior) {
  return 0.1 + 0.3 * evidence_richness(alert) +
         0.6 * share(static_cast<double>(std::max<std::int64_t>(prior.closed, 0)) +
                         kClosingsPerWord * votes_of(alert),
                     kPriorStrength);
}

double freshness(std::chrono::nanoseconds delay) {
  if (delay <= minutes(15)) return 1.0;
  for (const auto& step : kFreshnessSteps) {
    if (delay <= step.at_most) return step.value;
  }
  return kFreshnessOfOld;
}

double severity_value(model::Severity severity) {
  return kSeverityValues[static_cast<std::size_t>(severity)];
}

std::string duration_text(std::chrono::nanoseconds duration) {
  using std::chrono::duration_cast;
  const auto seconds = duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return std::to_string(seconds) + " s";
  if (seconds < 90 * 60) return std::to_string((seconds + 30) / 60) + " min";
  if (seconds < 48 * 3600) return std::to_string((seconds + 1800) / 3600) + " h";
  return std::to_string((seconds + 43200) / 86400) + " days";
}

}  // namespace tocsin::triage
