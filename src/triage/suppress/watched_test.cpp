#include "triage/suppress/watched.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using model::EntityKind;
using model::EntityRole;

TEST(Watched, OneNameUnderTwoSpellingsIsOneAndWhatNamesNobodyIsNone) {
  const std::vector<model::Entity> entities = {{EntityKind::kUser, "CORP\\Alice", EntityRole::kActor},
                                               {EntityKind::kUser, "alice@corp.example", EntityRole::kTarget},
                                               {EntityKind::kHost, "localhost", EntityRole::kTarget},
                                               {EntityKind::kIp, "10.0.0.1", EntityRole::kSource}};
  const auto found = watched_entities(entities, {EntityKind::kUser, EntityKind::kHost});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].hash, found[1].hash);
  EXPECT_EQ(found[0].value, "CORP\\Alice");
}

TEST(Watched, PaddingHidesNone) {
  std::vector<model::Entity> entities;
  for (std::size_t i = 0; i < model::kMaxEntities; ++i)
    entities.push_back({EntityKind::kUser, "user-" + std::to_string(i), EntityRole::kRelated});
  EXPECT_EQ(watched_entities(entities, {EntityKind::kUser}).size(), model::kMaxEntities);
}

}  // namespace
}  // namespace tocsin::triage
