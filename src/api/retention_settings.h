#pragma once
// How long a tenant keeps what it has: the setting, the point in time that follows from it, and the last run.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "store/store.h"

namespace tocsin::api {

struct RetentionSettings {
  std::optional<std::int64_t> days;   // 1..36,500; absent: by age nothing goes
  std::optional<std::int64_t> bytes;  // of alerts with their documents; absent: by room nothing goes
};
constexpr std::string_view kRetentionJob = "retention.sweep";  // its kind in the queue
constexpr std::int64_t kMostRetentionDays = 36'500;
constexpr std::int64_t kLeastRetentionBytes = 1 << 20;

Result<RetentionSettings> read_retention(const store::TenantStore& store);
Result<void> save_retention(store::TenantStore& store, const RetentionSettings& settings);

// What is older goes; absent: nothing does.
Result<std::optional<Timestamp>> retention_cut(store::TenantStore& store, const RetentionSettings& settings,
                                               Timestamp now);

// Null when there is none.
void write_hold(JsonWriter& json, const std::optional<store::Hold>& hold);
void write_removed(JsonWriter& json, const store::Removed& removed);  // members of an open object

// One run to its end: what went. `go_on` is asked between slices.
Result<store::Removed> run_retention(store::TenantStore& store, Timestamp now,
                                     const std::function<bool()>& go_on);

}  // namespace tocsin::api
