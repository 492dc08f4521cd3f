// What the correlator does at its bounds.

#include <gmock/gmock.h>

#include "detect/testing/correlation_steps.h"

namespace tocsin::detect {
namespace {

using test::correlation_text;
using test::Steps;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kTwice =
    "type: event_count, rules: a, group-by: [User], timespan: 1h, condition: {gte: 2}";

std::string user(int number) {
  return R"({"User":"u)" + std::to_string(number) + "\"}";
}

TEST(CorrelatorBounds, TheGroupTouchedLongestAgoIsForgotten) {
  CorrelatorOptions options;
  options.max_keys = 3;
  Steps steps(correlation_text(kTwice), options);
  for (const int number : {1, 2, 3}) steps.event(0, "a", user(number));
  EXPECT_THAT(steps.event(1, "a", user(1)), SizeIs(1)) << "1 fires, and is the newest now";
  steps.event(2, "a", user(4));
  EXPECT_EQ(steps.correlator().stats().keys, 3u);
  EXPECT_EQ(steps.correlator().stats().evicted_keys, 1u);
  EXPECT_THAT(steps.event(3, "a", user(3)), SizeIs(1));
  EXPECT_THAT(steps.event(3, "a", user(2)), IsEmpty()) << "forgotten for 4";
}

TEST(CorrelatorBounds, ACorrelationForgetsItsOwnGroupsFirst) {
  CorrelatorOptions options;
  options.max_keys_per_correlation = 2;
  Steps steps(
      correlation_text(kTwice, "noisy") +
          correlation_text("type: event_count, rules: b, group-by: [User], timespan: 1h, condition: {gte: 2}",
                           "quiet"),
      options);
  steps.event(0, "b", user(0));
  for (int number = 0; number < 100; ++number) steps.event(1, "a", user(number));
  EXPECT_EQ(steps.correlator().stats().keys, 3u);
  EXPECT_EQ(steps.correlator().stats().evicted_keys, 98u);
  EXPECT_THAT(steps.event(2, "b", user(0)), SizeIs(1));
}

TEST(CorrelatorBounds, ObservationsOfAllGroupsAreBoundedTogether) {
  CorrelatorOptions options;
  options.max_observations = 4'096;
  Steps steps(correlation_text(
                  "type: value_sum, rules: a, group-by: [User], timespan: 1h, condition: {field: n, lt: 0}"),
              options);
  for (int i = 0; i < 20'000; ++i) steps.event(0, "a", R"({"n":1,"User":)" + std::to_string(i % 100) + '}');
  const auto stats = steps.correlator().stats();
  EXPECT_GT(stats.evicted_keys, 0u);
  EXPECT_GE(stats.keys, 1u);
  EXPECT_LT(steps.correlator().bytes(), 4'096u * 25 + 1'024 * 64 + 2'048 * 4 + 1'024);
}

TEST(CorrelatorBounds, ABusyGroupCountsOnAndDecidesExactly) {
  CorrelatorOptions options;
  options.max_observations_per_key = 1'024;
  Steps steps(correlation_text("type: event_count, rules: a, timespan: 100s, condition: {gte: 50}"), options);
  std::vector<std::int64_t> fired;
  sigma::Number last;
  for (std::int64_t i = 0; i < 30'000; ++i) {  // a hundred each second
    for (const auto& hit : steps.event(i / 100, "a", "{}")) {
      fired.push_back(i);
      last = hit.value;
    }
  }
  EXPECT_THAT(fired, ::testing::ElementsAre(49, 10'100, 20'200));
  const auto count = std::get<std::int64_t>(last);
  EXPECT_GT(count, 10'001 - 10'100 * 16 / 256);
  EXPECT_LE(count, 10'100 + 10'100 * 16 / 256) << "what the start of the window cuts may be off";
  EXPECT_EQ(steps.correlator().stats().dropped_observations, 0u);
  EXPECT_LT(steps.correlator().bytes(), 200'000u);
}

TEST(CorrelatorBounds, SumsOfABusyGroupStayWhole) {
  CorrelatorOptions options;
  options.max_observations_per_key = 64;
  Steps steps(correlation_text("type: value_sum, rules: a, timespan: 1h, condition: {field: n, gte: 50000}"),
              options);
  std::int64_t fired = 0;
  for (std::int64_t i = 1; i <= 50'000 && fired == 0; ++i) {
    if (!steps.event(i / 100, "a", R"({"n":1})").empty()) fired = i;
  }
  EXPECT_EQ(fired, 50'000);
}

TEST(CorrelatorBounds, AFloodOfOneValueTakesNoRoom) {
  Steps steps(
      correlation_text("type: value_count, rules: a, timespan: 1d, condition: {field: User, gte: 3}"));
  steps.event(0, "a", user(1));
  for (std::int64_t i = 0; i < 50'000; ++i) EXPECT_THAT(steps.event(i, "a", user(2)), IsEmpty());
  EXPECT_THAT(steps.event(50'000, "a", user(3)), SizeIs(1)) << "the first is still known";
  EXPECT_EQ(steps.correlator().stats().dropped_observations, 0u);
  EXPECT_LT(steps.correlator().bytes(), 200'000u);
}

TEST(CorrelatorBounds, AFloodOfOneRuleLeavesTheOrderKnown) {
  Steps steps(correlation_text("type: temporal_ordered, rules: [a, b, c], timespan: 1d"));
  steps.event(0, "a", "{}");
  for (std::int64_t i = 0; i < 20'000; ++i) EXPECT_THAT(steps.event(i, "b", "{}"), IsEmpty());
  EXPECT_THAT(steps.event(20'000, "c", "{}"), SizeIs(1));
  EXPECT_EQ(steps.correlator().stats().dropped_observations, 0u);
}

TEST(CorrelatorBounds, RanksKeepTheNewestNumbersAndSayWhatIsLost) {
  CorrelatorOptions options;
  options.max_observations_per_key = 64;
  Steps steps(correlation_text("type: value_median, rules: a, timespan: 1d, condition: {field: n, gte: 2}"),
              options);
  for (std::int64_t i = 0; i < 1'000; ++i) EXPECT_THAT(steps.event(i, "a", R"({"n":1})"), IsEmpty());
  EXPECT_GT(steps.correlator().stats().dropped_observations, 900u);
  std::int64_t needed = 1;
  while (steps.event(1'000, "a", R"({"n":2})").empty() && needed < 1'000) ++needed;
  EXPECT_LE(needed, 33);
}

TEST(CorrelatorBounds, WhatIsTooLateForEveryOpenWindowIsCounted) {
  CorrelatorOptions options;
  options.lateness = std::chrono::seconds(10);
  Steps steps(correlation_text("type: event_count, rules: a, timespan: 1m, condition: {gte: 2}"), options);
  steps.event(1'000, "a", "{}");
  EXPECT_THAT(steps.event(929, "a", "{}"), IsEmpty());
  EXPECT_EQ(steps.correlator().stats().late_events, 1u);
  EXPECT_THAT(steps.event(930, "a", "{}"), IsEmpty()) << "its own window is closed";
  EXPECT_EQ(steps.correlator().stats().late_events, 1u);
  EXPECT_THAT(steps.event(990, "a", "{}"), SizeIs(1)) << "and is in the one that ends here";
}

TEST(CorrelatorBounds, WhatTheBoundsCannotHonourIsRefusedWithAReason) {
  CorrelatorOptions options;
  options.max_observations_per_key = 64;
  Steps steps(
      correlation_text("type: value_count, rules: a, timespan: 1m, condition: {field: u, gte: 33}", "wide") +
          correlation_text("type: temporal, rules: [wide, a], timespan: 1m", "above") +
          correlation_text("type: temporal, rules: [a, b], timespan: 1m", "good"),
      options);
  ASSERT_THAT(steps.correlator().refusals(), SizeIs(2));
  EXPECT_THAT(steps.correlator().refusals()[0].message, HasSubstr("33 different values"));
  EXPECT_THAT(steps.correlator().refusals()[0].where, HasSubstr("t.yml:"));
  EXPECT_THAT(steps.correlator().refusals()[1].message, HasSubstr("that is refused"));
  EXPECT_FALSE(steps.correlator().is_silent_correlation(0));
  steps.event(0, "a", "{}");
  EXPECT_THAT(steps.event(1, "b", "{}"), SizeIs(1));
}

TEST(CorrelatorBounds, AnExpressionWithTooManyWaysToBeMetInOrderIsRefused) {
  std::string rules;
  std::string references;
  for (int i = 0; i < 40; ++i) {
    const auto name = "r" + std::to_string(i);
    rules +=
        "title: R\nname: " + name + "\nlogsource: {product: p}\ndetection: {s: {x: 1}, condition: s}\n---\n";
    references += (i > 0 ? ", " : "") + name;
  }
  const auto set =
      tocsin::test::parse_rules(rules + correlation_text("type: temporal_ordered, rules: [" + references +
                                                         "], timespan: 1m, condition: 20 of them"));
  const auto correlator = Correlator::create(set, {});
  ASSERT_TRUE(correlator);
  ASSERT_THAT(correlator->refusals(), SizeIs(1));
  EXPECT_THAT(correlator->refusals()[0].message, HasSubstr("more than 256 ways"));
}

TEST(CorrelatorBounds, OptionsOutOfRangeAreRefused) {
  const auto refused = [](auto change) {
    CorrelatorOptions options;
    change(options);
    return !Correlator::create({}, options).ok();
  };
  EXPECT_TRUE(refused([](auto& options) { options.max_keys = 0; }));
  EXPECT_TRUE(refused([](auto& options) { options.max_keys_per_correlation = 0; }));
  EXPECT_TRUE(refused([](auto& options) { options.max_observations = 100; }));
  EXPECT_TRUE(refused([](auto& options) { options.max_observations_per_key = 100; }));
  EXPECT_TRUE(refused([](auto& options) { options.max_observations_per_key = 32; }));
  EXPECT_TRUE(refused([](auto& options) { options.lateness = std::chrono::seconds(-1); }));
  EXPECT_TRUE(refused([](auto& options) { options.max_ahead = std::chrono::hours(100'000); }));
  EXPECT_FALSE(refused([](auto&) {}));
}

}  // namespace
}  // namespace tocsin::detect
