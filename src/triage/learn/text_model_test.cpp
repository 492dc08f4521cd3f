#include "triage/learn/text_model.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

std::vector<std::uint32_t> words(std::string_view text, std::string_view field = "message") {
  TextFeatures features(1);
  features.add(field, text);
  return features.take();
}

TEST(TextFeatures, NumbersAreNotLearnedAndCaseDoesNotCount) {
  EXPECT_EQ(words("Login from 10.0.0.17 PORT 4711"), words("login FROM 192.168.3.250 port 80"));
  EXPECT_NE(words("login"), words("login", "title"));
  EXPECT_NE(words("login"), words("logout"));
}

TEST(TextFeatures, TextsOfAnyLengthAreBounded) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += std::string(1 + static_cast<std::size_t>(i) % 7, static_cast<char>('a' + i % 26)) + ' ';
  TextFeatures features(1);
  for (int i = 0; i < 100; ++i) features.add("field" + std::string(static_cast<std::size_t>(i), 'x'), text);
  EXPECT_LE(features.take().size(), 2000u);
}

TEST(TextModel, LearnsWhichWordsSpeakForReal) {
  TextModel model;
  const auto real = words("mimikatz reads lsass"), benign = words("backup reads share");
  EXPECT_EQ(model.score(real), 0);
  for (int i = 0; i < 20; ++i) {
    model.learn(real, true);
    model.learn(benign, false);
  }
  EXPECT_GT(model.score(real), 1);
  EXPECT_LT(model.score(benign), -1);
  EXPECT_GT(model.score(words("mimikatz on a share")), model.score(words("backup of lsass")) - 5);
  EXPECT_NEAR(model.score(words("unheard")), model.score({}), 1e-9);
}

TEST(TextModel, AWordOfNoWeightTeachesNothing) {
  TextModel model;
  model.learn(words("anything"), true, 0);
  EXPECT_EQ(model.score(words("anything")), 0);
}

}  // namespace
}  // namespace tocsin::triage
