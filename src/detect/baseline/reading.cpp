#include "detect/baseline/reading.h"

#include <algorithm>
#include <cmath>

#include "base/json_text.h"

namespace tocsin::detect {
namespace {

struct Known {
  std::string_view name;
  bool is_truth;
};

// By BaselineField.
constexpr std::array<Known, kBaselineFields> kFields{{{"known", true},
                                                      {"entity_first_seen", true},
                                                      {"entity_events", false},
                                                      {"entity_age_days", false},
                                                      {"entity_values", false},
                                                      {"entities", false},
                                                      {"first_seen", true},
                                                      {"count", false},
                                                      {"share", false},
                                                      {"value_entities", false},
                                                      {"seconds_since_last", false},
                                                      {"hour_total", false},
                                                      {"hour_mean", false},
                                                      {"hour_deviation", false},
                                                      {"hour_ratio", false},
                                                      {"hour_z", false},
                                                      {"distance_km", false},
                                                      {"speed_kmh", false},
                                                      {"intervals", false},
                                                      {"interval_mean", false},
                                                      {"interval_variation", false}}};

}  // namespace

std::optional<BaselineField> baseline_field_of(std::string_view name) {
  const auto found =
      std::find_if(kFields.begin(), kFields.end(), [&](const Known& field) { return field.name == name; });
  if (found == kFields.end()) return std::nullopt;
  return static_cast<BaselineField>(found - kFields.begin());
}

std::string_view to_string(BaselineField field) {
  return kFields[static_cast<std::size_t>(field)].name;
}

bool is_truth(BaselineField field) {
  return kFields[static_cast<std::size_t>(field)].is_truth;
}

// Four digits after the point are more than a baseline knows.
std::string to_text(BaselineField field, double value) {
  if (is_truth(field)) return value != 0 ? "true" : "false";
  std::string text;
  if (std::abs(value) < 1e15 && value == std::floor(value)) {
    append_json_number(text, static_cast<std::int64_t>(value));
  } else {
    append_json_number(text, std::abs(value) < 1e11 ? std::round(value * 1e4) / 1e4 : value);
  }
  return text;
}

}  // namespace tocsin::detect
