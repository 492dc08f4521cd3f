#include "app/auto_closer.h"

#include <gtest/gtest.h>

#include "api/auto_close/closing.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

using model::AlertStatus;
using model::Verdict;
using store::test::value_of;
using namespace std::chrono_literals;

class AutoCloserTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::open_sqlite({.file = folder_.file("tocsin.db"), .clock = &clock_});
    ASSERT_TRUE(opened);
    database_ = *std::move(opened);
    ASSERT_TRUE(api::sample_key(store()));
  }
  store::TenantStore& store() { return database_->tenant(store::kDefaultTenant); }
  std::vector<std::string> keep(int count, double probability) {
    store::IngestBatch batch;
    for (int i = 0; i < count; ++i) {
      auto made = store::test::make_alert(++number_, clock_.now());
      made.alert.severity = model::Severity::kLow;
      made.alert.requires_review = false;
      made.alert.triage.fp_probability = probability;
      batch.alerts.push_back(std::move(made));
    }
    std::vector<std::string> ids;
    for (const auto& one : value_of(store::test::append(store().alerts(), std::move(batch))))
      ids.push_back(one.id.str());
    return ids;
  }
  // As if correlation had seen everything.
  void correlate() {
    ASSERT_TRUE(store().incidents().apply({.upserts = {},
                                           .memberships = {},
                                           .removed_memberships = {},
                                           .watermark = value_of(store().alerts().last_seq())}));
  }
  void say(const std::string& id, Verdict verdict) {
    const store::Acting acting({.actor = "ana", .kind = store::ActorKind::kPerson});
    clock_.advance(1s);
    store::AlertChange change;
    change.verdict = verdict;
    value_of(store().alerts().update(id, change));
  }
  // With enough behind it for 20 % at 80 %.
  void switch_on() {
    for (const auto& id : keep(12, 0.2)) say(id, Verdict::kTruePositive);
    api::AutoClosePolicy policy;
    policy.promise = {0.2, 0.8};
    policy.wait_minutes = 10;
    policy.revision = 1;
    policy.threshold = 0.8;
    policy.from = value_of(store().alerts().last_seq());
    policy.since = clock_.now();
    policy.set_by = "ana";
    policy.switch_on(clock_.now());
    ASSERT_TRUE(api::save_auto_close(store(), policy));
  }
  api::AutoClosePolicy policy() { return value_of(api::read_auto_close(store())); }
  api::AutoCloseState state() { return value_of(api::read_auto_close_state(store(), policy())); }
  void run() {
    AutoCloser closer(store(), clock_, {},
                      {.closed = [this](std::int64_t alerts) { closed_ += alerts; },
                       .stopped = [this](const api::AutoCloseState::Stop&) { ++stops_; },
                       .on_error = [](const Error& why) { ADD_FAILURE() << to_string(why); }});
    const auto done = closer.catch_up();
    EXPECT_TRUE(done) << to_string(done.error());
  }
  std::size_t closed_among(const std::vector<std::string>& ids) {
    std::size_t closed = 0;
    for (const auto& id : ids)
      closed += api::is_closed_by_policy(*value_of(store().alerts().find(id))) ? 1U : 0U;
    return closed;
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_;
  int number_ = 0;
  std::int64_t closed_ = 0;
  int stops_ = 0;
};

TEST_F(AutoCloserTest, WithoutAPolicyNothingIsClosed) {
  const auto ids = keep(50, 0.99);
  correlate();
  clock_.advance(1h);
  run();
  EXPECT_EQ(closed_among(ids), 0U);
}

TEST_F(AutoCloserTest, ClosesWhatIsDueFromTheThresholdOnAndKeepsTheReviewShare) {
  switch_on();
  const auto surely = keep(300, 0.9);
  const auto hardly = keep(20, 0.79);
  clock_.advance(11min);
  run();
  EXPECT_EQ(closed_among(surely), 0U);  // correlation has not seen them
  correlate();
  const auto young = keep(20, 0.9);
  correlate();
  run();
  const auto closed = closed_among(surely);
  EXPECT_GT(closed, 250U);
  EXPECT_LT(closed, 300U);
  EXPECT_EQ(closed_among(hardly) + closed_among(young), 0U);
  EXPECT_EQ(static_cast<std::size_t>(closed_), closed);
  EXPECT_EQ(state().closed, closed_);
  EXPECT_EQ(state().judged, 320);
  EXPECT_EQ(static_cast<std::size_t>(state().kept), 300 - closed);
  run();
  EXPECT_EQ(state().judged, 320);
}

