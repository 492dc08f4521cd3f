// The sentences behind a score. They are made when asked for, from the same findings that score() used.

#include "base/display_text.h"
#include "base/spaced.h"
#include "triage/factors.h"
#include "triage/habit.h"
#include "triage/triage.h"

namespace tocsin::triage {
namespace {

using model::Alert;
using model::Reason;

std::string pointer(const Alert& alert, std::string_view path) {
  return alert.id.str() + "#/" + std::string(path);
}
std::string pointer(const Alert& alert, std::string_view list, int index) {
  return pointer(alert, list) + "/" + std::to_string(index);
}

Reason on_severity(const Alert& alert) {
  return {"Severity is " + std::string(to_text(alert.severity)) + ", as " + display_text(alert.source, 40) +
              " reported it.",
          0,
          {pointer(alert, "severity")}};
}

constexpr std::array<std::string_view, 3> kTierSentences{
    "The asset is of normal importance, or its importance is not known.", "The asset is marked important.",
    "The asset is a crown jewel."};

// " as of 2026-01-04"; nothing for a fact without a date.
std::string dated(const model::Fact& fact) {
  constexpr std::size_t kDate = 10;
  return fact.as_of == Timestamp{} ? std::string() : " as of " + to_rfc3339(fact.as_of).substr(0, kDate);
}

// "asset table", "intel list feed": where a fact comes from, in words. A list keeps the name it was given.
std::string source_words(const model::Fact& fact) {
  const auto colon = std::min(fact.from.find(": "), fact.from.size());
  auto words = spaced(std::string_view(fact.from).substr(0, colon));
  if (colon < fact.from.size()) words += fact.from.substr(colon + 1);
  return display_text(words, 60);
}

// ", by asset table as of 2026-01-04"
std::string origin(const model::Fact& fact) {
  return ", by " + source_words(fact) + dated(fact);
}

constexpr std::array<std::string_view, 3> kTierWords{"of normal importance", "important", "a crown jewel"};

std::string tier_sentence(const Alert& alert, const BusinessContext& context) {
  const auto tier = static_cast<std::size_t>(context.tier);
  if (context.tier_fact < 0) return std::string(kTierSentences[tier]);
  const auto& fact = alert.facts[static_cast<std::size_t>(context.tier_fact)];
  return display_text(fact.subject, 60) + " is " + std::string(kTierWords[tier]) + origin(fact) + ".";
}

Reason on_business_context(const Alert& alert) {
  const auto context = business_context(alert);
  Reason reason{tier_sentence(alert, context), 0, {pointer(alert, "asset_tier")}};
  if (context.tier_fact >= 0) reason.evidence.push_back(pointer(alert, "facts", context.tier_fact));
  if (context.privileged_entity < 0) return reason;
  const auto& entity = alert.entities[static_cast<std::size_t>(context.privileged_entity)];
  reason.text += " The account " + display_text(entity.value, 60) + " is privileged";
  reason.evidence.push_back(pointer(alert, "entities", context.privileged_entity));
  if (context.privileged_fact < 0) {
    reason.text += " by its name.";
    return reason;
  }
  reason.text += origin(alert.facts[static_cast<std::size_t>(context.privileged_fact)]) + ".";
  reason.evidence.push_back(pointer(alert, "facts", context.privileged_fact));
  return reason;
}

constexpr std::string_view kOnCisaList = " is on CISA's list of known exploited vulnerabilities";

// What a list or a tool says of a value. "evil.example.org is on intel list feed as of 2026-01-04: Emotet
// C2."
std::string fact_sentence(const model::Fact& fact) {
  const auto value = display_text(fact.value, 80);
  const auto subject = display_text(fact.subject, 80);
  if (fact.name == "threat_actor") return "Threat actor: " + value + origin(fact) + ".";
  if (fact.name == "reputation")
    return (subject.empty() ? "The reputation is " : "The reputation of " + subject + " is ") + value +
           origin(fact) + ".";
  if (subject.empty()) return value + " is a known indicator" + origin(fact) + ".";
  if (fact.name == "known_exploited") return subject + std::string(kOnCisaList) + dated(fact) + ".";
  const bool is_unsure = fact.name == "ioc_match_low_confidence";
  return subject + " is on " + source_words(fact) + (is_unsure ? ", with low confidence," : "") +
         dated(fact) + ": " + value + ".";
}

std::string intel_sentence(const Alert& alert, const ThreatIntel& intel) {
  if (intel.fact >= 0) return fact_sentence(alert.facts[static_cast<std::size_t>(intel.fact)]);
  if (intel.finding == Intel::kKnownExploited) {
    return alert.iocs[static_cast<std::size_t>(intel.ioc)].value + std::string(kOnCisaList) + ".";
  }
  if (intel.finding == Intel::kUnjudgedIocs) {
    if (alert.iocs.size() == 1) return "1 indicator is named; whether it is malicious is not known.";
    return std::to_string(alert.iocs.size()) +
           " indicators are named; whether they are malicious is not known.";
  }
  return "Threat intelligence: not known. The alert names no indicator that could be looked up.";
}

Reason on_threat_intel(const Alert& alert) {
  const auto intel = threat_intel(alert);
  Reason reason{intel_sentence(alert, intel), 0, {}};
  if (intel.fact >= 0) reason.evidence.push_back(pointer(alert, "facts", intel.fact));
  if (intel.ioc >= 0) reason.evidence.push_back(pointer(alert, "iocs", intel.ioc));
  return reason;
}

Reason on_confidence(const Alert& alert) {
  std::string carried, missing;
  std::vector<std::string> evidence;
  const auto note = [&](bool there, std::string_view name, std::string_view path) {
    auto& list = there ? carried : missing;
    list += (list.empty() ? "" : ", ") + std::string(name);
    if (there) evidence.push_back(pointer(alert, path));
  };
  note(!alert.attack.techniques.empty(), "an ATT&CK technique", "attack/techniques");
  note(!alert.entities.empty(), "who or what is concerned", "entities");
  note(!alert.iocs.empty(), "indicators", "iocs");
  note(alert.process.command_line || alert.process.hash, "process details", "process");
  std::string text =
      carried.empty() ? "The alert carries nothing that could be checked" : "The alert carries " + carried;
  if (!missing.empty() && !carried.empty()) text += "; it lacks " + missing;
  return {text + ".", 0, std::move(evidence)};
}

Reason on_freshness(const Alert& alert) {
  const auto delay = alert.received_at - alert.occurred_at;
  const std::string text = delay.count() < 0
                               ? "It was received before it is said to have happened: a clock is ahead."
                               : "It was received " + duration_text(delay) + " after it happened.";
  return {text, 0, {pointer(alert, "occurred_at"), pointer(alert, "received_at")}};
}

Reason on_false_positives(const Alert& alert, const Prior& prior, double fp_probability) {
  std::string text = "Of " + std::to_string(prior.closed) + " earlier alerts of this rule with a verdict, " +
                     std::to_string(prior.false_positives) + " were false positives.";
  if (prior.closed <= 0) {
    text =
        "No earlier alert of this rule has a verdict, so the false-positive probability is the usual one "
        "for " +
        std::string(to_text(alert.severity)) + " alerts.";
  }
  return {text, 0.5 - fp_probability, {pointer(alert, "source"), pointer(alert, "type")}};
}

Reason on_corrections(const Alert& alert, const Prior& prior) {
  const auto shift = priority_shift(prior);
  const auto points = std::to_string(shift < 0 ? -shift : shift);
  std::string text =
      "People corrected the priority of " + std::to_string(prior.corrections) +
      (prior.corrections == 1 ? " alert" : " alerts") + " of this rule: its alerts now come in " +
      (shift == 0 ? "as before" : points + " points " + (shift < 0 ? "lower" : "higher")) + ".";
  return {std::move(text), 0.01 * shift, {pointer(alert, "source"), pointer(alert, "type")}};
}

}  // namespace

std::vector<Reason> explain(const Alert& alert, const Prior& prior, const Options& options) {
  const auto scored = score(alert, prior, options);
  std::vector<Reason> reasons{on_severity(alert), on_business_context(alert), on_threat_intel(alert),
                              on_confidence(alert), on_freshness(alert)};
  for (std::size_t i = 0; i < kFactors; ++i) reasons[i].weight = options.weights[i] * scored.factors[i];
  const auto steps = false_positive_steps(alert, prior);
  reasons.push_back(on_false_positives(alert, prior, steps.by_rule));
  for (auto& reason : habit_reasons(alert, steps)) reasons.push_back(std::move(reason));
  if (prior.corrections > 0) reasons.push_back(on_corrections(alert, prior));
  return reasons;
}

}  // namespace tocsin::triage
