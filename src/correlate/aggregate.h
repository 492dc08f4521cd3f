#pragma once
// What an incident's alerts add up to, and the numbers people see that follow from it. Pure, thread-safe.
//
// Adding alerts in any order, or adding up parts, gives the same Aggregate: that is what lets a rebuild be
// compared with the live result field by field.
//
// With S = points of the worst alert's severity (info 5, low 15, medium 35, high 60, critical 85) and
//      C = confidence, P = share of 5 kill-chain tactics seen (0..1), A = asset tier (normal 0, important .5,
//      crown jewel 1):
//
//   confidence = 1 − (1 − base)·0.75^(sources − 1, ≤ 3)·0.80^(tactics − 1, ≤ 4)·0.90^(severe alerts − 1, ≤ 5)
//                base: info .10, low .20, medium .35, high .50, critical .65; "severe": high or critical
//   risk_score = S + (100 − S)·(.40·P + .35·A + .25·C)       so the scale reaches 100, and one critical alert
//                                                            on a normal asset is 87
//   severity   = the worse of the worst alert's and the band of risk_score (>= 80 critical, >= 60 high,
//                >= 35 medium): several medium steps of one attack are not a medium incident
//   priority   = p + (100 − p)·.40·(1 − 0.75^(sources − 1, ≤ 3)·0.80^(tactics − 1, ≤ 4)), p the highest
//   alert's;
//                at least 80 when the severity is critical
//   requires_review  when priority >= the threshold, or severity is critical, or a crown jewel is touched by
//                    something at least high

#include <array>
#include <cstdint>
#include <optional>

#include "model/incident.h"
#include "model/link.h"

namespace tocsin::correlate {

using model::Seq;

struct Aggregate {
  std::int64_t first_seen = 0;  // UTC nanoseconds, of the bounded occurred_at
  std::int64_t last_seen = 0;
  std::int64_t lead_seen = 0;
  Seq lead_alert = 0;  // the most severe, then earliest, then lowest seq
  std::uint32_t alerts = 0;
  std::uint32_t severe_alerts = 0;                    // high or critical
  std::array<std::uint32_t, 4> sources{};             // the smallest source hashes seen, ascending
  std::uint8_t source_count = 0;                      // of them, at most 4
  std::uint8_t priority = 0;                          // highest
  model::Severity severity = model::Severity::kInfo;  // of the lead
  model::AssetTier asset_tier = model::AssetTier::kNormal;
  std::uint16_t tactics = 0;

  bool operator==(const Aggregate&) const = default;
};

// `seen_at`: when it happened, as far as it is believed (see bounded_time).
Aggregate aggregate_of(const model::LinkRecord& record, std::int64_t seen_at);
void combine(Aggregate& into, const Aggregate& other);

// occurred_at, but at most 5 minutes after received_at: a clock (or an adversary) that is ahead must not hold
// a window open in the future.
std::int64_t bounded_time(const model::LinkRecord& record);

struct ScoreOptions {
  int high_priority_threshold = 80;  // 0..100
  std::size_t max_alerts_per_incident = 5000;
  std::chrono::hours max_duration{24};
};

// Sets what the machine says of an incident: severity, priority, risk_score (2 decimals), confidence (4
// decimals), first_seen, last_seen, alert_count, lead_alert, tactics, requires_review, review_reason. Nothing
// else. `fixed_priority` stands in for the computed one (incidents that a person has decided on).
void describe(const Aggregate& aggregate, const ScoreOptions& options, std::optional<int> fixed_priority,
              model::Incident& incident);

// Hash of exactly what describe() sets.
std::uint64_t described_hash(const model::Incident& incident);

}  // namespace tocsin::correlate
