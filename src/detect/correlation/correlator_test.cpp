#include "detect/correlation/correlator.h"

#include <gmock/gmock.h>

#include <optional>

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

TEST(Correlator, AListTakesPartInEachOfItsGroupsOnce) {
  Steps steps(
      correlation_text("type: event_count, rules: a, group-by: [ip], timespan: 1m, condition: {gte: 2}"));
  EXPECT_THAT(steps.event(0, "a", R"({"ip":["10.0.0.1","10.0.0.2","10.0.0.1"]})"), IsEmpty());
  EXPECT_THAT(steps.event(1, "a", R"({"ip":"10.0.0.2"})"), SizeIs(1));
  EXPECT_THAT(steps.event(1, "a", R"({"ip":"10.0.0.3"})"), IsEmpty());
  EXPECT_THAT(steps.event(2, "a", R"({"ip":"10.0.0.1"})"), SizeIs(1));
}

TEST(Correlator, AnEventThatTwoRulesMatchCountsOnce) {
  Steps steps(correlation_text(
      "type: event_count, rules: [a, b], group-by: [User], timespan: 1m, condition: {gte: 2}"));
  EXPECT_THAT(steps.event(0, "ab", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(1, "b", kAlice), SizeIs(1));
}

TEST(Correlator, OrderIsThatOfTheEventsTimes) {
  Steps steps(correlation_text("type: temporal_ordered, rules: [a, b], group-by: [User], timespan: 1m"));
  EXPECT_THAT(steps.event(10, "b", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(20, "a", kAlice), IsEmpty()) << "the wrong way round";
  const auto& hits = steps.event(5, "a", kAlice);
  ASSERT_THAT(hits, SizeIs(1)) << "it came late, but was first";
  EXPECT_THAT(hits[0].events, ElementsAre(3, 1));
  EXPECT_THAT(steps.event(200, "b", kAlice), IsEmpty());
  EXPECT_THAT(steps.event(200, "a", kAlice), SizeIs(1)) << "within the same moment no order is wrong";
}

TEST(Correlator, TemporalBoundsCountTheRulesSeen) {
  Steps steps(correlation_text("type: temporal, rules: [a, b, c, d], timespan: 1m, condition: {gte: 3}"));
  steps.event(0, "a", "{}");
  EXPECT_THAT(steps.event(1, "a", "{}"), IsEmpty());
  EXPECT_THAT(steps.event(2, "d", "{}"), IsEmpty());
  const auto& hits = steps.event(3, "c", "{}");
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].value, whole(3));
  EXPECT_THAT(hits[0].group, IsEmpty());
}

struct ExpressionCase {
  const char* type;
  const char* expression;
  const char* events;  // one rule a second
  bool fires;
};

TEST(Correlator, ExpressionsSayWhatIsWantedAndWhatMustNotBeThere) {
  constexpr ExpressionCase kCases[] = {
      {"temporal", "a and not b", "a", true},
      {"temporal", "a and not b", "ba", false},
      {"temporal", "a and (b or c)", "ca", true},
      {"temporal", "2 of them", "dd", false},
      {"temporal", "2 of them", "db", true},
      {"temporal_ordered", "a and b", "ba", false},
      {"temporal_ordered", "a and b", "bab", true},
      {"temporal_ordered", "(a or b) and c", "cb", false},
      {"temporal_ordered", "(a or b) and c", "bac", true},
      {"temporal_ordered", "b and a", "ab", true},  // the order is that of the references
      {"temporal_ordered", "a and c and not b", "abc", false},
      {"temporal_ordered", "a and not (b or d) and c", "ac", true},
      {"temporal_ordered", "3 of them", "dab", false},
      {"temporal_ordered", "3 of them", "dabc", true},
  };
  for (const auto& example : kCases) {
    Steps steps(correlation_text("type: " + std::string(example.type) +
                                 ", rules: [a, b, c, d], timespan: 1m, condition: " + example.expression));
    bool fired = false;
    std::int64_t second = 0;
    for (const char rule : std::string_view(example.events))
      fired = !steps.event(second++, std::string(1, rule), "{}").empty() || fired;
    EXPECT_EQ(fired, example.fires) << example.type << ' ' << example.expression << ' ' << example.events;
  }
}

