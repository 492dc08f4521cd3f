#include "base/phrase_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tocsin {
namespace {

std::set<std::string_view> found(const std::vector<std::string_view>& phrases, std::string_view text) {
  const PhraseMatcher matcher(phrases);
  std::set<std::string_view> hits;
  for (const auto& hit : matcher.find(text)) hits.insert(phrases[hit.phrase]);
  return hits;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PhraseMatcher, FindsWholeWordsInAnyCaseAcrossAnySeparators) {
  EXPECT_THAT(found({"brute force"}, "SSH Brute-_-FORCE!"), ElementsAre("brute force"));
  EXPECT_THAT(found({"brute force"}, "bruteforce"), IsEmpty());
  EXPECT_THAT(found({"c2"}, "abc2 c2x"), IsEmpty());
}

TEST(PhraseMatcher, AStarLetsTheLastWordGoOn) {
  EXPECT_THAT(found({"scan*"}, "portscan scanning"), ElementsAre("scan*"));
  EXPECT_THAT(found({"scan*"}, "portscan"), IsEmpty());
}

TEST(PhraseMatcher, FindsPhrasesInsideAndAcrossOthers) {
  EXPECT_THAT(found({"a b c", "b", "b c d", "c"}, "a b c d"), ElementsAre("a b c", "b", "b c d", "c"));
}

// The automaton against the plain way of looking.
TEST(PhraseMatcher, AgreesWithPlainSearchOnGeneratedText) {
  const std::vector<std::string_view> phrases{"a", "ab", "a b", "b a", "ab ab", "b b a", "aa*"};
  const PhraseMatcher matcher(phrases);
  std::uint32_t random = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text = " ";
    for (int i = 0; i < 12; ++i) {
      random = random * 1664525U + 1013904223U;
      const char c = "ab "[(random >> 24) % 3];
      if (c != ' ' || text.back() != ' ') text += c;
    }
    if (text.back() != ' ') text += ' ';
    std::set<std::string_view> expected;
    for (const auto phrase : phrases) {
      const bool open = phrase.ends_with('*');
      const auto words =
          " " + std::string(phrase.substr(0, phrase.size() - (open ? 1 : 0))) + (open ? "" : " ");
      if (text.find(words) != std::string::npos) expected.insert(phrase);
    }
    std::set<std::string_view> actual;
    for (const auto& hit : matcher.find(text)) actual.insert(phrases[hit.phrase]);
    ASSERT_EQ(actual, expected) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace tocsin
