#include "app/pipeline.h"

#include <gtest/gtest.h>

#include <future>

#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

class PipelineTest : public testing::Test {
 protected:
  ~PipelineTest() override {
    pipeline_.close();
    database_->close();
  }

  api::Pipeline::Reply send(std::string body) {
    std::promise<Result<api::Pipeline::Reply>> promise;
    pipeline_.ingest_alerts({.body = std::move(body), .source = "api", .content_type = "application/json"},
                            [&](auto reply) { promise.set_value(std::move(reply)); });
    auto reply = promise.get_future().get();
    EXPECT_TRUE(reply.ok());
    return reply ? *std::move(reply) : api::Pipeline::Reply{};
  }
  DeadLetterId put_letter(std::string body) {
    store::DeadLetter letter;
    letter.id = DeadLetterId::make(clock_.now());
    letter.source = "api";
    letter.content_type = "application/json";
    letter.body = std::move(body);
    EXPECT_TRUE(store_.dead_letters().put({letter}).ok());
    return letter.id;
  }
  std::int64_t stored() { return (*store_.counts()).alerts; }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_ =
      *store::open_sqlite({.file = folder_.file("tocsin.db"), .clock = &clock_});
  store::TenantStore& store_ = database_->tenant(store::kDefaultTenant);
  bool listened_to_ = false;
  std::vector<model::Alert> published_;
  model::Seq last_ = 0;
  std::int64_t corrections_ = -1;  // of the rule, as the last alert was judged
  std::vector<Suppressor::Marked> marked_;
  std::size_t told_ = 0;
  Pipeline pipeline_{
      store_,
      clock_,
      {},
      {.judge =
           [this](model::Alert& alert, const auto& history) {
             corrections_ = history.corrections;
             if (alert.type != "noise") return;
             alert.status = model::AlertStatus::kClosed;
             alert.close_reason = "suppressed by SU-1: noise";
             alert.tags.push_back("suppressed:SU-1");
           },
       .on_marked = [this](const std::vector<Suppressor::Marked>& marked) { marked_ = marked; },
       .explain = [](const model::Alert&, const auto&) { return std::vector<model::Reason>{}; },
       .on_stored =
           [this](std::vector<model::Alert> newest, std::size_t stored, model::Seq last) {
             published_ = std::move(newest);
             told_ = stored;
             last_ = last;
           },
       .wants_alerts = [this] { return listened_to_; }}};
};

TEST_F(PipelineTest, WhatIsPublishedHasItsNumber) {
  send(R"([{"message":"one"},{"message":"two"}])");
  EXPECT_TRUE(published_.empty());
  EXPECT_EQ(last_, *store_.alerts().last_seq());
  listened_to_ = true;
  send(R"([{"message":"three"},{"message":"four"},{"message":"three"}])");
  ASSERT_EQ(published_.size(), 2U);
  EXPECT_EQ(published_[1].seq, *store_.alerts().last_seq());
  EXPECT_EQ(published_[0].seq, published_[1].seq - 1);
  EXPECT_EQ(last_, published_[1].seq);
  send(R"([{"message":"four"}])");
  EXPECT_EQ(last_, 0);
}

TEST_F(PipelineTest, WhatIsHiddenIsStoredAndNotToldOf) {
  listened_to_ = true;
  send(
      R"([{"id":"a","message":"one","type":"noise","host":"h1"},{"message":"two","type":"scan","host":"h2"}])");
  ASSERT_EQ(published_.size(), 1U);
  EXPECT_EQ(published_[0].type, "scan");
  EXPECT_EQ(told_, 1U);
  EXPECT_EQ(stored(), 2);
  ASSERT_EQ(marked_.size(), 1U);
  EXPECT_TRUE(marked_[0].is_hidden);
  EXPECT_EQ(marked_[0].suppression, "SU-1");
  EXPECT_TRUE(marked_[0].stored);
  send(R"([{"id":"a","message":"one","type":"noise","host":"h1"}])");
  ASSERT_EQ(marked_.size(), 1U);
  EXPECT_FALSE(marked_[0].stored);  // known already
}

TEST_F(PipelineTest, ALetterIsReplayedOnce) {
  const auto id = put_letter(R"([{"message":"one"},{"message":"two"}])");
  const auto reply = pipeline_.replay(id);
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->accepted(), 2U);
  const auto again = pipeline_.replay(id);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(stored(), 2);
}

TEST_F(PipelineTest, ASourceCountsWhatWasKeptOfTheUnreadable) {
  send(R"([{"message":"one"},{"severity":7}])");
  std::promise<void> answered;
  pipeline_.ingest_alerts({.body = "{", .source = "api", .content_type = "application/json"},
                          [&](auto reply) {
                            EXPECT_FALSE(reply.ok());
                            answered.set_value();
                          });
  answered.get_future().wait();
  const auto totals = pipeline_.sources().report().find("api")->second.totals;
  EXPECT_EQ(totals.unreadable, 2U);
  EXPECT_EQ(totals.dead_letters, 2U);
}

TEST_F(PipelineTest, AReplayThatWasCutOffBeforeItsMarkStoresNothingTwice) {
  const auto id = put_letter(R"({"message":"one"})");
  ASSERT_TRUE(pipeline_.replay(id).ok());
  ASSERT_TRUE(store_.dead_letters().mark(id, false, "the mark was lost").ok());
  const auto again = pipeline_.replay(id);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->accepted(), 0U);
  EXPECT_EQ(again->duplicates(), 1U);
  EXPECT_EQ((*store_.alerts().find(again->items.front().id.str()))->occurrences, 1);
}

TEST_F(PipelineTest, ACorrectionSpeaksForTheNextAlertOfTheRule) {
  const auto first = send(R"({"message":"one","type":"scan","host":"h1"})");
  EXPECT_EQ(corrections_, 0);
  store::Feedback feedback;
  feedback.correction = store::PriorityCorrection{"api", "scan", first.items.front().id.str(), 30};
  ASSERT_TRUE(store_.add_feedback(feedback).ok());
  send(R"({"message":"two","type":"scan","host":"h2"})");
  EXPECT_EQ(corrections_, 0);  // cached
  pipeline_.rules_changed();
  send(R"({"message":"three","type":"scan","host":"h3"})");
  EXPECT_EQ(corrections_, 1);
}

TEST_F(PipelineTest, ARepeatOfAClosedAlertNamesIt) {
  const auto first = send(R"({"message":"scan","host":"h1"})");
  store::AlertChange close;
  close.status = model::AlertStatus::kClosed;
  ASSERT_TRUE(store_.alerts().update(first.items.front().id.str(), close).ok());
  const auto second = send(R"({"message":"scan","host":"h1"})");
  ASSERT_NE(second.items.front().alert, nullptr);
  EXPECT_EQ(second.items.front().alert->tags,
            std::vector<std::string>{"repeat-of:" + first.items.front().id.str()});
}

}  // namespace
}  // namespace tocsin::app
