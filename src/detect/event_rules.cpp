#include "detect/event_rules.h"

#include "base/display_text.h"
#include "base/hash.h"
#include "base/phrase_matcher.h"
#include "detect/event_facts.h"
#include "detect/keyed_window.h"
#include "detect/rule_table.h"

namespace tocsin::detect {
namespace {

using model::Event;
using model::Severity;

std::uint64_t key_of(std::string_view text) {
  return hash64(text);
}

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

constexpr std::array<double, 5> kScores{0.25, 0.25, 0.55, 0.8, 0.95};  // info … critical
constexpr std::array<std::string_view, 5> kSeverityTitles{"Info", "Low", "Medium", "High", "Critical"};
constexpr std::array<std::array<std::string_view, 3>, 3> kActions{{
    {"Create a ticket", "Notify the on-call analyst", "Collect the logs of the hour around it"},
    {"Create an incident", "Require an MFA challenge", "Block the source address"},
    {"Isolate the workload", "Rotate its keys and credentials", "Run the malware containment playbook"},
}};

std::size_t place(Severity severity) {
  return static_cast<std::size_t>(severity);
}

// A rule that fired, before it is put into words.
struct Fired {
  const Rule* rule = nullptr;
  std::string reason;
  std::vector<model::Seq> seqs;  // without the event's own
};

Finding to_finding(const Event& event, const Fired& fired, Severity severity) {
  Finding finding;
  finding.id = to_hex(hash64("finding/" + std::to_string(event.seq))).substr(0, 8);
  finding.rule = fired.rule->name;
  finding.type = fired.rule->type;
  finding.headline = fired.rule->headline;
  finding.actor_is_user = fired.rule->actor_is_user;
  finding.reason = fired.reason;
  finding.severity = severity;
  finding.title =
      std::string(kSeverityTitles[place(severity)]) + " risk from " + display_text(upper(event.source), 40);
  finding.score = kScores[place(severity)];
  finding.event_seqs = fired.seqs;
  std::erase(finding.event_seqs, event.seq);
  finding.event_seqs.push_back(event.seq);
  finding.event = event;
  finding.suggested_actions = kActions[severity >= Severity::kCritical ? 2
                                       : severity == Severity::kHigh   ? 1
                                                                       : 0];
  return finding;
}

// At the threshold and then at each doubling, so that a long attack is told again but not with every event.
bool reaches(std::size_t count, std::size_t threshold) {
  while (threshold < count) threshold *= 2;
  return count == threshold;
}

}  // namespace

struct EventRules::State {
  explicit State(const EventRuleOptions& given)
      : options(given),
        failures_by_user(given.window, given.max_keys),
        failures_by_ip(given.window, given.max_keys),
        users_by_ip(given.window, given.max_keys),
        resources_by_ip(given.window, given.max_keys),
        findings_by_ip(given.window, given.max_keys),
        countries_by_user(given.travel, given.max_keys) {}

  std::optional<Finding> apply(const Event& event);

 private:
  void on_failure(const Event& event, std::vector<Fired>& fired);
  void on_success(const Event& event, const EventFacts& facts, std::vector<Fired>& fired);
  void on_refusal(const Event& event, std::vector<Fired>& fired);
  // Adds to `window` and fires when the number of observations, or of different values, reaches the
  // threshold.
  void count(KeyedWindow& window, const Event& event, std::string_view key, std::string_view value,
             bool distinct, std::size_t threshold, std::string_view rule, std::string_view what,
             std::vector<Fired>& fired);
  Severity raised(const Event& event, Severity severity, std::string& reason);

