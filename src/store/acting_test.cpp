#include "store/acting.h"

#include <gtest/gtest.h>

#include <thread>

namespace tocsin::store {
namespace {

TEST(Acting, SpeaksForItsThreadUntilItsScopeEnds) {
  EXPECT_EQ(Acting::current().actor, "tocsin");
  {
    const Acting ana({.actor = "ana", .kind = ActorKind::kPerson});
    {
      const Acting key({.actor = "ci-key", .kind = ActorKind::kKey});
      EXPECT_EQ(Acting::current().kind, ActorKind::kKey);
    }
    EXPECT_EQ(Acting::current().actor, "ana");
    std::thread([] { EXPECT_EQ(Acting::current().actor, "tocsin"); }).join();
  }
  EXPECT_EQ(Acting::current().kind, ActorKind::kMachine);
}

}  // namespace
}  // namespace tocsin::store
