#pragma once
// How often each suppression hid an alert. A hidden alert's close reason names its hour, and repeats join
// only what has the same reason: so the row of an alert counts hits of one hour, and hours long past never
// change. They are counted once; open hours are counted again from the stored alerts whenever there is doubt,
// after a crash above all. Reading the count is reading a setting.

#include <map>
#include <string>

#include "api/suppress/suppression.h"

namespace tocsin::api {

struct SuppressionHits {
  std::int64_t before = 0;  // those of hours that are no longer open
  triage::HourlyHits hours;
  std::optional<Timestamp> last;
};

struct HitState {
  model::Seq settled = 0;      // alerts up to here are of hours that are no longer open
  std::int64_t open_from = 0;  // hour (triage::hour_of)
  std::map<std::string, SuppressionHits, std::less<>> of;  // by id

  std::int64_t total(std::string_view id) const;
};

// Empty when there is none yet.
Result<HitState> read_hits(const store::TenantStore& store);
Result<void> save_hits(store::TenantStore& store, const HitState& state);

// Counts the open hours again.
Result<void> recount(store::TenantStore& store, HitState& state);

}  // namespace tocsin::api