  EventRuleOptions options;
  KeyedWindow failures_by_user, failures_by_ip, users_by_ip, resources_by_ip, findings_by_ip,
      countries_by_user;
};

void EventRules::State::count(KeyedWindow& window, const Event& event, std::string_view key,
                              std::string_view value, bool distinct, std::size_t threshold,
                              std::string_view rule, std::string_view what, std::vector<Fired>& fired) {
  const auto known = distinct_values(window.peek(key_of(key)));
  const auto& seen = window.observe(key_of(key), {event.occurred_at, event.seq, key_of(value)});
  const auto number = distinct ? distinct_values(seen) : seen.size();
  if (!reaches(number, threshold) || (distinct && number == known)) return;
  fired.push_back({&get_rule(rule),
                   std::to_string(number) + " " + std::string(what) + " " + display_text(key, 60) +
                       " within " + std::to_string(options.window.count()) + " minutes.",
                   seqs_of(seen)});
}

void EventRules::State::on_failure(const Event& event, std::vector<Fired>& fired) {
  const auto user = event.user.value_or("");
  if (!user.empty()) {
    count(failures_by_user, event, user, "", false, options.failures_per_user, "repeated_failures_user",
          "failed sign-ins for user", fired);
  }
  if (!event.ip) return;
  count(failures_by_ip, event, *event.ip, user, false, options.failures_per_ip, "repeated_failures_ip",
        "failed sign-ins from", fired);
  if (user.empty()) return;
  count(users_by_ip, event, *event.ip, user, true, options.users_per_ip, "credential_stuffing",
        "different users failed to sign in from", fired);
}

void EventRules::State::on_success(const Event& event, const EventFacts& facts, std::vector<Fired>& fired) {
  if (!event.user || event.user->empty()) return;
  const auto key = key_of(*event.user);
  const auto failures = failures_by_user.peek(key);
  const auto recent = std::count_if(failures.begin(), failures.end(), [&](const Observation& one) {
    return one.at <= event.occurred_at && event.occurred_at - one.at <= options.window;
  });
  if (static_cast<std::size_t>(recent) >= options.failures_per_user) {
    fired.push_back({&get_rule("success_after_failures"),
                     "A sign-in succeeded after " + std::to_string(recent) + " failures for user " +
                         display_text(*event.user, 60) + ".",
                     seqs_of(failures)});
    failures_by_user.forget(key);
  }
  if (facts.country.empty()) return;
  const auto before = countries_by_user.peek(key);
  const auto country = key_of(facts.country);
  const auto elsewhere = std::find_if(before.rbegin(), before.rend(), [&](const Observation& one) {
    const auto apart = event.occurred_at - one.at;
    return one.value != country && (apart.count() < 0 ? -apart : apart) <= options.travel;
  });
  if (elsewhere != before.rend()) {
    fired.push_back({&get_rule("impossible_travel"),
                     display_text(*event.user, 60) + " signed in from " + display_text(facts.country, 40) +
                         " and from another country within " + std::to_string(options.travel.count()) +
                         " minutes.",
                     {elsewhere->seq}});
    countries_by_user.forget(key);
  }
  countries_by_user.observe(key, {event.occurred_at, event.seq, country});
}

void EventRules::State::on_refusal(const Event& event, std::vector<Fired>& fired) {
  if (!event.ip || !event.resource) return;
  count(resources_by_ip, event, *event.ip, *event.resource, true, options.resources_per_ip, "port_scan",
        "different targets refused connections from", fired);
}

// Many findings from one address weigh more than each alone.
Severity EventRules::State::raised(const Event& event, Severity severity, std::string& reason) {
  if (!event.ip) return severity;
  const auto& seen = findings_by_ip.observe(key_of(*event.ip), {event.occurred_at, event.seq, 0});
  if (severity >= Severity::kHigh || seen.size() < options.findings_per_ip) return severity;
  reason += " It is one of " + std::to_string(seen.size()) + " findings from " + display_text(*event.ip, 60) +
            " within " + std::to_string(options.window.count()) + " minutes.";
  return Severity::kHigh;
}

std::optional<Finding> EventRules::State::apply(const Event& event) {
  const auto facts = read_facts(event);
  std::vector<Fired> fired;
  if (facts.sign_in == SignIn::kFailure) on_failure(event, fired);
  if (facts.sign_in == SignIn::kSuccess) on_success(event, facts, fired);
  if (facts.refused) on_refusal(event, fired);
  for (const auto* rule : match_rules(event, facts)) fired.push_back({rule, describe(*rule, event), {}});
  if (fired.empty()) return std::nullopt;
  auto best = std::max_element(fired.begin(), fired.end(), [](const Fired& a, const Fired& b) {
    return a.rule->severity < b.rule->severity;  // the first of equals wins
  });
  const auto severity = raised(event, best->rule->severity, best->reason);
  return to_finding(event, *best, severity);
}

Result<EventRules> EventRules::create(const EventRuleOptions& options) {
  const bool counts = options.failures_per_user >= 2 && options.failures_per_ip >= 2 &&
                      options.users_per_ip >= 2 && options.resources_per_ip >= 2 &&
                      options.findings_per_ip >= 2 && options.max_keys >= 1;
  if (!counts || options.window.count() <= 0 || options.travel.count() <= 0) {
    return error(ErrorKind::kInvalidInput, "set up event rules", "a window or threshold is out of range",
                 "windows are above 0 minutes, thresholds 2 or more, max_keys 1 or more");
  }
  return EventRules(std::make_unique<State>(options));
}

EventRules::EventRules(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventRules::EventRules(EventRules&&) noexcept = default;
EventRules& EventRules::operator=(EventRules&&) noexcept = default;
EventRules::~EventRules() = default;

std::vector<Finding> EventRules::apply(std::span<const Event> events) {
  std::vector<Finding> findings;
  for (const auto& event : events) {
    if (auto finding = state_->apply(event)) findings.push_back(*std::move(finding));
  }
  return findings;
}

void EventRules::warm_up(std::span<const Event> events) {
  for (const auto& event : events) static_cast<void>(state_->apply(event));
}

}  // namespace tocsin::detect
