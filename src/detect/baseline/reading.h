#pragma once
// What a baseline says of one event: the fields that rules read as `baseline.NAME.FIELD` (docs/detection.md).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::detect {

// All are of the time before the event, but for kHourTotal, which has the event's own amount in it.
enum class BaselineField : std::uint8_t {
  kKnown,            // the entity has been watched long enough for `first_seen` to mean something
  kEntityFirstSeen,  // nothing is remembered of the entity
  kEntityEvents,
  kEntityAgeDays,
  kEntityValues,   // different ones
  kEntities,       // of the whole baseline
  kFirstSeen,      // the value, for this entity
  kCount,          // times that this entity had this value
  kShare,          // of its events
  kValueEntities,  // how many entities have the value
  kSecondsSinceLast,
  kHourTotal,
  kHourMean,
  kHourDeviation,
  kHourRatio,
  kHourZ,
  kDistanceKm,  // from the entity's place before
  kSpeedKmh,
  kIntervals,  // between events of this entity and value
  kIntervalMean,
  kIntervalVariation,  // their deviation divided by their mean
};
constexpr std::size_t kBaselineFields = 21;

// Of "first_seen" and the others.
std::optional<BaselineField> baseline_field_of(std::string_view name);
std::string_view to_string(BaselineField field);
bool is_truth(BaselineField field);

// Absent: nothing can be said, as of a field that an event does not have.
class Reading {
 public:
  void set(BaselineField field, double value) { values_[static_cast<std::size_t>(field)] = value; }
  std::optional<double> of(BaselineField field) const { return values_[static_cast<std::size_t>(field)]; }
  bool operator==(const Reading&) const = default;

 private:
  std::array<std::optional<double>, kBaselineFields> values_{};
};

// As a rule sees it: "true", "12", "0.0317".
std::string to_text(BaselineField field, double value);

}  // namespace tocsin::detect
