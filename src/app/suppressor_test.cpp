#include "app/suppressor.h"

#include <gtest/gtest.h>

#include "api/suppress/changes.h"
#include "model/suppressed.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

using api::SuppressionState;
using model::AlertStatus;
using model::EntityKind;
using store::test::value_of;
using namespace std::chrono_literals;

class SuppressorTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = *store::open_sqlite({.file = folder_.file("tocsin.db"), .clock = &clock_});
    restart();
  }
  ~SuppressorTest() override { database_->close(); }
  store::TenantStore& store() { return database_->tenant(store::kDefaultTenant); }

  // What was not saved is lost.
  void restart() {
    suppressor_ = std::make_unique<Suppressor>(
        store(), clock_,
        Suppressor::Hooks{[this](const std::string&, const api::Pause&) { ++pauses_; },
                          [](const Error& why) { ADD_FAILURE() << to_string(why); }});
    EXPECT_TRUE(suppressor_->load());
  }
  store::NewAlert make(const std::string& user, const std::string& host = "h1") {
    auto made = store::test::make_alert(++number_, clock_.now());
    auto& alert = made.alert;
    alert.type = "scan";
    alert.severity = model::Severity::kMedium;
    alert.asset_tier = model::AssetTier::kNormal;
    alert.requires_review = false;
    alert.tags.clear();
    alert.entities = {{EntityKind::kUser, user, model::EntityRole::kActor},
                      {EntityKind::kHost, host, model::EntityRole::kTarget}};
    alert.received_at = clock_.now();
    return made;
  }
  // As the pipeline does it.
  model::Alert send(store::NewAlert made, bool is_stored = true) {
    suppressor_->judge(made.alert);
    const auto by = model::marked_by(made.alert, model::kSuppressedTag);
    const auto review = model::marked_by(made.alert, model::kSuppressionReviewTag);
    Suppressor::Marked mark{!by.empty(), std::string(by.empty() ? review : by), made.alert.id.str(), {}};
    auto alert = made.alert;
    if (is_stored) {
      store::IngestBatch batch;
      batch.alerts.push_back(std::move(made));
      const auto outcomes = value_of(store::test::append(store().alerts(), std::move(batch)));
      mark.stored = outcomes.front().id;
    }
    if (!mark.suppression.empty()) suppressor_->settle({mark});
    return alert;
  }
  bool is_hidden(const std::string& user, const std::string& host = "h1") {
    return send(make(user, host)).status == AlertStatus::kClosed;
  }
  api::Suppression add(std::vector<EntityKind> watched = {EntityKind::kUser, EntityKind::kHost}) {
    const store::Acting acting({.actor = "ana", .kind = store::ActorKind::kPerson});
    api::SuppressionChange change;
    change.name = "scanner";
    change.reason = "ours";
    change.q = "type:scan";
    change.watched = std::move(watched);
    change.expires_at = clock_.now() + 24h * 30;
    auto made = value_of(api::add_suppression(store(), change, clock_.now()));
    suppressor_->changed();
    return made;
  }
  api::Suppression confirm(const api::Suppression& suppression) {
    api::SuppressionChange change;
    change.confirm = true;
    auto changed = value_of(api::change_suppression(store(), suppression, change, clock_.now()));
    suppressor_->changed();
    return changed;
  }
  SuppressionState state(const api::Suppression& suppression) {
    return api::state_of(suppression, value_of(api::read_pause(store(), suppression)), clock_.now());
  }
  std::int64_t hits(const api::Suppression& suppression) {
    EXPECT_TRUE(suppressor_->catch_up());
    return value_of(api::read_hits(store())).total(suppression.id);
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Suppressor> suppressor_;
  int number_ = 0;
  int pauses_ = 0;
};

TEST_F(SuppressorTest, HidesWhatItKnowsAndCountsIt) {
  EXPECT_FALSE(is_hidden("bob"));
  const auto made = add();
  const auto alert = send(make("bob"));
  EXPECT_EQ(alert.status, AlertStatus::kClosed);
  EXPECT_TRUE(model::is_kept_apart(model::make_link_record(alert)));
  EXPECT_EQ(alert.triage.verdict, model::Verdict::kUndecided);
  EXPECT_EQ(hits(made), 1);
  clock_.advance(24h * 31);
  EXPECT_FALSE(is_hidden("bob"));
  EXPECT_EQ(hits(made), 1);
}

TEST_F(SuppressorTest, WithoutAPastItLearnsForADayAndThenWatches) {
  const auto made = add();
  ASSERT_TRUE(made.learns_until);
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(is_hidden("user" + std::to_string(i)));
  EXPECT_TRUE(suppressor_->catch_up());
  restart();
  clock_.advance(25h);
  EXPECT_TRUE(is_hidden("user7"));
  EXPECT_FALSE(is_hidden("user41"));
  EXPECT_EQ(pauses_, 1);
}

