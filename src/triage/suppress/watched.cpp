#include "triage/suppress/watched.h"

#include <algorithm>

#include "model/link.h"

namespace tocsin::triage {

// One at a time: a link record has room for a few of each kind, and padding an alert must not hide one.
std::vector<WatchedEntity> watched_entities(const std::vector<model::Entity>& entities,
                                            const std::vector<model::EntityKind>& kinds) {
  std::vector<WatchedEntity> watched;
  model::Alert alone;
  for (const auto& entity : entities) {
    if (std::find(kinds.begin(), kinds.end(), entity.kind) == kinds.end()) continue;
    alone.entities = {entity};
    for (const auto& key : model::make_link_record(alone).keys)
      watched.push_back({key.hash, entity.kind, entity.value});
  }
  return watched;
}

}  // namespace tocsin::triage
