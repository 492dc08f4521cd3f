#include "detect/sigma/correlation.h"

#include "detect/testing/rules.h"

namespace tocsin::detect::sigma {
namespace {

using test::parse_rules;

// Two rules to refer to, named a and b.
constexpr std::string_view kRules = R"(title: A
name: a
id: 0a
logsource: {product: p}
detection: {s: {x: 1}, condition: s}
---
title: B
name: b
logsource: {product: p}
detection: {s: {x: 2}, condition: s}
)";

std::string correlation(std::string_view body, std::string_view name = "c") {
  return "---\ntitle: C\nname: " + std::string(name) + "\ncorrelation: {" + std::string(body) + "}\n";
}

RuleSet with(std::string_view body) {
  return parse_rules(std::string(kRules) + correlation(body));
}

Correlation accepted(std::string_view body) {
  const auto set = with(body);
  for (const auto& refusal : set.refusals) ADD_FAILURE() << to_string(refusal);
  return set.correlations.empty() ? Correlation{} : set.correlations.front();
}

std::string refused(std::string_view body) {
  const auto set = with(body);
  EXPECT_EQ(set.refusals.size(), 1u) << body;
  return set.refusals.empty() ? "" : set.refusals.front().message;
}

TEST(SigmaCorrelation, CountsAreReadWithGroupsAndTime) {
  const auto read = accepted(
      "type: event_count, rules: [0a, b], group-by: [User, Host], timespan: 90m, condition: {gt: 100, lte: "
      "200}, "
      "generate: true");
  EXPECT_EQ(read.type, CorrelationType::kEventCount);
  EXPECT_EQ(read.rules, (std::vector<std::string>{"0a", "b"}));
  EXPECT_EQ(read.group_by, (std::vector<std::string>{"User", "Host"}));
  EXPECT_EQ(read.timespan, std::chrono::minutes(90));
  EXPECT_EQ(read.bounds, (std::vector<Bound>{{Comparison::kGreater, std::int64_t{100}},
                                             {Comparison::kLessOrEqual, std::int64_t{200}}}));
  EXPECT_TRUE(read.generate);
}

TEST(SigmaCorrelation, ValueTypesNeedTheirField) {
  const std::string rest = "rules: a, timespan: 1h, condition: {field: User, gte: 5";
  EXPECT_EQ(accepted("type: value_count, " + rest + "}").fields, std::vector<std::string>{"User"});
  EXPECT_EQ(accepted("type: value_sum, " + rest + "}").type, CorrelationType::kValueSum);
  EXPECT_EQ(accepted("type: value_avg, " + rest + "}").type, CorrelationType::kValueAverage);
  EXPECT_EQ(accepted("type: value_median, " + rest + "}").type, CorrelationType::kValueMedian);
  EXPECT_EQ(accepted("type: value_percentile, " + rest + ", percentile: 95}").percentile, 95.0);
  EXPECT_EQ(refused("type: value_count, rules: a, timespan: 1h, condition: {gte: 5}"),
            "value_count needs a 'field'");
  EXPECT_NE(refused("type: value_percentile, " + rest + "}").find("'percentile'"), std::string::npos);
  EXPECT_NE(refused("type: event_count, " + rest + "}").find("takes no 'field'"), std::string::npos);
}

TEST(SigmaCorrelation, TemporalTypesMayHaveAnExpressionOverTheirRules) {
  EXPECT_FALSE(accepted("type: temporal, rules: [a, b], group-by: [U], timespan: 5m").expression.has_value());
  const auto read = accepted("type: temporal_ordered, rules: [a, b], timespan: 5m, condition: a and not b");
  ASSERT_TRUE(read.expression.has_value());
  EXPECT_TRUE(holds(*read.expression, [](std::size_t place) { return place == 0; }));
  EXPECT_FALSE(holds(*read.expression, [](std::size_t) { return true; }));
  EXPECT_EQ(refused("type: temporal, rules: [a, b], timespan: 5m, condition: a and z"),
            "no selection is called 'z'");
}

TEST(SigmaCorrelation, AliasesNameAFieldForEachRule) {
  const auto read = accepted(
      "type: temporal, rules: [a, b], group-by: [ip], timespan: 10s, aliases: {ip: {a: source.ip, b: "
      "dest.ip}}");
  ASSERT_EQ(read.aliases.size(), 1u);
  EXPECT_EQ(read.aliases[0].name, "ip");
  EXPECT_EQ(read.aliases[0].fields,
            (std::vector<std::pair<std::size_t, std::string>>{{0, "source.ip"}, {1, "dest.ip"}}));
  EXPECT_NE(
      refused("type: temporal, rules: [a], timespan: 10s, aliases: {ip: {b: f}}").find("'b' is not among"),
      std::string::npos);
}

TEST(SigmaCorrelation, TimespansAreANumberAndALetter) {
  EXPECT_EQ(accepted("type: temporal, rules: a, timespan: 7d").timespan, std::chrono::hours(168));
  for (const auto* bad : {"5", "m", "0m", "-1h", "1w", "1h30", "99999999999999999999s", "9999999d"})
    EXPECT_NE(refused("type: temporal, rules: a, timespan: " + std::string(bad)).find("is no timespan"),
              std::string::npos)
        << bad;
}

TEST(SigmaCorrelation, WhatCannotBeHonouredIsRefused) {
  EXPECT_NE(refused("type: near, rules: a, timespan: 1m").find("no correlation type"), std::string::npos);
  EXPECT_NE(refused("type: event_count, rules: a, timespan: 1m").find("needs a 'condition'"),
            std::string::npos);
  EXPECT_NE(refused("type: event_count, rules: a, timespan: 1m, condition: {above: 3}").find("'above'"),
            std::string::npos);
  EXPECT_NE(refused("type: event_count, rules: a, timespan: 1m, condition: {gte: x}").find("takes a number"),
            std::string::npos);
  EXPECT_NE(refused("type: event_count, timespan: 1m, condition: {gte: 1}").find("names no rules"),
            std::string::npos);
  EXPECT_NE(refused("type: temporal, rules: [a, nobody], timespan: 1m").find("'nobody'"), std::string::npos);
}

TEST(SigmaCorrelation, MayReferToCorrelationsBeforeAndAfter) {
  const auto set = parse_rules(
      std::string(kRules) + correlation("type: temporal_ordered, rules: [many, b], timespan: 1h") +
      correlation("type: event_count, rules: a, timespan: 1m, condition: {gte: 3}", "many"));
  ASSERT_EQ(set.correlations.size(), 2u) << to_string(set.refusals.front());
  EXPECT_EQ(set.targets[0], (Targets{{true, 1}, {false, 1}}));
  EXPECT_EQ(set.targets[1], (Targets{{false, 0}}));
}

TEST(SigmaCorrelation, CirclesAndWhatRefersToThemAreRefused) {
  const auto link = [](std::string_view name, std::string_view to) {
    return correlation("type: temporal, timespan: 1m, rules: [" + std::string(to) + "]", name);
  };
  const auto set = parse_rules(std::string(kRules) + link("x", "y") + link("y", "x") + link("above", "x, a") +
                               link("self", "self") + link("good", "a, b"));
  EXPECT_EQ(set.refusals.size(), 4u);
  ASSERT_EQ(set.correlations.size(), 1u);
  EXPECT_EQ(set.correlations[0].name, "good");
  EXPECT_EQ(set.targets[0], (Targets{{false, 0}, {false, 1}}));
}

TEST(SigmaCorrelation, LongChainsAreFollowed) {
  std::string text(kRules);
  for (int i = 0; i < 5'000; ++i)
    text += correlation(
        "type: temporal, timespan: 1m, rules: [" + (i == 4'999 ? "a" : "n" + std::to_string(i + 1)) + "]",
        "n" + std::to_string(i));
  const auto set = parse_rules(text);
  EXPECT_EQ(set.correlations.size(), 5'000u);
  EXPECT_TRUE(set.refusals.empty());
}

}  // namespace
}  // namespace tocsin::detect::sigma