TEST(Correlator, NumbersOfAFieldAreSummedAveragedAndRanked) {
  const auto value_after = [](std::string_view condition) {
    Steps steps(correlation_text("rules: a, timespan: 1h, " + std::string(condition)));
    std::optional<sigma::Number> value;
    std::int64_t second = 0;
    for (const auto* bytes : {"40", "\"10\"", "20", "\"none\"", "[30, 100]", "null"}) {
      for (const auto& hit : steps.event(++second, "a", R"({"bytes":)" + std::string(bytes) + '}'))
        value = hit.value;
    }
    return value;
  };
  EXPECT_EQ(value_after("type: value_sum, condition: {field: bytes, gt: 150}"), sigma::Number(200.0));
  EXPECT_EQ(value_after("type: value_avg, condition: {field: bytes, lt: 24}"), sigma::Number(70.0 / 3));
  EXPECT_EQ(value_after("type: value_median, condition: {field: bytes, lt: 30}"), sigma::Number(25.0));
  EXPECT_EQ(value_after("type: value_percentile, condition: {field: bytes, percentile: 75, gt: 39, lt: 40}"),
            std::nullopt);
  EXPECT_EQ(value_after("type: value_percentile, condition: {field: bytes, percentile: 50, lte: 20}"),
            sigma::Number(20.0));
}

TEST(Correlator, ARangeIsMetInsideIt) {
  Steps steps(
      correlation_text("type: value_sum, rules: a, timespan: 1h, condition: {field: n, gte: 5, lt: 8}"));
  EXPECT_THAT(steps.event(0, "a", R"({"n":4})"), IsEmpty());
  EXPECT_THAT(steps.event(1, "a", R"({"n":9})"), IsEmpty());
  EXPECT_THAT(steps.event(2, "a", R"({"n":-7.5})"), SizeIs(1));
}

TEST(Correlator, SeveralFieldsAreCountedAsOneValue) {
  Steps steps(
      correlation_text("type: value_count, rules: a, timespan: 1h, condition: {field: [u, h], gte: 3}"));
  steps.event(0, "a", R"({"u":"x","h":"1"})");
  steps.event(0, "a", R"({"u":"x","h":"1"})");
  steps.event(0, "a", R"({"u":"x1","h":""})");
  EXPECT_THAT(steps.event(0, "a", R"({"u":"x"})"), IsEmpty());
  EXPECT_THAT(steps.event(0, "a", R"({"u":"","h":"x1"})"), SizeIs(1));
}

TEST(Correlator, GenerateDecidesWhoReportsByItself) {
  Steps steps(correlation_text("type: temporal, rules: [a, b], timespan: 1m", "low") +
              correlation_text("type: temporal, rules: [b, c], timespan: 1m, generate: true", "loud") +
              correlation_text("type: temporal, rules: [low, c], timespan: 1m", "high"));
  auto& correlator = steps.correlator();
  EXPECT_TRUE(correlator.is_silent(0));
  EXPECT_FALSE(correlator.is_silent(1)) << "one of two asks for it";
  EXPECT_FALSE(correlator.is_silent(3)) << "nothing refers to it";
  EXPECT_TRUE(correlator.uses(2));
  EXPECT_FALSE(correlator.uses(3));
  EXPECT_TRUE(correlator.is_silent_correlation(0));
  EXPECT_FALSE(correlator.is_silent_correlation(2));
  EXPECT_THAT(steps.event(0, "a", "{}"), IsEmpty());
  EXPECT_THAT(steps.event(1, "b", "{}"), IsEmpty()) << "low holds, and is silent";
  const auto& hits = steps.event(2, "c", "{}");
  ASSERT_THAT(hits, SizeIs(2));
  EXPECT_EQ(hits[0].correlation, 1u);
  EXPECT_EQ(hits[1].correlation, 2u);
  EXPECT_THAT(hits[1].events, ElementsAre(2, 3)) << "low at the event that completed it";
}

