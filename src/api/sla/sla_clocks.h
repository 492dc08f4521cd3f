#pragma once
// How an incident stands against what was promised (sla_policy.h). Its pauses, and when it was closed, are
// read from its action log.

#include "api/sla/sla_policy.h"
#include "model/incident.h"
#include "respond/sla_clock.h"

namespace tocsin::api {

constexpr std::string_view kSlaPaused = "sla_paused";  // actions
constexpr std::string_view kSlaResumed = "sla_resumed";
constexpr std::string_view kSlaBreached = "sla_breached";    // target: the promise
constexpr std::string_view kSlaEscalated = "sla_escalated";  // target: to whom
constexpr std::string_view kAcknowledge = "acknowledge";
constexpr std::string_view kResolve = "resolve";
constexpr std::size_t kSlaActions = 1000;  // the newest of an incident that are read

struct IncidentClocks {
  respond::SlaReading acknowledge;
  respond::SlaReading resolve;
  std::vector<respond::SlaPause> pauses;  // oldest first; both clocks stand in them
  std::optional<Timestamp> closed_at;

  bool is_paused() const { return !pauses.empty() && !pauses.back().until; }
  bool is_breached() const;
  bool is_at_risk() const;  // or breached
  // Of the clock that still runs and is due first. Absent: none does.
  std::optional<Timestamp> next_due() const;
};

// `actions`: newest first, as the store gives them.
IncidentClocks read_clocks(const SlaPolicy& policy, const model::Incident& incident,
                           std::span<const model::ActionRecord> actions, Timestamp now);
void write_clocks(JsonWriter& json, const SlaPolicy& policy, const model::Incident& incident,
                  const IncidentClocks& clocks);

// A line about a broken promise that belongs into the action log: that it was broken, or who is told now.
struct SlaNews {
  std::string_view action;  // kSlaBreached, kSlaEscalated
  std::string target;       // the promise; to whom
  std::string detail;       // one sentence; what stands before its ':' tells it from others of that target
};
// What is due by `now` and not yet among `actions`.
std::vector<SlaNews> news_of(const SlaPolicy& policy, const model::Incident& incident,
                             const IncidentClocks& clocks, std::span<const model::ActionRecord> actions,
                             Timestamp now);

struct IncidentAtRisk {
  model::Incident incident;
  IncidentClocks clocks;
  std::vector<SlaNews> news;
};
struct AtRisk {
  std::vector<IncidentAtRisk> incidents;  // what is due first, first
  bool is_all = true;                     // false: more are open than were looked at
};
constexpr std::size_t kMostOpen = 5000;  // open incidents that are looked at, by priority

// Open incidents with a clock that is at risk or has been breached.
Result<AtRisk> find_at_risk(store::TenantStore& store, const SlaPolicy& policy, Timestamp now);

}  // namespace tocsin::api
