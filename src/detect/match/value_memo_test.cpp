#include "detect/match/value_memo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::detect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The answer that is known, or what there is to fill in.
std::vector<std::uint32_t> known_answer(ValueMemo& memo, std::uint64_t question, const std::string& text) {
  bool known = false;
  const auto& entry = memo.entry_of(question, text, known);
  EXPECT_TRUE(known) << text;
  return entry.answer;
}

void fill_in(ValueMemo& memo, std::uint64_t question, const std::string& text, std::uint32_t answer) {
  bool known = true;
  auto& entry = memo.entry_of(question, text, known);
  EXPECT_FALSE(known) << text;
  EXPECT_THAT(entry.answer, IsEmpty());
  entry.answer.push_back(answer);
}

TEST(ValueMemo, KnowsEachQuestionAboutEachText) {
  ValueMemo memo;
  fill_in(memo, 1, "cmd.exe", 7);
  fill_in(memo, 2, "cmd.exe", 8);
  fill_in(memo, 1, "", 9);
  EXPECT_THAT(known_answer(memo, 1, "cmd.exe"), ElementsAre(7));
  EXPECT_THAT(known_answer(memo, 2, "cmd.exe"), ElementsAre(8));
  EXPECT_THAT(known_answer(memo, 1, ""), ElementsAre(9));
}

TEST(ValueMemo, WhatIsForgottenIsAskedAgain) {
  ValueMemo memo;
  bool known = false;
  memo.entry_of(1, "cmd.exe", known).forget();
  fill_in(memo, 1, "cmd.exe", 7);
}

TEST(ValueMemo, NeverTakesOneTextForAnotherHoweverManyCome) {
  ValueMemo memo;
  std::size_t hits = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const auto number = i * 7919 % 30'000;
    bool known = false;
    auto& entry = memo.entry_of(1 + number % 3, std::to_string(number), known);
    hits += known ? 1 : 0;
    if (!known) entry.answer.push_back(number);
    ASSERT_THAT(entry.answer, ElementsAre(number));
    // The last one is always still there.
    ASSERT_THAT(known_answer(memo, 1 + number % 3, std::to_string(number)), ElementsAre(number));
  }
  EXPECT_LT(hits, 100'000U);
}

}  // namespace
}  // namespace tocsin::detect