TEST_F(AutoCloserTest, WhatItClosesIsNobodysWord) {
  switch_on();
  const auto ids = keep(100, 0.9);
  correlate();
  clock_.advance(11min);
  const auto said = value_of(store().dispositions().newest(1000)).size();
  const auto history = value_of(store().rule_history("wazuh", "malware_detected"));
  run();
  EXPECT_GT(closed_among(ids), 0U);
  EXPECT_EQ(value_of(store().dispositions().newest(1000)).size(), said);
  EXPECT_EQ(value_of(store().rule_history("wazuh", "malware_detected")).closed, history.closed);
}

TEST_F(AutoCloserTest, ABatchThatWasNotCountedIsCountedWhenItIsMetAgain) {
  switch_on();
  const auto ids = keep(100, 0.9);
  correlate();
  clock_.advance(11min);
  const auto before = state();
  run();
  const auto after = state();
  ASSERT_TRUE(api::save_auto_close_state(store(), before));  // the crash came before this was saved
  run();
  EXPECT_EQ(state().closed, after.closed);
  EXPECT_EQ(state().kept, after.kept);
  EXPECT_EQ(closed_, after.closed);
}

TEST_F(AutoCloserTest, DriftStopsItAndSaysSo) {
  switch_on();
  keep(500, 0.3);
  correlate();
  clock_.advance(11min);
  run();
  run();  // the first block is what the next are compared with
  EXPECT_FALSE(state().stopped);
  keep(600, 0.6);
  correlate();
  clock_.advance(11min);
  run();
  run();
  ASSERT_TRUE(state().stopped);
  EXPECT_EQ(state().stopped->reason, triage::StopReason::kDrift);
  EXPECT_EQ(stops_, 1);
  const auto later = keep(50, 0.99);
  correlate();
  clock_.advance(11min);
  run();
  EXPECT_EQ(closed_among(later), 0U);
}

TEST_F(AutoCloserTest, StopsWhenNobodyReviewsWhatWasKept) {
  switch_on();
  keep(450, 0.9);
  correlate();
  clock_.advance(11min);
  run();
  ASSERT_GE(state().kept, 1);
  auto waiting = state();
  while (waiting.waiting.size() < 20) waiting.waiting.push_back(waiting.waiting.front());
  ASSERT_TRUE(api::save_auto_close_state(store(), waiting));
  clock_.advance(24h * 6);
  run();
  EXPECT_FALSE(state().stopped);
  clock_.advance(24h * 2);
  run();
  ASSERT_TRUE(state().stopped);
  EXPECT_EQ(state().stopped->reason, triage::StopReason::kReviews);
}

TEST_F(AutoCloserTest, AMissAmongTheClosedStopsItBeforeTheNextBatch) {
  switch_on();
  const auto ids = keep(100, 0.9);
  correlate();
  clock_.advance(11min);
  run();
  int said = 0;
  for (const auto& id : ids) {
    if (said < 3 && closed_among({id}) == 1) {
      say(id, Verdict::kTruePositive);
      ++said;
    }
  }
  const auto later = keep(50, 0.9);
  correlate();
  clock_.advance(11min);
  run();
  ASSERT_TRUE(state().stopped);
  EXPECT_EQ(state().stopped->reason, triage::StopReason::kMiss);
  EXPECT_EQ(closed_among(later), 0U);
  const auto reopened = value_of(api::reopen_all(store(), "ana"));
  EXPECT_EQ(static_cast<std::int64_t>(reopened.alerts), closed_);
  EXPECT_EQ(closed_among(ids), 0U);
}

TEST_F(AutoCloserTest, ADamagedPolicyClosesNothing) {
  switch_on();
  ASSERT_TRUE(store().set_setting("auto_close", R"({"is_on":true})"));
  const auto ids = keep(50, 0.9);
  correlate();
  clock_.advance(11min);
  AutoCloser closer(store(), clock_, {}, {});
  EXPECT_FALSE(closer.catch_up());
  EXPECT_EQ(closed_among(ids), 0U);
}

}  // namespace
}  // namespace tocsin::app
