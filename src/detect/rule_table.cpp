#include "detect/rule_table.h"

#include <set>

#include "base/display_text.h"
#include "base/phrase_matcher.h"

namespace tocsin::detect {
namespace {

using model::Event;
using model::Severity;

std::vector<Rule> build_table() {
  return {
      // counting rules, fired by EventRules
      {"success_after_failures",
       "bruteforce",
       "Sign-in after many failures",
       "",
       Severity::kHigh,
       {},
       {},
       {},
       false,
       false},
      {"credential_stuffing",
       "credential_stuffing",
       "Credential stuffing",
       "The message speaks of {}.",
       Severity::kHigh,
       {},
       {"credential stuffing*"},
       {"no credential stuffing"},
       false,
       false},
      {"repeated_failures_user",
       "bruteforce",
       "Repeated failed sign-ins",
       "",
       Severity::kHigh,
       {},
       {},
       {},
       false,
       false},
      {"repeated_failures_ip",
       "bruteforce",
       "Repeated failed sign-ins",
       "",
       Severity::kHigh,
       {},
       {},
       {},
       false,
       false},
      {"impossible_travel",
       "impossible_travel",
       "Impossible travel",
       "The message speaks of {}.",
       Severity::kHigh,
       {"impossibletravel"},
       {"impossible travel*"},
       {"no impossible travel"},
       false,
       false},
      {"port_scan",
       "port_scan",
       "Port scan",
       "The message speaks of {}.",
       Severity::kMedium,
       {"portscan"},
       {"port scan*", "portscan*"},
       {"no port scan*"},
       false,
       false},
      // rules on one event
      {"ransomware",
       "ransomware",
       "Ransomware",
       "The message speaks of {}.",
       Severity::kCritical,
       {},
       {"ransomware*"},
       {"no ransomware", "ransomware protection", "ransomware definition*", "ransomware training"},
       false,
       false},
      {"malware",
       "malware",
       "Malware",
       "The message speaks of {}.",
       Severity::kCritical,
       {"malwaredetected"},
       {"malware*"},
       {"no malware", "malware definition*", "malware signature*", "malware scan completed",
        "malware scan finished", "malware protection", "anti malware", "malware free"},
       false,
       false},
      {"log_tampering",
       "cloud_logging_disabled",
       "Cloud audit log switched off",
       "{} stops the record of what happens.",
       Severity::kHigh,
       {"stoplogging", "deletetrail", "deleteflowlogs", "deletedetector", "disablesecurityhub"},
       {},
       {},
       false,
       true},
      {"privilege_escalation",
       "privilege_escalation",
       "Privilege escalation",
       "{} widens what an account may do.",
       Severity::kHigh,
       {"attachuserpolicy", "attachrolepolicy", "putuserpolicy", "putrolepolicy", "createpolicyversion",
        "updateassumerolepolicy", "addusertogroup", "createloginprofile", "updateloginprofile",
        "privilegeescalation", "microsoftauthorizationroleassignmentswrite", "addmembertorole",
        "setiampolicy", "4728", "4732", "4756"},
       {"privilege escalation*", "escalated privileges"},
       {"no privilege escalation"},
       false,
       true},
      {"access_key",
       "iam_key_created",
       "New cloud access key",
       "{} makes a lasting credential.",
       Severity::kMedium,
       {"createaccesskey", "createserviceaccountkey"},
       {},
       {},
       false,
       true},
      {"brute_force",
       "bruteforce",
       "Brute force",
       "The message speaks of {}.",
       Severity::kHigh,
       {},
       {"brute force*", "bruteforce*"},
       {"no brute force", "brute force protection"},
       false,
       false},
      {"public_storage",
       "s3_public",
       "Cloud storage opened to the public",
       "{} may open storage to the public.",
       Severity::kMedium,
       {"putbucketacl", "putbucketpolicy", "deletebucketpublicaccessblock", "deletepublicaccessblock",
        "putaccountpublicaccessblock"},
       {},
       {},
       false,
       true},
      {"policy_change",
       "policy_change",
       "Policy changed",
       "{} changes a policy.",
       Severity::kMedium,
       {"policychanged", "policychange", "deleteuserpolicy", "deletebucketpolicy", "putkeypolicy",
        "authorizesecuritygroupingress", "microsoftauthorizationpolicyassignmentswrite", "4719"},
       {"policy changed", "policy was changed", "policy change"},
       {"no policy change*"},
       false,
       true},
      {"failed_login",
       "failed_login",
       "Failed sign-in",
       "A sign-in failed: {}.",
       Severity::kMedium,
       {},
       {"failed login*", "login failed", "failed sign in*", "failed logon*"},
       {"no failed login*"},
       true,
       false},
      {"suspicious",
       "suspicious_activity",
       "Suspicious activity",
       "The message speaks of {} activity.",
       Severity::kMedium,
       {},
       {"suspicious"},
       {"nothing suspicious", "not suspicious", "no suspicious"},
       false,
       false},
  };
}

// Which rule a phrase of the matcher speaks for, or takes back.
struct Phrases {
  std::vector<std::string_view> texts;
  std::vector<std::pair<const Rule*, bool>> meanings;  // true: harmless
};

Phrases collect_phrases() {
  Phrases phrases;
  const auto add = [&phrases](const Rule& rule, const std::vector<std::string_view>& texts, bool harmless) {
    for (const auto text : texts) {
      phrases.texts.push_back(text);
      phrases.meanings.emplace_back(&rule, harmless);
    }
  };
  for (const auto& rule : rule_table()) {
    add(rule, rule.words, false);
    add(rule, rule.harmless, true);
  }
  return phrases;
}

const Phrases& phrases() {
  static const Phrases collected = collect_phrases();
  return collected;
}

std::set<const Rule*> rules_by_words(std::string_view message) {
  static const PhraseMatcher matcher(phrases().texts);
  std::set<const Rule*> spoken, taken_back;
  for (const auto& hit : matcher.find(message)) {
    const auto& [rule, harmless] = phrases().meanings[hit.phrase];
    (harmless ? taken_back : spoken).insert(rule);
  }
  for (const auto* rule : taken_back) spoken.erase(rule);
  return spoken;
}

bool names_type(const Rule& rule, std::string_view type) {
  return std::find(rule.event_types.begin(), rule.event_types.end(), type) != rule.event_types.end();
}

}  // namespace

const std::vector<Rule>& rule_table() {
  static const std::vector<Rule> table = build_table();
  return table;
}

const Rule& get_rule(std::string_view name) {
  const auto& table = rule_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [name](const Rule& rule) { return rule.name == name; });
  return found == table.end() ? table.back() : *found;
}