TEST_F(SuppressorTest, ANewHostShowsItselfAndStopsIt) {
  is_hidden("bob");
  const auto made = add();
  const auto shown = send(make("bob", "h2"));
  EXPECT_EQ(shown.status, AlertStatus::kNew);
  EXPECT_EQ(model::marked_by(shown, model::kSuppressionReviewTag), made.id);
  EXPECT_EQ(shown.facts.back().value, "The host h2 is new to the suppression \"scanner\"");
  EXPECT_FALSE(is_hidden("bob"));
  EXPECT_TRUE(suppressor_->catch_up());
  EXPECT_EQ(state(made), SuppressionState::kNeedsReview);
  const auto again = confirm(made);
  EXPECT_EQ(state(again), SuppressionState::kActive);
  EXPECT_TRUE(is_hidden("bob", "h2"));
  EXPECT_FALSE(is_hidden("bob", "h3"));
  EXPECT_TRUE(suppressor_->catch_up());
  EXPECT_EQ(state(again), SuppressionState::kNeedsReview);
}

TEST_F(SuppressorTest, WhatIsNotWatchedMayBeNew) {
  is_hidden("bob");
  add({EntityKind::kUser});
  EXPECT_TRUE(is_hidden("bob", "h2"));
  EXPECT_FALSE(is_hidden("eve", "h2"));
}

TEST_F(SuppressorTest, APauseIsMadeAgainFromItsAlert) {
  is_hidden("bob");
  const auto made = add();
  EXPECT_FALSE(is_hidden("eve"));
  restart();
  EXPECT_EQ(state(made), SuppressionState::kNeedsReview);
  EXPECT_FALSE(is_hidden("bob"));
  const auto again = confirm(made);
  restart();
  EXPECT_EQ(state(again), SuppressionState::kActive);
  EXPECT_TRUE(is_hidden("bob"));
}

TEST_F(SuppressorTest, AJumpStopsItAndTheNextHoursKnowTheirPast) {
  is_hidden("bob");
  const auto made = add();
  for (int hour = 0; hour < 3; ++hour) {
    clock_.advance(1h);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(is_hidden("bob")) << hour << " " << i;
  }
  clock_.advance(1h);
  int hidden = 0;
  while (hidden < 100 && is_hidden("bob")) ++hidden;
  EXPECT_EQ(hidden, 28);  // 29 or more where 10 are expected: 8 times in ten million; 28: 2 in a million
  EXPECT_EQ(pauses_, 1);
  EXPECT_EQ(hits(made), 30 + hidden);
  confirm(made);
  EXPECT_TRUE(is_hidden("bob"));
}

TEST_F(SuppressorTest, HitsAreExactAfterACrashAndOverHours) {
  is_hidden("bob");
  const auto made = add();
  for (int hour = 0; hour < 5; ++hour) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(is_hidden("bob"));
    if (hour % 2 == 0) {
      EXPECT_EQ(hits(made), 4 * (hour + 1));
    }
    if (hour == 3) restart();
    clock_.advance(1h);
  }
  restart();
  EXPECT_EQ(hits(made), 20);
  clock_.advance(3h);
  EXPECT_EQ(hits(made), 20);
  restart();
  EXPECT_EQ(hits(made), 20);
  const auto state = value_of(api::read_hits(store()));
  EXPECT_GT(state.settled, 0);
  EXPECT_EQ(state.of.at(made.id).before, 20);
}

TEST_F(SuppressorTest, WhatWasNotStoredIsNoHitAndNoReview) {
  is_hidden("bob");
  const auto made = add();
  for (int i = 0; i < 50; ++i) {
    const auto alert = send(make("bob"), false);
    EXPECT_EQ(alert.status, AlertStatus::kClosed);
  }
  EXPECT_EQ(hits(made), 0);
  EXPECT_EQ(send(make("eve"), false).status, AlertStatus::kNew);
  EXPECT_TRUE(is_hidden("bob"));
  EXPECT_EQ(pauses_, 0);
}

TEST_F(SuppressorTest, NeverHidesWhatAPersonMustSee) {
  is_hidden("bob");
  add({});
  auto critical = make("bob");
  critical.alert.severity = model::Severity::kCritical;
  auto jewel = make("bob");
  jewel.alert.asset_tier = model::AssetTier::kCrownJewel;
  auto review = make("bob");
  review.alert.requires_review = true;
  for (auto* one : {&critical, &jewel, &review}) EXPECT_EQ(send(*one).status, AlertStatus::kNew);
  auto forged = make("bob");
  forged.alert.type = "other";
  forged.alert.tags = {"suppressed:SU-1", "suppression-review:SU-1"};
  EXPECT_TRUE(send(forged).tags.empty());
}

TEST_F(SuppressorTest, AnEndedPlaceIsUsedAgainAndNothingOfItsPast) {
  std::vector<api::Suppression> all;
  for (std::size_t i = 0; i < api::kMaxSuppressions; ++i) {
    api::Suppression one;
    one.id = api::SuppressionId::make(clock_.now()).str();
    one.place = i;
    one.expires_at = clock_.now() + 1h;
    all.push_back(one);
  }
  EXPECT_FALSE(api::place_for_new(all, clock_.now()));
  all[7].lifted = {"ana", clock_.now()};
  EXPECT_EQ(value_of(api::place_for_new(all, clock_.now())), 7U);
  is_hidden("bob");
  const auto old = add();
  EXPECT_FALSE(is_hidden("eve"));
  EXPECT_TRUE(suppressor_->catch_up());
  auto other = old;
  other.id = api::SuppressionId::make(clock_.now()).str();
  EXPECT_FALSE(value_of(api::read_pause(store(), other)));
  EXPECT_TRUE(value_of(api::read_learned(store(), other)).entities.empty());
}

}  // namespace
}  // namespace tocsin::app
