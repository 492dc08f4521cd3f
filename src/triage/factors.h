#pragma once
// The five factors behind a priority: each a value and which rule gave it, so that score() stays cheap and
// explain() can put the same finding into words.

#include <cstdint>
#include <string>

#include "triage/triage.h"

namespace tocsin::triage {

// Indexes are -1 when there is none.
struct BusinessContext {
  double value = 0;
  model::AssetTier tier = model::AssetTier::kNormal;  // the highest of the alert's and its users'
  int tier_fact = -1;                                 // index into Alert::facts that gave it
  int privileged_entity = -1;                         // index into Alert::entities
  int privileged_fact = -1;                           // the fact that says so; else it is the name
};
BusinessContext business_context(const model::Alert& alert);

enum class Intel : std::uint8_t {
  kNotKnown,
  kClean,
  kUnjudgedIocs,
  kSuspicious,
  kKnownExploited,
  kMalicious
};
struct ThreatIntel {
  Intel finding = Intel::kNotKnown;
  int fact = -1;  // index into Alert::facts that said so
  int ioc = -1;   // index into Alert::iocs
};
ThreatIntel threat_intel(const model::Alert& alert);
double value_of(Intel finding);

// How much of what makes a detection checkable the alert carries: 0..1.
double evidence_richness(const model::Alert& alert);
double false_positive_prior(model::Severity severity, const Prior& prior);
double detection_confidence(const model::Alert& alert, double fp_probability);
double knowledge(const model::Alert& alert, const Prior& prior);
double freshness(std::chrono::nanoseconds delay);
double severity_value(model::Severity severity);

// "3 h", "2 min", "45 s", "5 days"
std::string duration_text(std::chrono::nanoseconds duration);

}  // namespace tocsin::triage
