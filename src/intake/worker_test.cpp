#include "intake/worker.h"

#include <gtest/gtest.h>

namespace tocsin::intake {
namespace {

constexpr std::string_view kCef = "CEF:0|Maker|Box|1|100|Worm|8|src=10.1.1.1";

// Refuses the first calls, then takes everything; answers on the caller's thread.
class FakeSink final : public Sink {
 public:
  Result<void> keep_events(const std::vector<ingest::Record>& records) override {
    return take("events", records.size());
  }
  Result<void> keep_unreadable(const std::string&, const std::vector<ingest::Rejection>& letters) override {
    return take("letters", letters.size());
  }
  void store_alerts(Alerts alerts, std::function<void(Result<Stored>)> done) override {
    keys.push_back(alerts.idempotency_key);
    const auto taken = take("alerts", alerts.records.size());
    taken ? done(Stored{.created = alerts.records.size()}) : done(taken.error());
  }

  std::map<std::string, std::size_t> took;
  std::vector<std::string> keys;
  int refusals = 0;
  ErrorKind refusal = ErrorKind::kBusy;

 private:
  Result<void> take(const std::string& what, std::size_t count) {
    if (refusals > 0) {
      --refusals;
      return error(refusal, "test", "refused");
    }
    took[what] += count;
    return {};
  }
};

class WorkerTest : public testing::Test {
 protected:
  // Everything that is pushed has been dealt with afterwards.
  observe::SourceReport run(std::vector<std::string_view> messages, std::string key = {}) {
    Worker worker(sink_, clock_, options_, [] {});
    MessageBatch batch(channel_);
    for (const auto message : messages) batch.add(message, message.size() > 100);
    batch.idempotency_key = std::move(key);
    batch.done = [this](bool stored) { outcomes_.push_back(stored); };
    EXPECT_TRUE(worker.try_push(std::move(batch)));
    worker.stop(deadline_);
    return channel_.stats.report(clock_.now());
  }

  FakeSink sink_;
  SystemClock clock_;
  Options options_;
  Channel channel_{"test", "auto", {}, {clock_.now(), std::chrono::seconds(0)}};
  std::chrono::milliseconds deadline_{60'000};
  std::vector<bool> outcomes_;
};

TEST_F(WorkerTest, SortsAlertsEventsAndUnreadable) {
  const auto report = run({kCef, "<13>app: hello", "{\"broken", kCef});
  EXPECT_EQ(sink_.took, (std::map<std::string, std::size_t>{{"alerts", 2}, {"events", 1}, {"letters", 1}}));
  EXPECT_EQ(report.totals.records, 4U);
  EXPECT_EQ(report.totals.alerts, 2U);
  EXPECT_EQ(report.totals.events, 1U);
  EXPECT_EQ(report.totals.unreadable, 1U);
  EXPECT_EQ(report.totals.dead_letters, 1U);
  EXPECT_EQ(outcomes_, std::vector<bool>{true});
}

TEST_F(WorkerTest, WhatABusyStoreRefusesIsSentAgainAndOnce) {
  sink_.refusals = 4;
  const auto report = run({kCef, "<13>app: hello", "{\"broken"});
  EXPECT_EQ(sink_.took, (std::map<std::string, std::size_t>{{"alerts", 1}, {"events", 1}, {"letters", 1}}));
  EXPECT_EQ(report.totals.dropped, 0U);
  EXPECT_EQ(report.totals.errors, 4U);
  EXPECT_EQ(outcomes_, std::vector<bool>{true});
}

TEST_F(WorkerTest, GivesUpAtTheDeadlineAndCounts) {
  sink_.refusals = 1'000'000;
  deadline_ = std::chrono::milliseconds(0);
  const auto report = run({kCef, kCef});
  EXPECT_TRUE(sink_.took.empty());
  EXPECT_EQ(report.totals.dropped, 2U);
  EXPECT_EQ(outcomes_, std::vector<bool>{false});
}

TEST_F(WorkerTest, AKeyThatMeansOtherBytesIsLetGo) {
  sink_.refusals = 1;
  sink_.refusal = ErrorKind::kConflict;
  run({kCef}, "key");
  EXPECT_EQ(sink_.keys, (std::vector<std::string>{"key", ""}));
  EXPECT_EQ(sink_.took["alerts"], 1U);
}

TEST_F(WorkerTest, CutMessagesAreMarked) {
  const std::string text = "<13>app: " + std::string(200, 'x');
  EXPECT_EQ(run({text}).totals.cut, 1U);
}

}  // namespace
}  // namespace tocsin::intake
