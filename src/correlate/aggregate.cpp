#include "correlate/aggregate.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "base/hash.h"
#include "model/suppressed.h"

namespace tocsin::correlate {
namespace {

using model::AssetTier;
using model::Severity;

constexpr std::array<double, 5> kSeverityPoints = {5, 15, 35, 60, 85};
constexpr std::array<double, 5> kBaseConfidence = {.10, .20, .35, .50, .65};
constexpr std::array<double, 3> kTierShare = {0, .5, 1};
constexpr double kTacticsOfFullProgress = 5;

template <class Enum>
std::size_t index_of(Enum value) {
  return static_cast<std::size_t>(value);
}

// Saturating: (count − 1) of at most `most`, never negative.
int beyond_first(std::uint32_t count, int most) {
  return std::clamp(static_cast<int>(std::min<std::uint32_t>(count, 1000)) - 1, 0, most);
}

int tactic_count(const Aggregate& a) {
  return std::popcount(a.tactics);
}

double agreement(const Aggregate& a) {
  return std::pow(.75, beyond_first(a.source_count, 3)) *
         std::pow(.80, beyond_first(static_cast<std::uint32_t>(tactic_count(a)), 4));
}

double confidence_of(const Aggregate& a) {
  const auto doubt = (1 - kBaseConfidence[index_of(a.severity)]) * agreement(a) *
                     std::pow(.90, beyond_first(a.severe_alerts, 5));
  return 1 - doubt;
}

double risk_of(const Aggregate& a) {
  const auto points = kSeverityPoints[index_of(a.severity)];
  const auto progress = std::min(1.0, tactic_count(a) / kTacticsOfFullProgress);
  return points + (100 - points) *
                      (.40 * progress + .35 * kTierShare[index_of(a.asset_tier)] + .25 * confidence_of(a));
}

Severity band_of(double risk) {
  if (risk >= 80) return Severity::kCritical;
  if (risk >= 60) return Severity::kHigh;
  if (risk >= 35) return Severity::kMedium;
  return Severity::kLow;
}

// A band lifts what several alerts add up to; a lone alert keeps the severity its tool gave it.
Severity severity_of(const Aggregate& a) {
  return a.alerts > 1 ? std::max(a.severity, band_of(risk_of(a))) : a.severity;
}

int priority_of(const Aggregate& a, Severity severity) {
  const double highest = a.priority;
  const auto priority = static_cast<int>(std::lround(highest + (100 - highest) * .40 * (1 - agreement(a))));
  return severity == Severity::kCritical ? std::max(priority, 80) : priority;
}

bool is_full(const Aggregate& a, const ScoreOptions& options) {
  const auto span = std::chrono::nanoseconds(a.last_seen - a.first_seen);
  return a.alerts >= options.max_alerts_per_incident ||
         span >= options.max_duration - options.max_duration / 24;
}

std::string review_reason(const Aggregate& a, const model::Incident& incident, const ScoreOptions& options) {
  std::string reason;
  const auto say = [&](const std::string& sentence) { reason += (reason.empty() ? "" : "; ") + sentence; };
  if (incident.severity == Severity::kCritical) say("critical severity");
  if (incident.priority >= options.high_priority_threshold) {
    say("priority " + std::to_string(incident.priority) + " is at or above " +
        std::to_string(options.high_priority_threshold));
  }
  if (a.asset_tier == AssetTier::kCrownJewel && incident.severity >= Severity::kHigh) {
    say("a crown jewel is involved");
  }
  return reason;
}

void add_source(Aggregate& a, std::uint32_t source) {
  const auto end = a.sources.begin() + a.source_count;
  const auto place = std::lower_bound(a.sources.begin(), end, source);
  if (place == a.sources.end() || (place != end && *place == source)) return;
  std::copy_backward(place, std::min(end, a.sources.end() - 1), std::min(end + 1, a.sources.end()));
  *place = source;
  if (a.source_count < a.sources.size()) ++a.source_count;
}

bool leads(const Aggregate& a, const Aggregate& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.lead_seen != b.lead_seen) return a.lead_seen < b.lead_seen;
  return a.lead_alert < b.lead_alert;
}

}  // namespace

