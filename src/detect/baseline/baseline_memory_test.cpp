#include "detect/baseline/baseline_memory.h"

#include <gtest/gtest.h>

#include <random>

#include "detect/testing/plain_baseline.h"

namespace tocsin::detect {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};

void expect_same(const Reading& told, const Reading& wanted, std::size_t event) {
  for (std::size_t i = 0; i < kBaselineFields; ++i) {
    const auto field = static_cast<BaselineField>(i);
    const auto a = told.of(field), b = wanted.of(field);
    ASSERT_EQ(a.has_value(), b.has_value()) << to_string(field) << " of event " << event;
    if (!a) continue;
    // Sums in another order; a deviation that is none is a small number on one side.
    const auto scale = std::max({1.0, std::abs(*b), wanted.of(BaselineField::kHourMean).value_or(0)});
    ASSERT_NEAR(*a, *b, scale * 1e-5) << to_string(field) << " of event " << event;
  }
}

class Stream {
 public:
  explicit Stream(std::uint64_t seed) : random_(seed) {}

  Sighting next() {
    now_ += std::chrono::seconds(below(5'000));
    if (below(300) == 0) now_ += hours(24 * 8);
    Sighting sighting{.entity = 1 + below(9), .amount = static_cast<double>(below(100)), .at = now_};
    if (below(10) > 0) sighting.value = 100 + below(7);
    if (below(4) == 0) sighting.at -= minutes(below(600));  // late
    if (below(3) > 0)
      sighting.place =
          Coordinates{static_cast<double>(below(180)) - 90, static_cast<double>(below(360)) - 180};
    return sighting;
  }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

 private:
  std::mt19937_64 random_;
  Timestamp now_ = kStart;
};

TEST(BaselineMemory, SaysWhatLookingThroughEverythingSays) {
  const BaselineTerms terms{
      .learn = hours(24), .learn_events = 5, .forget = hours(24 * 4), .half_life = hours(12)};
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Stream stream(seed);
    BaselineMemory memory(terms, {});
    test::PlainBaseline plain(terms);
    for (std::size_t event = 0; event < 700; ++event) {
      const auto sighting = stream.next();
      expect_same(memory.observe(sighting), plain.observe(sighting), event);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(BaselineMemory, GoesOnAfterARestartAsIfThereHadBeenNone) {
  const BaselineTerms terms{.learn = hours(24), .learn_events = 5, .values_per_entity = 4};
  const BaselineBounds bounds{.entities = 6, .values = 15};
  Stream stream(7);
  BaselineMemory memory(terms, bounds);
  for (int event = 0; event < 2'000; ++event) {
    if (event % 97 == 0) {
      std::string text;
      memory.save(text);
      auto restored = BaselineMemory::restore(text, terms, bounds);
      ASSERT_TRUE(restored) << to_string(restored.error());
      std::string again;
      restored->save(again);
      ASSERT_EQ(again, text);
      const auto sighting = stream.next();
      ASSERT_EQ(restored->observe(sighting), memory.observe(sighting)) << event;
      memory = *std::move(restored);
    } else {
      static_cast<void>(memory.observe(stream.next()));
    }
  }
}

TEST(BaselineMemory, RefusesWhatItDidNotSave) {
  BaselineMemory memory({}, {});
  static_cast<void>(memory.observe({.entity = 1, .value = 2, .place = Coordinates{1, 2}, .at = kStart}));
  std::string text;
  memory.save(text);
  ASSERT_TRUE(BaselineMemory::restore(text, {}, {}));
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(BaselineMemory::restore(std::string_view(text).substr(0, size), {}, {})) << size;
  const auto lines = text.substr(text.find('\n') + 1, text.size() - text.find('\n') - 1 - 4);
  EXPECT_FALSE(BaselineMemory::restore("baseline 1\n" + lines + lines + "end\n", {}, {}));  // twice
  EXPECT_FALSE(BaselineMemory::restore("baseline 1\nv 2 0 1 0 0 0 0\nend\n", {}, {}));      // nobody's
  EXPECT_FALSE(BaselineMemory::restore("baseline 1\ne 1 0 0 0 1 0 nan 0 0 0 0 0 0 0 0\nend\n", {}, {}));
}

Sighting at_day(std::uint64_t entity, std::uint64_t value, int day) {
  return {.entity = entity, .value = value, .at = kStart + hours(24 * day)};
}

TEST(BaselineMemory, IsBoundedAndForgetsNewcomersBeforeThoseItKnows) {
  const BaselineBounds bounds{.entities = 64, .values = 100};
  BaselineMemory memory({.learn = hours(24 * 3), .learn_events = 3}, bounds);
  for (int day = 0; day < 6; ++day) static_cast<void>(memory.observe(at_day(1, 7, day)));
  for (std::uint64_t invented = 100; invented < 5'000; ++invented) {
    static_cast<void>(memory.observe(at_day(invented, invented, 6)));
    ASSERT_LE(memory.stats().entities, bounds.entities);
    ASSERT_LE(memory.stats().values, bounds.values);
  }
  EXPECT_EQ(memory.stats().forgotten_entities, 4'900 - 63);
  const auto reading = memory.observe(at_day(1, 8, 6));
  EXPECT_EQ(reading.of(BaselineField::kKnown), 1);
  EXPECT_EQ(reading.of(BaselineField::kFirstSeen), 1);
  EXPECT_EQ(memory.observe(at_day(1, 7, 6)).of(BaselineField::kFirstSeen), 0);
}

TEST(BaselineMemory, DoesNotCallNewWhatItHadToForget) {
  BaselineMemory memory({.learn = hours(24), .learn_events = 2, .values_per_entity = 3}, {});
  for (int day = 0; day < 3; ++day) static_cast<void>(memory.observe(at_day(1, 7, day)));
  for (std::uint64_t value = 10; value < 13; ++value) static_cast<void>(memory.observe(at_day(1, value, 3)));
  const auto reading = memory.observe(at_day(1, 7, 3));  // was forgotten for the others
  EXPECT_EQ(reading.of(BaselineField::kFirstSeen), 1);
  EXPECT_EQ(reading.of(BaselineField::kKnown), 0);
  EXPECT_EQ(memory.stats().forgotten_values, 2U);
  EXPECT_EQ(memory.observe(at_day(1, 12, 5)).of(BaselineField::kKnown), 1);  // a day without a loss
}

TEST(BaselineMemory, MeasuresTheWayBetweenTwoPlaces) {
  const Coordinates lisbon{38.72, -9.14}, seoul{37.57, 126.98};
  EXPECT_NEAR(distance_km(lisbon, seoul), 10'450, 60);
  EXPECT_NEAR(distance_km({0, 0}, {0, 180}), 20'015, 1);
  BaselineMemory memory({}, {});
  static_cast<void>(memory.observe({.entity = 1, .place = lisbon, .at = kStart}));
  const auto reading = memory.observe({.entity = 1, .place = seoul, .at = kStart + hours(2)});
  EXPECT_NEAR(*reading.of(BaselineField::kSpeedKmh), 5'225, 30);
}

TEST(BaselineMemory, TellsAClockFromAPerson) {
  std::mt19937 random(3);
  BaselineMemory memory({}, {});
  Reading clock, person;
  auto at = kStart, then = kStart;
  for (int i = 0; i < 60; ++i) {
    at += std::chrono::seconds(300 + random() % 7);
    then += std::chrono::seconds(
        static_cast<int>(-300 * std::log(static_cast<double>(random() % 1000 + 1) / 1001.0)));
    clock = memory.observe({.entity = 1, .value = 1, .at = at});
    person = memory.observe({.entity = 1, .value = 2, .at = then});
  }
  EXPECT_LT(*clock.of(BaselineField::kIntervalVariation), 0.02);
  EXPECT_GT(*person.of(BaselineField::kIntervalVariation), 0.4);
}

TEST(BaselineMemory, ValuesOfManyEntitiesAreToldFromRareOnes) {
  BaselineMemory memory({}, {});
  for (std::uint64_t host = 1; host <= 30; ++host) static_cast<void>(memory.observe(at_day(host, 5, 0)));
  EXPECT_EQ(memory.observe(at_day(40, 5, 1)).of(BaselineField::kValueEntities), 30);
  EXPECT_EQ(memory.observe(at_day(40, 6, 1)).of(BaselineField::kValueEntities), 0);
}

}  // namespace
}  // namespace tocsin::detect
