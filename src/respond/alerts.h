#pragma once
// Alerts that somebody else holds.

#include <span>
#include <vector>

#include "model/alert.h"

namespace tocsin::respond {

using AlertRefs = std::vector<const model::Alert*>;

inline AlertRefs refs_to(std::span<const model::Alert> alerts) {
  AlertRefs refs;
  for (const auto& alert : alerts) refs.push_back(&alert);
  return refs;
}

}  // namespace tocsin::respond
