#include "detect/source/event_time.h"

#include <array>

namespace tocsin::detect {
namespace {

constexpr auto kPaths =
    std::to_array<std::string_view>({"timestamp",
                                     "ts",
                                     "time",
                                     "eventTime",
                                     "UtcTime",
                                     "Event.System.TimeCreated.#attributes.SystemTime",
                                     "@timestamp",
                                     "TimeCreated",
                                     "EventTime",
                                     "SystemTime",
                                     "createdDateTime",
                                     "activityDateTime",
                                     "CreationTime",
                                     "published",
                                     "requestReceivedTimestamp",
                                     "protoPayload.requestMetadata.requestAttributes.time",
                                     "TimeGenerated",
                                     "event.created",
                                     "start",
                                     "created_at",
                                     "date",
                                     "_time"});

}  // namespace

std::span<const std::string_view> event_time_paths() {
  return kPaths;
}

std::optional<Timestamp> time_of(JsonValue value) {
  std::string_view text;
  std::int64_t whole = 0;
  double number = 0;
  if (value.get(text) == simdjson::SUCCESS) return parse_time(text);
  if (value.get(whole) == simdjson::SUCCESS) return time_from_epoch(whole);
  if (value.get(number) == simdjson::SUCCESS) return time_from_epoch(number);
  return {};
}

std::optional<Timestamp> event_time(JsonValue event) {
  for (const auto path : kPaths) {
    const auto values = values_at(event, path);
    if (!values) continue;
    for (const auto& value : *values) {
      if (const auto time = time_of(value)) return time;
    }
  }
  return {};
}

}  // namespace tocsin::detect
