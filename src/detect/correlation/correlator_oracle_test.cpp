// The correlator against the plain evaluator that keeps everything, on streams made at random.

#include <gmock/gmock.h>

#include <random>

#include "detect/testing/correlation_steps.h"
#include "detect/testing/plain_correlator.h"

namespace tocsin::detect {
namespace {

using test::correlation_text;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  // The same on every machine, which the distributions of the standard library are not.
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(limit));
  }
  bool one_in(std::int64_t count) { return below(count) == 0; }
  std::string one_of(std::initializer_list<const char*> choices) {
    return *(choices.begin() + below(static_cast<std::int64_t>(choices.size())));
  }

 private:
  std::mt19937_64 engine_;
};

std::string bounds(Dice& dice, std::int64_t usual) {
  const auto limit = std::to_string(1 + dice.below(usual));
  const auto higher = std::to_string(usual + dice.below(usual));
  switch (dice.below(6)) {
    case 0:
      return "gt: " + limit;
    case 1:
      return "gte: " + limit + ", lt: " + higher;
    case 2:
      return "eq: " + limit;
    case 3:
      return "lte: " + limit;
    default:
      return "gte: " + limit;
  }
}

// What all types have: rules, groups, timespan, generate.
std::string frame(Dice& dice, const std::string& type, const std::string& rules) {
  const auto group = dice.one_of({"[]", "[g]", "[g]", "[g, h]", "[x]"});
  auto text = "type: " + type + ", rules: [" + rules + "], timespan: " + std::to_string(5 + dice.below(40)) +
              "s, group-by: " + group;
  if (group == "[x]")
    text += ", aliases: {x: {a: g, b: h}}";  // rules without alias have a field x themselves
  if (dice.one_in(3)) text += ", generate: true";
  return text;
}

std::string condition(Dice& dice, const std::string& type) {
  if (type == "event_count") return ", condition: {" + bounds(dice, 5) + "}";
  if (type == "value_count")
    return ", condition: {field: " + dice.one_of({"u", "[u, v]"}) + ", " + bounds(dice, 4) + "}";
  if (type.starts_with("value_"))
    return ", condition: {field: v, " + bounds(dice, 20) +
           (type == "value_percentile" ? ", percentile: " + dice.one_of({"0", "25", "90", "99.5", "100"})
                                       : "") +
           "}";
  switch (dice.below(3)) {
    case 0:
      return "";
    case 1:
      return ", condition: {" + bounds(dice, 3) + "}";
    default:
      return ", condition: " +
             dice.one_of({"a and b", "a and not b", "(a or b) and c", "2 of them", "a and (c or not b)",
                          "not (a or c) and b", "c and b", "not (2 of them)"});
  }
}

std::string correlations(Dice& dice, const std::string& type) {
  auto text = correlation_text(frame(dice, type, "a, b, c") + condition(dice, type), "low");
  if (dice.one_in(2)) return text;
  const auto above = dice.one_of({"event_count", "value_count", "temporal", "temporal_ordered", "value_sum"});
  auto upper = frame(dice, above, "a, b, low");
  if (above == "event_count" || above == "value_sum" || above == "value_count")
    upper += condition(dice, above);
  return text + correlation_text(upper, "high");
}

std::string event_text(Dice& dice) {
  std::string json = R"({"u":")" + dice.one_of({"p", "q", "Q", "r", "s", "t"}) + '"';
  if (!dice.one_in(12))
    json += R"(,"g":)" + dice.one_of({"\"1\"", "\"k\"", "\"K\"", "1", "[\"k\",\"l\",null]"});
  if (!dice.one_in(12)) json += R"(,"h":)" + dice.one_of({"\"1\"", "\"k\"", "\"m\"", "[\"k\",\"K\",\"m\"]"});
  if (!dice.one_in(4)) json += R"(,"x":)" + dice.one_of({"\"1\"", "\"k\"", "null"});
  if (!dice.one_in(12))
    json += R"(,"v":)" + dice.one_of({"1", "2.5", "-3", "\"7\"", "40", "[1,12]", "\"word\"", "true"});
  return json + '}';
}

void expect_same(const std::vector<CorrelationHit>& fast, std::vector<CorrelationHit> plain,
                 const std::string& what) {
  // Those that do not refer to each other are told in any order.
  auto sorted = fast;
  const auto by_place = [](const CorrelationHit& a, const CorrelationHit& b) {
    return a.correlation < b.correlation;
  };
  std::stable_sort(sorted.begin(), sorted.end(), by_place);
  std::stable_sort(plain.begin(), plain.end(), by_place);
  ASSERT_EQ(sorted.size(), plain.size()) << what;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    EXPECT_EQ(sorted[i].correlation, plain[i].correlation) << what;
    EXPECT_EQ(sorted[i].group, plain[i].group) << what;
    EXPECT_EQ(sorted[i].first, plain[i].first) << what;
    EXPECT_EQ(sorted[i].last, plain[i].last) << what;
    EXPECT_EQ(sorted[i].events, plain[i].events) << what;
    EXPECT_EQ(sorted[i].value, plain[i].value) << what;
  }
}

class CorrelatorOracle : public ::testing::TestWithParam<const char*> {};

TEST_P(CorrelatorOracle, EveryHitIsTheSameOnStreamsOutOfOrder) {
  std::size_t hits = 0;
  for (unsigned seed = 0; seed < 60 && !HasFailure(); ++seed) {
    Dice dice(seed);
    CorrelatorOptions options;
    options.lateness = std::chrono::seconds(dice.below(30));
    options.secret = seed;
    const auto text = correlations(dice, GetParam());
    test::Steps steps(text, options);
    EXPECT_THAT(steps.correlator().refusals(), ::testing::IsEmpty());
    test::PlainCorrelator plain(steps.set(), options.lateness);
    std::int64_t now = 1'000;
    for (int i = 0; i < 150 && !HasFailure(); ++i) {
      now += dice.below(4);
      const auto at = dice.one_in(3) ? now - dice.below(60) : now;
      const auto rules = dice.one_of({"a", "a", "b", "c", "ab", "bc", "abc", "d"});
      const auto event = event_text(dice);
      const auto& fast = steps.event(at, rules, event);
      hits += fast.size();
      expect_same(fast, steps.plainly(plain),
                  "seed " + std::to_string(seed) + ", event " + std::to_string(i) + " at " +
                      std::to_string(at) + ' ' + rules + ' ' + event + '\n' + text);
    }
  }
  EXPECT_GT(hits, 100u);
}

INSTANTIATE_TEST_SUITE_P(Types, CorrelatorOracle,
                         ::testing::Values("event_count", "value_count", "temporal", "temporal_ordered",
                                           "value_sum", "value_avg", "value_percentile", "value_median"),
                         [](const auto& type) { return std::string(type.param); });

}  // namespace
}  // namespace tocsin::detect