TEST(Correlator, WhatStandsOnACountHearsOfEachHitTemporalOnesOfAllThatHolds) {
  const auto low = correlation_text(
      "type: event_count, rules: a, group-by: [User], timespan: 10s, condition: {gte: 2}", "many");
  Steps counting(low + correlation_text("type: event_count, rules: many, timespan: 1h, condition: {gte: 2}"));
  Steps temporal(
      low + correlation_text("type: temporal_ordered, rules: [many, b], group-by: [User], timespan: 5s"));
  std::vector<std::int64_t> counted;
  for (std::int64_t second = 0; second < 20; ++second) {
    if (!counting.event(second, "a", kAlice).empty()) counted.push_back(second);
    EXPECT_THAT(temporal.event(second, "a", kAlice), IsEmpty());
  }
  EXPECT_THAT(counted, ElementsAre(12)) << "many fires at 1 and 12";
  EXPECT_THAT(temporal.event(20, "b", kAlice), SizeIs(1)) << "many still held at 19";
}

TEST(Correlator, GroupsOfACorrelationBelowAreReadByItsNames) {
  Steps steps(
      correlation_text("type: temporal, rules: [a, b], group-by: [ip], timespan: 1m, aliases: {ip: {a: "
                       "src, b: dst}}",
                       "pair") +
      correlation_text("type: event_count, rules: pair, group-by: [ip], timespan: 1h, condition: {gte: 2}"));
  for (std::int64_t second : {0, 100}) {
    EXPECT_THAT(steps.event(second, "a", R"({"src":"10.0.0.1","dst":"10.0.0.9"})"), IsEmpty());
    const auto& hits = steps.event(second + 1, "b", R"({"src":"10.0.0.7","dst":"10.0.0.1"})");
    ASSERT_THAT(hits, SizeIs(second == 0 ? 0 : 1));
    for (const auto& hit : hits) EXPECT_THAT(hit.group, ElementsAre("10.0.0.1"));
  }
}

TEST(Correlator, AnEventIsNeverAheadOfItsReceipt) {
  Steps steps(
      correlation_text("type: event_count, rules: a, group-by: [User], timespan: 1m, condition: {gte: 3}"));
  const auto fields = tocsin::test::event_of(kAlice);
  constexpr std::uint32_t kRules[] = {0};
  std::vector<CorrelationHit> hits;
  const auto from_2099 = Steps::at(4'070'908'800);
  steps.correlator().apply({from_2099, Steps::at(1'000), 1, kRules, &fields}, hits);
  for (std::int64_t i = 0; i < 3; ++i)
    steps.correlator().apply({Steps::at(1'010 + i), Steps::at(1'010 + i), 2 + i, kRules, &fields}, hits);
  ASSERT_THAT(hits, SizeIs(1)) << "the forged time did not close the windows of the group";
  EXPECT_THAT(hits[0].events, ElementsAre(2, 3, 4));
}

TEST(Correlator, TimesAtTheEndsOfTheRangeAreTimes) {
  Steps steps(correlation_text("type: event_count, rules: a, timespan: 3660d, condition: {gte: 2}"));
  const auto fields = tocsin::test::event_of("{}");
  constexpr std::uint32_t kRules[] = {0};
  std::vector<CorrelationHit> hits;
  for (const auto at : {Timestamp::min(), Timestamp::max(), Timestamp{}, Timestamp::max()})
    steps.correlator().apply({at, Timestamp::max(), 1, kRules, &fields}, hits);
  EXPECT_THAT(hits, SizeIs(1));
  EXPECT_EQ(steps.correlator().stats().late_events, 1u);
}

TEST(Correlator, TheSecretChangesNothing) {
  const auto hits_with = [](std::uint64_t secret) {
    CorrelatorOptions options;
    options.secret = secret;
    Steps steps(correlation_text("type: value_count, rules: a, group-by: [g], timespan: 1m, condition: "
                                 "{field: u, gte: 2}"),
                options);
    std::vector<std::vector<std::string>> groups;
    for (int i = 0; i < 200; ++i) {
      for (const auto& hit : steps.event(i, "a",
                                         R"({"g":[)" + std::to_string(i % 7) + ',' + std::to_string(i % 5) +
                                             R"(],"u":)" + std::to_string(i % 3) + '}'))
        groups.push_back(hit.group);
    }
    return groups;
  };
  const auto groups = hits_with(1);
  EXPECT_GT(groups.size(), 10u);
  EXPECT_EQ(groups, hits_with(2));
}

}  // namespace
}  // namespace tocsin::detect
