#include "detect/correlation/correlator.h"

#include <gmock/gmock.h>

#include "detect/testing/correlation_steps.h"

namespace tocsin::detect {
namespace {

using test::correlation_text;
using test::Steps;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kAlice = R"({"User":"alice"})";

sigma::Number whole(std::int64_t value) {
  return value;
}

TEST(Correlator, CountsEventsOfAGroupInASlidingWindow) {
  Steps steps(
      correlation_text("type: event_count, rules: a, group-by: [User], timespan: 1m, condition: {gte: 3}"));
  EXPECT_THAT(steps.event(0, "a", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(30, "a", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(40, "a", R"({"User":"bob"})"), IsEmpty());
  EXPECT_THAT(steps.event(61, "a", kAlice), IsEmpty()) << "the first is out of the window";
  const auto& hits = steps.event(90, "a", kAlice);
  ASSERT_THAT(hits, SizeIs(1)) << "both ends belong to the window";
  EXPECT_EQ(hits[0].correlation, 0u);
  EXPECT_THAT(hits[0].group, ElementsAre("alice"));
  EXPECT_EQ(hits[0].first, Steps::at(30));
  EXPECT_EQ(hits[0].last, Steps::at(90));
  EXPECT_THAT(hits[0].events, ElementsAre(2, 4, 5));
  EXPECT_EQ(hits[0].value, whole(3));
}

TEST(Correlator, AGroupThatFiredFiresAgainOnlyWithOtherEvents) {
  Steps steps(
      correlation_text("type: event_count, rules: a, group-by: [User], timespan: 10s, condition: {gte: 2}"));
  std::vector<std::int64_t> fired;
  for (std::int64_t second = 0; second < 40; ++second) {
    if (!steps.event(second, "a", kAlice).empty()) fired.push_back(second);
  }
  EXPECT_THAT(fired, ElementsAre(1, 12, 23, 34));
}

TEST(Correlator, CountsDifferentValuesWithoutCase) {
  Steps steps(
      correlation_text("type: value_count, rules: a, group-by: [ip], timespan: 1h, condition: "
                       "{field: User, gte: 3}"));
  for (const auto* user : {"alice", "bob", "ALICE", "bob"})
    EXPECT_THAT(steps.event(1, "a", R"({"ip":"10.0.0.1","User":")" + std::string(user) + "\"}"), IsEmpty());
  EXPECT_THAT(steps.event(2, "a", R"({"ip":"10.0.0.2","User":"carol"})"), IsEmpty());
  const auto& hits = steps.event(3, "a", R"({"ip":"10.0.0.1","User":"carol"})");
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].value, whole(3));
}

TEST(Correlator, TemporalNeedsEveryRuleInAnyOrder) {
  Steps steps(correlation_text("type: temporal, rules: [a, b, c], group-by: [User], timespan: 5m"));
  EXPECT_THAT(steps.event(0, "c", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(200, "a", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(301, "b", kAlice), IsEmpty()) << "c is too long ago";
  const auto& hits = steps.event(400, "c", kAlice);
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_THAT(hits[0].events, ElementsAre(2, 3, 4));
  EXPECT_EQ(hits[0].value, whole(3));
}

TEST(Correlator, AnEventThatComesLateCompletesTheWindowItBelongsTo) {
  Steps steps(
      correlation_text("type: event_count, rules: a, group-by: [User], timespan: 1m, condition: {gte: 3}"));
  steps.event(0, "a", kAlice);
  steps.event(50, "a", kAlice);
  EXPECT_THAT(steps.event(200, "a", kAlice), IsEmpty());
  const auto& hits = steps.event(20, "a", kAlice);
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_THAT(hits[0].events, ElementsAre(1, 4, 2)) << "in the order of their times";
  EXPECT_EQ(hits[0].last, Steps::at(50));
}

TEST(Correlator, AnEventWithoutAGroupFieldTakesNoPart) {
  Steps steps(correlation_text(
      "type: event_count, rules: a, group-by: [User, Host], timespan: 1m, condition: {gte: 1}"));
  EXPECT_THAT(steps.event(0, "a", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(0, "a", R"({"User":"alice","Host":null})"), IsEmpty());
  EXPECT_THAT(steps.event(0, "a", R"({"User":"alice","Host":""})"), SizeIs(1)) << "empty is a value";
}

}  // namespace
}  // namespace tocsin::detect
