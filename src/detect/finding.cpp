#include "detect/finding.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/display_text.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace tocsin::detect {
namespace {

using model::Severity;
using EventPtr = std::shared_ptr<const model::Event>;

constexpr std::array<double, 5> kScores{0.25, 0.25, 0.55, 0.8, 0.95};  // info … critical
constexpr std::array<std::string_view, 5> kSeverityTitles{"Info", "Low", "Medium", "High", "Critical"};
constexpr std::array<std::array<std::string_view, 3>, 3> kActions{{
    {"Create a ticket", "Notify the on-call analyst", "Collect the logs of the hour around it"},
    {"Create an incident", "Require an MFA challenge", "Block the source address"},
    {"Isolate the workload", "Rotate its keys and credentials", "Run the malware containment playbook"},
}};
constexpr std::size_t kShownEvidence = 4;  // values in a sentence
constexpr std::size_t kKeptEvidence = 32;
constexpr std::size_t kMaxValue = 2'000;  // bytes of one

std::size_t place(Severity severity) {
  return static_cast<std::size_t>(severity);
}

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

Severity severity_of(sigma::Level level) {
  static_assert(static_cast<int>(sigma::Level::kCritical) == static_cast<int>(Severity::kCritical));
  return static_cast<Severity>(level);
}

// An event may be as large as a body, and every rule that matches it keeps values of it.
std::vector<sigma::Evidence> bounded(std::vector<sigma::Evidence> evidence) {
  if (evidence.size() > kKeptEvidence) evidence.resize(kKeptEvidence);
  for (auto& one : evidence) one.value = std::string(utf8_prefix(one.value, kMaxValue));
  return evidence;
}

std::string sentence_of(std::string_view description, const std::vector<sigma::Evidence>& evidence) {
  std::string text = display_text(description, 400);
  if (!text.empty() && !text.ends_with('.')) text += '.';
  std::size_t shown = 0;
  for (const auto& one : evidence) {
    if (one.value.empty() || shown == kShownEvidence) continue;
    text += shown++ == 0 ? (text.empty() ? "Seen: " : " Seen: ") : ", ";
    if (!one.field.empty()) text += display_text(one.field, 60) + " ";
    text += "“" + display_text(one.value, 160) + "”";
  }
  return shown > 0 ? text + "." : text;
}

}  // namespace

std::string type_of_title(std::string_view title) {
  std::string type;
  for (const char c : title.substr(0, 80)) {
    if (is_alnum(c)) {
      type += lower(c);
    } else if (!type.empty() && type.back() != '_') {
      type += '_';
    }
  }
  while (type.ends_with('_')) type.pop_back();
  return type.empty() ? "sigma_rule" : type;
}

namespace {

// What follows from the severity and the event.
void complete(Finding& finding) {
  const auto seq = std::to_string(finding.event->seq);
  finding.id = to_hex(hash64("finding/" + seq + "/" + finding.rule)).substr(0, 8);
  finding.title = std::string(kSeverityTitles[place(finding.severity)]) + " risk from " +
                  display_text(upper(finding.event->source), 40);
  finding.score = kScores[place(finding.severity)];
  finding.suggested_actions = kActions[finding.severity >= Severity::kCritical ? 2
                                       : finding.severity == Severity::kHigh   ? 1
                                                                               : 0];
}

// `Definition`: a rule or a correlation.
template <class Definition>
Finding start_finding(const Definition& rule, sigma::Level level, const EventPtr& event) {
  Finding finding;
  finding.rule = rule.id.empty() ? rule.title : rule.id;
  finding.type = type_of_title(rule.title);
  finding.headline = display_text(rule.title, 200);
  finding.severity = severity_of(level);
  finding.event_seqs = {event->seq};
  finding.event = event;
  finding.notice = {rule.author, rule.license, rule.tags, rule.references, rule.false_positives};
  complete(finding);
  return finding;
}

}  // namespace

Finding finding_of(const sigma::Rule& rule, sigma::Level level, const EventPtr& event,
                   std::vector<sigma::Evidence> evidence) {
  auto finding = start_finding(rule, level, event);
  finding.reason = sentence_of(rule.description, evidence);
  finding.evidence = bounded(std::move(evidence));
  return finding;
}

Finding finding_of(const sigma::Correlation& rule, sigma::Level level, const EventPtr& event,
                   CorrelationEvidence evidence) {
  auto finding = start_finding(rule, level, event);
  finding.reason = sentence_of(rule.description, evidence.group);
  finding.reason += " Counted " + evidence.value + " from " + to_rfc3339(evidence.first) + " to " +
                    to_rfc3339(evidence.last) + ".";
  finding.event_seqs = std::move(evidence.events);
  std::erase(finding.event_seqs, event->seq);
  finding.event_seqs.push_back(event->seq);
  finding.evidence = bounded(std::move(evidence.group));
  return finding;
}

}  // namespace tocsin::detect
