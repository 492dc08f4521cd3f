#include "triage/learn/rarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>

#include "base/hash.h"

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_unix_nanos(1'700'000'000'000'000'000);

std::uint64_t id(int number) {
  return hash64(std::to_string(number));
}

Rarity one(RarityTable& table, int signature, int asset, Timestamp at) {
  const Sighting sighting{id(signature), id(asset), at};
  std::vector<Rarity> out;
  table.observe({&sighting, 1}, out);
  return out.at(0);
}

// The same by remembering every sighting.
TEST(Rarity, IsWhatAnEvaluatorThatForgetsNothingSays) {
  RarityTable table({.half_life = 48h});
  struct Seen {
    int signature, asset;
    double hour;
  };
  std::vector<Seen> all;
  std::mt19937_64 random(7);
  double hour = 0;
  for (int step = 0; step < 3000; ++step) {
    hour += static_cast<double>(1 + random() % 100) / 583;
    const int signature = static_cast<int>(random() % 40), asset = static_cast<int>(random() % 12);
    const auto at =
        kStart + std::chrono::duration_cast<Nanos>(std::chrono::duration<double, std::ratio<3600>>(hour));
    const auto got = one(table, signature, asset, at);
    double pair = 0, anywhere = 0;
    std::map<std::pair<int, int>, double> first;
    const double start = all.empty() ? hour : all.front().hour;
    for (const auto& seen : all) {
      const double weight = std::exp2(-(hour - seen.hour) / 48);
      anywhere += seen.signature == signature ? weight : 0;
      pair += seen.signature == signature && seen.asset == asset ? weight : 0;
      first.try_emplace({seen.signature, seen.asset}, seen.hour);
    }
    std::uint32_t here = 0, elsewhere = 0;
    for (const auto& [key, when] : first) {
      if (key.first != signature && hour - when < 1.0 / 6 - 1e-9) ++(key.second == asset ? here : elsewhere);
    }
    ASSERT_NEAR(got.on_asset, pair, 1e-6 * (1 + pair)) << step;
    ASSERT_NEAR(got.anywhere, anywhere, 1e-6 * (1 + anywhere)) << step;
    ASSERT_NEAR(got.hours, 48 / std::log(2) * (1 - std::exp2(-(hour - start) / 48)), 1e-6) << step;
    ASSERT_EQ(got.new_on_asset, here) << step;
    ASSERT_EQ(got.new_elsewhere, elsewhere) << step;
    all.push_back({signature, asset, hour});
  }
}

TEST(Rarity, WhatArrivesTogetherSeesEachOtherButIsNoHistory) {
  RarityTable table;
  const std::vector<Sighting> together{
      {id(1), id(1), kStart}, {id(2), id(1), kStart}, {id(1), id(1), kStart}};
  std::vector<Rarity> out;
  table.observe(together, out);
  EXPECT_EQ(out[2].on_asset, 0);
  EXPECT_EQ(out[0].new_on_asset, 1u);
  EXPECT_EQ(out[1].new_on_asset, 1u);
  EXPECT_NEAR(one(table, 1, 1, kStart + 1s).anywhere, 2, 1e-4);
}

TEST(Rarity, LateOnesCountAsIfTheyCameNow) {
  RarityTable table;
  one(table, 1, 1, kStart + 10h);
  EXPECT_NEAR(one(table, 1, 1, kStart).on_asset, 1, 1e-9);
  EXPECT_NEAR(one(table, 1, 1, kStart + 10h).on_asset, 2, 1e-9);
}

TEST(Rarity, YearsDoNotGrowBeyondNumbers) {
  RarityTable table({.half_life = 1h});
  Rarity last;
  for (int day = 0; day < 4000; ++day) last = one(table, 1, 1, kStart + 24h * day);
  EXPECT_TRUE(std::isfinite(last.on_asset));
  EXPECT_NEAR(last.on_asset, std::exp2(-24), 1e-9);
  EXPECT_NEAR(last.hours, 1 / std::log(2), 1e-6);
}

TEST(Rarity, AFloodOfNewOnesIsBoundedAndDoesNotPushOutWhatIsCommon) {
  RarityTable table({.most_pairs = 4096, .most_signatures = 1024});
  for (int i = 0; i < 500; ++i) one(table, -1, -1, kStart + i * 1s);
  const auto before = table.bytes();
  for (int i = 0; i < 200'000; ++i) one(table, i, i % 50, kStart + 500s + i * 1ms);
  EXPECT_LT(table.bytes(), 200'000u);
  EXPECT_GT(table.bytes(), before);
  EXPECT_GT(table.forgotten(), 190'000u);
  EXPECT_NEAR(one(table, -1, -1, kStart + 1000s).on_asset, 500, 1);
}

}  // namespace
}  // namespace tocsin::triage