std::int64_t bounded_time(const model::LinkRecord& record) {
  constexpr std::int64_t kAhead = std::chrono::nanoseconds(std::chrono::minutes(5)).count();
  const auto occurred = to_unix_nanos(record.occurred_at);
  const auto received = to_unix_nanos(record.received_at);
  const auto limit =
      received > std::numeric_limits<std::int64_t>::max() - kAhead ? received : received + kAhead;
  // A day's margin at both ends keeps every later sum and difference of times inside 64 bits.
  constexpr std::int64_t kEdge = std::numeric_limits<std::int64_t>::max() / 4;
  return std::clamp(std::min(occurred, limit), -kEdge, kEdge * 3);
}

Aggregate aggregate_of(const model::LinkRecord& record, std::int64_t seen_at) {
  Aggregate a;
  a.first_seen = a.last_seen = a.lead_seen = seen_at;
  a.lead_alert = record.seq;
  a.alerts = 1;
  a.severe_alerts = record.severity >= Severity::kHigh ? 1 : 0;
  a.sources[0] = record.source_hash;
  a.source_count = 1;
  a.priority = record.priority;
  a.severity = record.severity;
  a.asset_tier = record.asset_tier;
  a.tactics = model::tactics_of(record);
  return a;
}

void combine(Aggregate& into, const Aggregate& other) {
  if (other.alerts == 0) return;
  if (into.alerts == 0) {
    into = other;
    return;
  }
  if (leads(other, into)) {
    into.severity = other.severity;
    into.lead_seen = other.lead_seen;
    into.lead_alert = other.lead_alert;
  }
  into.first_seen = std::min(into.first_seen, other.first_seen);
  into.last_seen = std::max(into.last_seen, other.last_seen);
  into.alerts += other.alerts;
  into.severe_alerts += other.severe_alerts;
  for (std::size_t i = 0; i < other.source_count; ++i) add_source(into, other.sources[i]);
  into.priority = std::max(into.priority, other.priority);
  into.asset_tier = std::max(into.asset_tier, other.asset_tier);
  into.tactics = static_cast<std::uint16_t>(into.tactics | other.tactics);
}

void describe(const Aggregate& aggregate, const ScoreOptions& options, std::optional<int> fixed_priority,
              model::Incident& incident) {
  incident.severity = severity_of(aggregate);
  incident.priority = fixed_priority.value_or(priority_of(aggregate, incident.severity));
  incident.risk_score = std::round(risk_of(aggregate) * 100) / 100;
  incident.confidence = std::round(confidence_of(aggregate) * 10'000) / 10'000;
  incident.first_seen = from_unix_nanos(aggregate.first_seen);
  incident.last_seen = from_unix_nanos(aggregate.last_seen);
  incident.alert_count = aggregate.alerts;
  incident.lead_alert = aggregate.lead_alert;
  incident.tactics = aggregate.tactics;
  incident.review_reason = review_reason(aggregate, incident, options);
  incident.requires_review = !incident.review_reason.empty();
  if (is_full(aggregate, options)) {
    incident.review_reason += incident.review_reason.empty() ? "" : "; ";
    incident.review_reason += "closed to growth: later alerts open a new incident";
  }
}

std::uint64_t described_hash(const model::Incident& incident) {
  std::string bytes;
  const auto add = [&](auto value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
  add(incident.severity);
  add(incident.priority);
  add(incident.risk_score);
  add(incident.confidence);
  add(to_unix_nanos(incident.first_seen));
  add(to_unix_nanos(incident.last_seen));
  add(incident.alert_count);
  add(incident.lead_alert);
  add(incident.tactics);
  add(incident.requires_review);
  return hash64(bytes + incident.review_reason);
}

}  // namespace tocsin::correlate
