#pragma once
// Which rules make noise, what it costs, and what could be done about it. docs/noise.md tells it to people.
//
// Proposals rest on what people said, need a least of evidence, and were tried on the alerts at hand before
// they are offered: one that would have hidden an alert that somebody called real is not. Nothing here
// changes anything. Pure.

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/interval.h"
#include "model/alert.h"

namespace tocsin::triage {

// A rule of ours by its id; an alert of another tool has none and is known by source and type.
struct NoiseKey {
  std::string rule;
  std::string source;
  std::string type;
  auto operator<=>(const NoiseKey&) const = default;
};

struct WordOnAlert {
  model::Verdict verdict = model::Verdict::kFalsePositive;  // not kUndecided
  std::string actor;                                        // empty: not known any more
  double word = 1;                                          // how much it counts, 0..1
  Timestamp at{};
};

struct NoisyAlert {
  NoiseKey key;
  Timestamp received_at{};
  std::int64_t occurrences = 1;
  model::Severity severity = model::Severity::kMedium;
  model::AssetTier tier = model::AssetTier::kNormal;
  std::vector<model::Entity> entities;
  std::uint64_t asset = 0;  // the key of what it happened on (model/link.h); 0: not known
  std::optional<WordOnAlert> said;
};

// High and critical alerts on crown jewels stay in sight whatever is set.
constexpr bool is_never_hidden(model::Severity severity, model::AssetTier tier) {
  return tier == model::AssetTier::kCrownJewel && severity >= model::Severity::kHigh;
}

struct NoiseCount {
  std::int64_t alerts = 0;
  std::int64_t occurrences = 0;
  std::int64_t real = 0;  // true positives
  std::int64_t benign_positive = 0;
  std::int64_t false_positive = 0;
  double minutes = 0;  // that people spent on them (minutes.h)

  std::int64_t decided() const { return real + benign_positive + false_positive; }
};

struct RuleNoise {
  NoiseKey key;
  NoiseCount count;
  Interval false_positive_share;  // of the decided, 95 %
};

enum class ProposalKind : std::uint8_t { kException, kThreshold, kAggregation };
std::string_view to_text(ProposalKind kind);  // exception threshold aggregation

struct NoiseProposal {
  ProposalKind kind = ProposalKind::kException;
  NoiseKey key;
  model::EntityKind entity = model::EntityKind::kHost;  // exception: not for alerts with this value
  std::string value;
  std::int64_t at_least = 0;            // threshold: only when so many come on one asset …
  std::chrono::minutes window{0};       // … within that time. Aggregation: the time that one item covers
  NoiseCount hidden;                    // of the alerts at hand; real is 0 in what is offered
  std::int64_t guarded = 0;             // that it speaks of and that stay in sight (is_never_hidden)
  std::int64_t people = 0;              // whose words these are
  std::int64_t of_false_positives = 0;  // that the rule has
  std::int64_t of_real = 0;             // none of which is hidden by what is offered
  double real_share_at_most = 1;  // of what it hides, with 95 % confidence, if the words are independent
  std::int64_t delayed = 0;       // threshold: real ones that would have come into sight later,
  std::chrono::minutes longest_delay{0};  // by at most so much
};

struct NoiseNeeds {
  std::int64_t false_positives = 10;    // that the proposal would have hidden
  double words = 5;                     // what those words weigh together
  std::int64_t acts = 3;                // at different times (minutes.h): one bulk closing is one word
  double share = 0.5;                   // of the rule's false positives
  std::int64_t real_for_threshold = 3;  // without real ones nothing says that they come in numbers
};

struct NoiseReport {
  std::vector<RuleNoise> rules;          // most minutes first, then false positives; at most kNoisyRules
  std::vector<NoiseProposal> proposals;  // most minutes first, then false positives; at most kProposals
  std::int64_t rules_seen = 0;
};
constexpr std::size_t kNoisyRules = 100;
constexpr std::size_t kProposals = 50;
constexpr std::size_t kLongestValue = 500;   // bytes; a longer one is not proposed
constexpr std::size_t kProposalsOfRule = 3;  // exceptions; beside them one threshold and one aggregation

// What hiding those of the alerts would have hidden, real ones among them: for people's own ideas. Of the
// proposal only the kind, the key and the parameters say nothing.
NoiseProposal replay_hiding(const std::vector<NoisyAlert>& alerts, const std::vector<bool>& hides);

NoiseReport look_for_noise(const std::vector<NoisyAlert>& alerts, const NoiseNeeds& needs = {});

}  // namespace tocsin::triage
