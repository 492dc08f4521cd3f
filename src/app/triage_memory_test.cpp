#include "app/triage_memory.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

using model::Verdict;
using namespace std::chrono_literals;

class TriageMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::open_sqlite({.file = folder_.file("tocsin.db"), .clock = &clock_});
    ASSERT_TRUE(opened);
    database_ = *std::move(opened);
  }
  store::TenantStore& store() { return database_->tenant(store::kDefaultTenant); }
  static model::Alert alert(const std::string& type, const std::string& host) {
    model::Alert made;
    made.source = "suricata";
    made.type = type;
    made.title = type;
    made.entities = {{model::EntityKind::kHost, host, model::EntityRole::kTarget}};
    return made;
  }
  std::string keep(const std::string& type, const std::string& host) {
    auto made = store::test::make_alert(++number_, clock_.now());
    const auto wanted = alert(type, host);
    made.alert.source = wanted.source;
    made.alert.type = wanted.type;
    made.alert.entities = wanted.entities;
    return store::test::append_one(store().alerts(), std::move(made)).id.str();
  }
  void say(const std::string& id, Verdict verdict, const std::string& who) {
    const store::Acting acting({.actor = who, .kind = store::ActorKind::kPerson});
    store::AlertChange change;
    change.verdict = verdict;
    change.actor = who;
    ASSERT_TRUE(store().alerts().update(id, change));
  }
  model::Habit look(TriageMemory& memory, const std::string& type, const std::string& host) {
    EXPECT_TRUE(memory.catch_up());
    auto now = alert(type, host);
    now.received_at = clock_.now();
    return memory.look(now);
  }
  TriageMemory fresh() {
    return TriageMemory(store(), 42, [](const Error& why) { ADD_FAILURE() << to_string(why); });
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_;
  int number_ = 0;
};

TEST_F(TriageMemoryTest, KnowsHowUsualAnAlertIsAndSaysTheSameAfterARestart) {
  auto memory = fresh();
  EXPECT_EQ(look(memory, "scan", "web-01").on_asset, 0);
  for (int hour = 0; hour < 48; ++hour) {
    keep("scan", hour % 2 == 0 ? "web-01" : "web-02");
    ASSERT_TRUE(memory.catch_up());
    clock_.advance(1h);
  }
  auto again = fresh();
  for (auto* one : {&memory, &again}) {
    const auto habit = look(*one, "scan", "web-01");
    EXPECT_NEAR(habit.on_asset, 24, 1);
    EXPECT_NEAR(habit.anywhere, 48, 2);
    EXPECT_NEAR(habit.hours, 48, 2);
    EXPECT_EQ(habit.asset, 0);
    EXPECT_EQ(look(*one, "scan", "db-01").on_asset, 0);
    EXPECT_EQ(look(*one, "beacon", "web-01").anywhere, 0);
  }
}

TEST_F(TriageMemoryTest, LookingCountsNothing) {
  auto memory = fresh();
  keep("scan", "web-01");
  for (int i = 0; i < 10; ++i) EXPECT_NEAR(look(memory, "scan", "web-01").on_asset, 1, 1e-3);
}

TEST_F(TriageMemoryTest, WhatPeopleSaidCountsForTheNextOfItsKindUntilItIsTakenBack) {
  auto memory = fresh();
  const auto first = keep("scan", "web-01");
  const auto second = keep("scan", "web-01");
  const auto other = keep("scan", "db-01");
  EXPECT_EQ(look(memory, "scan", "web-01").called_benign, 0);
  say(first, Verdict::kFalsePositive, "ana");
  say(second, Verdict::kBenignPositive, "ben");
  say(other, Verdict::kTruePositive, "ana");
  EXPECT_NEAR(look(memory, "scan", "web-01").called_benign, 2, 1e-6);
  EXPECT_EQ(look(memory, "scan", "web-01").called_real, 0);
  EXPECT_NEAR(look(memory, "scan", "db-01").called_real, 1, 1e-6);
  clock_.advance(1s);
  say(first, Verdict::kUndecided, "ana");
  say(second, Verdict::kTruePositive, "ben");
  auto again = fresh();
  for (auto* one : {&memory, &again}) {
    EXPECT_EQ(look(*one, "scan", "web-01").called_benign, 0);
    EXPECT_NEAR(look(*one, "scan", "web-01").called_real, 1, 1e-6);
  }
}

TEST_F(TriageMemoryTest, TheThreadFollowsWhatIsCommitted) {
  auto memory = fresh();
  memory.start();
  const auto id = keep("scan", "web-01");
  say(id, Verdict::kFalsePositive, "ana");
  memory.notify();
  auto now = alert("scan", "web-01");
  now.received_at = clock_.now();
  model::Habit habit;
  for (int i = 0; i < 3000 && habit.called_benign == 0; ++i) {
    std::this_thread::sleep_for(10ms);
    habit = memory.look(now);
  }
  EXPECT_NEAR(habit.on_asset, 1, 1e-3);
  EXPECT_NEAR(habit.called_benign, 1, 1e-3);
  memory.stop();
}

}  // namespace
}  // namespace tocsin::app
