#pragma once
// How far a tenant's events were judged, and which alerts came of the last of them, as its store keeps it:
// what the server that judges leaves for the others on the same database, and for its follower.

#include <deque>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/match_history.h"
#include "store/store.h"

namespace tocsin::api {

struct DetectionTotals {
  std::int64_t suspicious = 0;
  std::map<std::string, std::int64_t> by_severity;
};

struct DetectionProgress {
  model::Seq until = 0;  // events up to here have been judged
  DetectionTotals totals;
  HourOfMatches hour;  // at hand
};
Result<DetectionProgress> load_progress(const store::TenantStore& store);
Result<void> save_progress(store::TenantStore& store, const DetectionProgress& progress);

using EventAlerts = std::deque<std::pair<model::Seq, std::string>>;  // event, alert
// Of the newest that were saved; at most 1,000 are.
Result<EventAlerts> load_event_alerts(const store::TenantStore& store);
Result<void> save_event_alerts(store::TenantStore& store, const EventAlerts& alerts);
// Ids of the alerts that came of these events (ascending).
std::vector<std::string> alerts_among(const EventAlerts& alerts, std::span<const model::Seq> seqs);

// Somebody waits for these events: the servers hear of the setting (store::Notice::settings).
inline constexpr std::string_view kWaitedForKey = "detection.waited_for";
Result<void> wait_for(store::TenantStore& store, model::Seq seq);

}  // namespace tocsin::api
