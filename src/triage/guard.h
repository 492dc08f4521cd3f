#pragma once
// Alerts that nothing but a person takes out of the queue, whatever rule or search says so: closing by a
// stated bound and suppressions both ask here. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/alert.h"

namespace tocsin::triage {

enum class Guard : std::uint8_t { kCritical, kCrownJewel, kReview };
constexpr std::size_t kGuards = 3;

constexpr std::string_view to_text(Guard guard) {
  constexpr std::string_view kWords[] = {"critical", "crown_jewel", "requires_review"};
  return kWords[static_cast<std::size_t>(guard)];
}

// The first that holds; absent: none does.
inline std::optional<Guard> guard_of(const model::Alert& alert) {
  if (alert.severity == model::Severity::kCritical) return Guard::kCritical;
  if (alert.asset_tier == model::AssetTier::kCrownJewel) return Guard::kCrownJewel;
  if (alert.requires_review) return Guard::kReview;
  return std::nullopt;
}

}  // namespace tocsin::triage