std::vector<const Rule*> match_rules(const Event& event, const EventFacts& facts) {
  const auto spoken = rules_by_words(event.message);
  std::vector<const Rule*> matched;
  for (const auto& rule : rule_table()) {
    const bool failed_sign_in = rule.on_failed_sign_in && facts.sign_in == SignIn::kFailure;
    if (failed_sign_in || names_type(rule, facts.type) || spoken.contains(&rule)) matched.push_back(&rule);
  }
  return matched;
}

std::string describe(const Rule& rule, const Event& event) {
  std::string what = display_text(event.event_type.empty() ? event.source : event.event_type, 60);
  const bool speaks = rule.reason.starts_with("The message");
  if (speaks) {
    what.assign(rule.headline);
    what[0] = static_cast<char>(what[0] | 0x20);
    if (rule.name == "suspicious") what = "suspicious";
  }
  std::string text(rule.reason);
  if (const auto hole = text.find("{}"); hole != std::string::npos) text.replace(hole, 2, what);
  if (event.user) text += " User " + display_text(*event.user, 60) + ".";
  if (event.ip) text += " Address " + display_text(*event.ip, 60) + ".";
  if (!event.message.empty()) text += " Message: “" + display_text(event.message, 160) + "”.";
  return text;
}

}  // namespace tocsin::detect
