#include "api/suppress/look_back.h"

#include <algorithm>
#include <set>
#include <span>

#include "model/matcher.h"
#include "triage/suppress/watched.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostDecisions = 50'000;
constexpr std::size_t kReadAtOnce = 500;

model::Alert as_it_came(model::Alert alert) {
  alert.status = model::AlertStatus::kNew;
  alert.triage.verdict = model::Verdict::kUndecided;
  alert.assignee.reset();
  alert.close_reason.reset();
  alert.incident_id.reset();
  alert.occurrences = 1;
  return alert;
}

// The repeats of an alert came between it and the last of them, as evenly as is known.
void add_hours(const model::Alert& alert, std::int64_t last_hour, Learned& learned) {
  const auto first = triage::hour_of(alert.received_at);
  const auto end = std::clamp(triage::hour_of(alert.last_seen), first, std::max(first, last_hour));
  const auto share = (alert.occurrences + end - first) / (end - first + 1);
  for (auto hour = std::max(first, last_hour - triage::kHoursRemembered); hour <= end; ++hour)
    learned.hours[hour] += share;
}

bool is_real(const triage::NoisyAlert& alert) {
  return alert.said && alert.said->verdict == model::Verdict::kTruePositive;
}

// What somebody called real is no reason to hide more of it.
std::vector<std::uint64_t> entities_of(const NoiseInput& input,
                                       const std::vector<model::EntityKind>& watched) {
  std::set<std::uint64_t> known;
  for (std::size_t i = 0; i < input.alerts.size(); ++i) {
    if (!input.matched[i] || is_real(input.alerts[i])) continue;
    for (const auto& one : triage::watched_entities(input.alerts[i].entities, watched))
      known.insert(one.hash);
  }
  return {known.begin(), known.end()};
}

}  // namespace

Result<LookBack> look_back(store::TenantStore& store, const model::Condition& scope,
                           const std::vector<model::EntityKind>& watched, Timestamp from, Timestamp now) {
  LookBack found;
  const model::Matcher matcher(scope);
  const auto last_hour = triage::hour_of(now);
  TOCSIN_TRY(input, load_noise(store, from, [&](const model::Alert& alert) {
               if (!matcher.matches(as_it_came(alert))) return false;
               if (const auto guard = triage::guard_of(alert)) {
                 ++found.guarded[static_cast<std::size_t>(*guard)];
                 return false;
               }
               add_hours(alert, last_hour, found.learned);
               return true;
             }));
  found.replay = triage::replay_hiding(input.alerts, input.matched);
  found.learned.entities = entities_of(input, watched);
  found.input = std::move(input);
  return found;
}

Result<Missed> missed_by(store::TenantStore& store, const model::Condition& scope, Timestamp from) {
  TOCSIN_TRY(decided, store.dispositions().decided(from, kMostDecisions));
  std::vector<model::Seq> real;
  for (const auto& one : decided) {
    if (one.said.verdict == model::Verdict::kTruePositive && is_persons(one.said))
      real.push_back(one.said.alert);
  }
  const model::Matcher matcher(scope);
  Missed missed;
  for (std::span<const model::Seq> rest(real); !rest.empty();) {
    const auto taken = std::min(rest.size(), kReadAtOnce);
    TOCSIN_TRY(alerts, store.alerts().by_seq(rest.first(taken)));
    for (const auto& alert : alerts) {
      if (triage::guard_of(alert) || !matcher.matches(as_it_came(alert))) continue;
      ++missed.alerts;
      if (missed.ids.size() < kRealShown) missed.ids.push_back(alert.id.str());
    }
    rest = rest.subspan(taken);
  }
  return missed;
}

}  // namespace tocsin::api
