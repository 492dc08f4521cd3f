#include "detect/sigma/rule.h"

#include <array>

namespace tocsin::detect::sigma {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 5> kStatuses = {"stable", "test", "experimental", "deprecated",
                                                       "unsupported"};

template <class Enum, std::size_t N>
std::optional<Enum> place_of(std::string_view name, const std::array<std::string_view, N>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Enum>(found - names.begin()));
}

}  // namespace

std::string_view to_string(Level level) {
  return kLevels.at(static_cast<std::size_t>(level));
}

std::string_view to_string(Status status) {
  return kStatuses.at(static_cast<std::size_t>(status));
}

std::optional<Level> parse_level(std::string_view name) {
  return place_of<Level>(name, kLevels);
}

std::optional<Status> parse_status(std::string_view name) {
  return place_of<Status>(name, kStatuses);
}

}  // namespace tocsin::detect::sigma
