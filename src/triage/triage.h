#pragma once
// How urgent an alert is (priority), and how likely it is to be nothing (false-positive probability): two
// questions that are kept apart. docs/scoring.md has every number.
//
//   in    an alert as enrichment left it, what is known of its rule (Prior), Options
//   out   numbers for the stored columns; the sentences behind them are made again when somebody asks
//   (explain)
//
// Pure: no clock and no I/O. Freshness is received_at − occurred_at, so a priority never drifts. Thread-safe.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/alert.h"

namespace tocsin::triage {

enum class Factor : std::uint8_t { kSeverity, kBusinessContext, kThreatIntel, kConfidence, kFreshness };
constexpr std::size_t kFactors = 5;
std::string_view to_text(Factor factor);  // severity business_context threat_intel confidence freshness

using Weights = std::array<double, kFactors>;  // by Factor
inline constexpr Weights kDefaultWeights{0.30, 0.25, 0.20, 0.15, 0.10};

struct Options {
  Weights weights = kDefaultWeights;
  int high_priority_threshold = 80;  // 0..100; a priority at or above it needs a person
  // By Severity, info first: within so many minutes a person should have looked at an incident.
  std::array<int, 5> first_response_minutes{480, 240, 60, 30, 15};

  // kInvalidInput unless each weight is 0..1 and their sum is 1 (within 1e-6), and the threshold is 0..100.
  static Result<Options> create(const Weights& weights, int high_priority_threshold);
};

// What became of earlier alerts of the same source and type (store::TenantStore::rule_history).
struct Prior {
  std::int64_t closed = 0;           // with a verdict, >= 0
  std::int64_t false_positives = 0;  // 0..closed
  std::int64_t corrections = 0;      // of priorities, by people, >= 0
  double mean_correction = 0;        // points, -100..100
};

// What people's corrections of earlier alerts of a rule add to the priority of its later ones: -20..20
// points.
int priority_shift(const Prior& prior);

struct Scored {
  int priority = 0;  // 0..100
  bool requires_review = false;
  double fp_probability = 0.5;             // 0..1; a prior, not yet calibrated
  double confidence = 0;                   // 0..1: how much is known, not how real
  std::array<double, kFactors> factors{};  // 0..1 each, by Factor
  bool operator==(const Scored&) const = default;
};

// About a hundred nanoseconds; allocates nothing.
Scored score(const model::Alert& alert, const Prior& prior, const Options& options);
// Writes a score into the alert: priority, requires_review, triage.fp_probability, triage.confidence. The
// verdict stays a person's.
void apply(const Scored& scored, model::Alert& alert);

// One sentence per factor in the order of Factor; weight is the share of the priority it gives (they sum to
// priority/100 before rounding and before the shift), evidence points into the alert. Then one sentence on
// the false-positive prior, one on how usual the alert is and one on what people called its like
// (habit.h), whose weights together are 0.5 − fp_probability; and, where people corrected priorities of the
// rule, one on that, whose weight is the shift/100.
std::vector<model::Reason> explain(const model::Alert& alert, const Prior& prior, const Options& options);

// Empty when no person must look; else why, in one sentence.
std::string review_reason(const model::Alert& alert, const Options& options);

// root, admin, administrator, system, "domain admin…"; svc-…, adm-…, admin-…; …-admin, …-adm (also with _ or
// .). Any case, behind DOMAIN\ or before @domain.
bool is_privileged_name(std::string_view account);

// "CVE-2021-44228", any case, is in the shipped list of known exploited vulnerabilities.
bool is_known_exploited(std::string_view cve);

}  // namespace tocsin::triage
