#pragma once
// The users, hosts and addresses of an alert by which a suppression knows what it hid before. Pure.

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/alert.h"

namespace tocsin::triage {

struct WatchedEntity {
  std::uint64_t hash = 0;  // of kind and normalised value, as in model/link.h
  model::EntityKind kind = model::EntityKind::kUser;
  std::string_view value;  // of the alert
};

// All of these kinds, in the order of the alert; what names nobody ("localhost", "-") is left out.
std::vector<WatchedEntity> watched_entities(const std::vector<model::Entity>& entities,
                                            const std::vector<model::EntityKind>& kinds);

}  // namespace tocsin::triage
