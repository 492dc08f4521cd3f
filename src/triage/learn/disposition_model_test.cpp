#include "triage/learn/disposition_model.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_unix_nanos(1'700'000'000'000'000'000);

Sighting sighting(std::string_view signature, std::string_view asset = "host") {
  return {hash64(signature), hash64(asset), kStart};
}

// Ten days in, seen this often.
Rarity seen(double times) {
  return {.on_asset = times, .anywhere = times, .hours = 240};
}

TEST(DispositionModel, WithoutAnAnswerWhatIsRareAndInNewCompanyRanksHigher) {
  DispositionModel model;
  const auto common = model.judge(sighting("a"), seen(1000));
  const auto rare = model.judge(sighting("b"), seen(1));
  auto with_others = seen(1);
  with_others.new_on_asset = 5;
  const auto in_company = model.judge(sighting("c"), with_others);
  EXPECT_LT(common.score, rare.score);
  EXPECT_LT(common.probability, rare.probability);
  EXPECT_LT(rare.score, in_company.score);
  EXPECT_GT(in_company.company, 0);
  EXPECT_EQ(rare.standing, Standing::kShown);
  EXPECT_NEAR(rare.score, rare.surprise_here + rare.surprise_anywhere, 1e-12);
}

TEST(DispositionModel, NothingIsHiddenBeforeAPersonSaidSo) {
  DispositionModel model;
  EXPECT_EQ(model.judge(sighting("a"), seen(1000)).standing, Standing::kAsked);
  EXPECT_EQ(model.judge(sighting("a"), seen(1001)).standing, Standing::kShown);
  EXPECT_EQ(model.asked(), 1u);
  model.learn(sighting("a"), false);
  EXPECT_EQ(model.judge(sighting("a"), seen(1002)).standing, Standing::kHidden);
  // What is rare stays in the queue whatever was said of its like.
  EXPECT_EQ(model.judge(sighting("a"), seen(2)).standing, Standing::kShown);
}

TEST(DispositionModel, WhatWasRealStaysInTheQueueHoweverOftenItComes) {
  DispositionModel model;
  model.judge(sighting("a"), seen(1000));
  model.learn(sighting("a"), true);
  const auto after = model.judge(sighting("a"), seen(100'000));
  EXPECT_EQ(after.standing, Standing::kShown);
  EXPECT_GT(after.probability, 0.9);
  EXPECT_GT(after.dispositions, 0);
  // And speaks for the same on other assets.
  const auto elsewhere = model.judge(sighting("a", "other"), seen(20));
  EXPECT_GT(elsewhere.score, model.judge(sighting("b", "other"), seen(20)).score);
}

TEST(DispositionModel, QuestionsAreBoundedAndWithoutThemNothingIsHiddenUnseen) {
  DispositionModel model({.questions = 2});
  for (const auto* signature : {"a", "b", "c"}) model.judge(sighting(signature), seen(1000));
  EXPECT_EQ(model.asked(), 2u);
  EXPECT_EQ(model.judge(sighting("c"), seen(1000)).standing, Standing::kShown);
  model.learn(sighting("a"), false);
  // Of a kind that somebody called benign on another asset, and nobody real.
  EXPECT_EQ(model.judge(sighting("a", "other"), seen(1000)).standing, Standing::kHidden);
  model.learn(sighting("b"), true);
  EXPECT_EQ(model.judge(sighting("b", "other"), seen(1000)).standing, Standing::kShown);
}

TEST(DispositionModel, OneLightWordDoesNotOutweighAFullOne) {
  DispositionModel model;
  model.learn(sighting("a"), true, 1);
  model.learn(sighting("a"), false, 0.2);
  EXPECT_EQ(model.judge(sighting("a"), seen(1000)).standing, Standing::kShown);
  model.learn(sighting("a"), false, 7);  // no word weighs more than one
  EXPECT_EQ(model.judge(sighting("a"), seen(1000)).standing, Standing::kHidden);
}

// An adversary who sends alerts can make his own signature common where he sends it, and no other rarer.
TEST(DispositionModel, AFloodOfOthersDoesNotLowerWhatIsRare) {
  RarityTable table({.most_pairs = 1024, .most_signatures = 256});
  DispositionModel model({.most_pairs = 1024, .most_signatures = 256});
  std::vector<Rarity> out;
  const auto judge = [&](const Sighting& one) {
    table.observe({&one, 1}, out);
    return model.judge(one, out[0]);
  };
  auto rare = sighting("real");
  const auto before = judge(rare).score;
  for (int i = 0; i < 50'000; ++i) {
    auto other = sighting("flood " + std::to_string(i), "other");
    other.at = kStart + i * 1s;
    judge(other);
  }
  rare.at = kStart + 50'000s;
  const auto after = judge(rare);
  EXPECT_GE(after.score, before - 2);
  EXPECT_EQ(after.standing, Standing::kShown);
  EXPECT_LT(model.bytes() + table.bytes(), 200'000u);
}

TEST(SignaturePrior, KnowsMoreOfWhatWasOftenJudged) {
  SignaturePrior prior;
  prior.add(hash64("real"), 10, 0);
  prior.add(hash64("noise"), 0, 10);
  prior.add(hash64("mixed"), 5, 5);
  EXPECT_GT(prior.log_odds(hash64("real")), prior.log_odds(hash64("mixed")));
  EXPECT_GT(prior.log_odds(hash64("mixed")), prior.log_odds(hash64("unknown")));
  EXPECT_GT(prior.log_odds(hash64("unknown")), prior.log_odds(hash64("noise")));
  DispositionModel model({}, &prior);
  EXPECT_GT(model.judge(sighting("real"), seen(1)).prior, 0);
}

}  // namespace
}  // namespace tocsin::triage
