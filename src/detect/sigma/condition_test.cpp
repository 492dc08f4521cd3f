#include "detect/sigma/condition.h"

#include <gtest/gtest.h>

#include <set>

namespace tocsin::detect::sigma {
namespace {

const std::vector<std::string> kNames = {"selection", "filter_a", "filter_b", "keywords", "_helper"};

// Whether the condition holds when exactly these selections pass.
bool holds_for(std::string_view text, const std::set<std::string>& passing) {
  const auto condition = parse_condition(text, kNames, {});
  if (!condition) {
    ADD_FAILURE() << to_string(condition.error());
    return false;
  }
  return holds(*condition, [&](std::size_t place) { return passing.count(kNames.at(place)) > 0; });
}

Error refusal_of(std::string_view text) {
  const auto condition = parse_condition(text, kNames, {10, 16});
  EXPECT_FALSE(condition.ok()) << text;
  return condition ? Error{} : condition.error();
}

TEST(SigmaCondition, ANameStandsForItsSelection) {
  EXPECT_TRUE(holds_for("selection", {"selection"}));
  EXPECT_FALSE(holds_for("selection", {"keywords"}));
}

TEST(SigmaCondition, AndBindsTighterThanOr) {
  EXPECT_TRUE(holds_for("keywords or selection and filter_a", {"keywords"}));
  EXPECT_FALSE(holds_for("(keywords or selection) and filter_a", {"keywords"}));
}

TEST(SigmaCondition, NotBindsTighterThanAnd) {
  EXPECT_FALSE(holds_for("not keywords and selection", {}));
  EXPECT_TRUE(holds_for("not keywords and selection", {"selection"}));
  EXPECT_TRUE(holds_for("not (keywords and selection)", {"selection"}));
}

TEST(SigmaCondition, NotTakesAWholeQuantity) {
  EXPECT_TRUE(holds_for("selection and not 1 of filter_*", {"selection"}));
  EXPECT_FALSE(holds_for("selection and not 1 of filter_*", {"selection", "filter_b"}));
  EXPECT_TRUE(holds_for("selection and not all of filter_*", {"selection", "filter_b"}));
}

TEST(SigmaCondition, QuantitiesCountSelections) {
  EXPECT_FALSE(holds_for("2 of them", {"selection"}));
  EXPECT_TRUE(holds_for("2 of them", {"selection", "keywords"}));
  EXPECT_TRUE(holds_for("2 of them", {"selection", "keywords", "filter_a"}));
  EXPECT_TRUE(holds_for("any of filter_*", {"filter_a"}));
  EXPECT_FALSE(holds_for("all of filter*", {"filter_a"}));
}

TEST(SigmaCondition, ThemLeavesOutNamesWithAnUnderscoreInFront) {
  EXPECT_FALSE(holds_for("1 of them", {"_helper"}));
  EXPECT_TRUE(holds_for("all of them", {"selection", "filter_a", "filter_b", "keywords"}));
  EXPECT_TRUE(holds_for("_helper", {"_helper"}));
  EXPECT_TRUE(holds_for("1 of _help*", {"_helper"}));
}

TEST(SigmaCondition, PatternsMayHaveStarsAnywhere) {
  EXPECT_TRUE(holds_for("1 of *_b", {"filter_b"}));
  EXPECT_FALSE(holds_for("1 of *_b", {"filter_a"}));
  EXPECT_TRUE(holds_for("1 of f*_a", {"filter_a"}));
}

TEST(SigmaCondition, WordsOfTheGrammarHaveNoCase) {
  EXPECT_TRUE(holds_for("NOT keywords AND 1 OF them", {"selection"}));
}

TEST(SigmaCondition, ASelectionMayBeCalledLikeAWord) {
  const std::vector<std::string> names = {"and", "not", "them"};
  const auto condition = parse_condition("not and and", names, {});
  EXPECT_FALSE(condition.ok());
  const auto all = parse_condition("1 of them", names, {});
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->kind, Condition::Kind::kSelection);
  EXPECT_EQ(all->selection, 2u);
}

TEST(SigmaCondition, OnlyWhatDecidesIsAsked) {
  const auto condition = parse_condition("selection and keywords", kNames, {});
  ASSERT_TRUE(condition.ok());
  std::vector<std::size_t> asked;
  EXPECT_FALSE(holds(*condition, [&](std::size_t place) {
    asked.push_back(place);
    return false;
  }));
  EXPECT_EQ(asked, std::vector<std::size_t>{0});
}

TEST(SigmaCondition, AnErrorSaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal_of("selection and missing").message, "no selection is called 'missing'");
  EXPECT_EQ(refusal_of("selection and missing").where, "10:30");
  EXPECT_EQ(refusal_of("1 of filters_*").where, "10:21");
  EXPECT_EQ(refusal_of("selection and").message, "the condition ends where a selection is expected");
  EXPECT_EQ(refusal_of("(selection").where, "10:16");
  EXPECT_EQ(refusal_of("selection keywords").message, "unexpected 'keywords'");
  EXPECT_EQ(refusal_of("9 of them").message, "asks for 9 of only 4 selections");
  EXPECT_EQ(refusal_of("0 of them").message, "'0 of' is no quantity");
  EXPECT_EQ(refusal_of("").message, "the condition ends where a selection is expected");
}

TEST(SigmaCondition, AggregationsOfSigmaOneAreRefusedWithTheWayOn) {
  const auto refusal = refusal_of("selection | count() by user > 5");
  EXPECT_EQ(refusal.where, "10:26");
  EXPECT_NE(refusal.hint.find("correlation rule"), std::string::npos);
}

TEST(SigmaCondition, SizeAndNestingAreBounded) {
  const std::string deep(1'000, '(');
  EXPECT_NE(refusal_of(deep + "selection").message.find("inside each other"), std::string::npos);
  std::string negations;
  for (int i = 0; i < 1'000; ++i) negations += "not ";
  EXPECT_NE(refusal_of(negations + "selection").message.find("inside each other"), std::string::npos);
  EXPECT_NE(refusal_of(std::string(20'000, ' ')).message.find("longer than"), std::string::npos);

  std::vector<std::string> names;
  for (int i = 0; i < 6'000; ++i) names.push_back("n" + std::to_string(i));
  EXPECT_TRUE(parse_condition("1 of them", names, {}).ok());
  EXPECT_FALSE(parse_condition("1 of them or all of n*", names, {}).ok());
}

}  // namespace
}  // namespace tocsin::detect::sigma
