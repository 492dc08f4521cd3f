#include "intake/lines.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tocsin::intake {
namespace {

using Lines = std::vector<std::pair<std::string, bool>>;

struct Outcome {
  Lines lines;
  LinesTaken taken;
};

Outcome take(std::string_view chunk, const LineLimits& limits = {}, bool skipping = false,
             bool at_end = false) {
  Outcome outcome;
  outcome.taken = take_lines(chunk, skipping, at_end, limits,
                             [&](std::string_view line, bool cut) { outcome.lines.emplace_back(line, cut); });
  return outcome;
}

TEST(TakeLines, LeavesAnUnfinishedLineForLater) {
  const auto outcome = take("a\r\n\nbc\nde");
  EXPECT_EQ(outcome.lines, (Lines{{"a", false}, {"bc", false}}));
  EXPECT_EQ(outcome.taken.bytes, 7U);
  EXPECT_EQ(take("de").taken.bytes, 0U);
  EXPECT_EQ(take("de", {}, false, true).lines, (Lines{{"de", false}})) << "nothing will follow";
}

TEST(TakeLines, CutsALongLineOnceAndSkipsItsRest) {
  const LineLimits limits{.max_line_bytes = 3};
  const auto begun = take("abcdef", limits);
  EXPECT_EQ(begun.lines, (Lines{{"abc", true}}));
  EXPECT_TRUE(begun.taken.skipping);
  const auto going_on = take("ghi", limits, true);
  EXPECT_TRUE(going_on.lines.empty() && going_on.taken.skipping);
  EXPECT_EQ(going_on.taken.bytes, 3U);
  const auto ended = take("jk\nlm\n", limits, true);
  EXPECT_EQ(ended.lines, (Lines{{"lm", false}}));
  EXPECT_FALSE(ended.taken.skipping);
}

TEST(TakeLines, TakesAtMostSoManyLines) {
  const auto outcome = take("a\nb\nc\n", {.max_lines = 2});
  EXPECT_EQ(outcome.lines.size(), 2U);
  EXPECT_EQ(outcome.taken.bytes, 4U);
}

TEST(TakeLines, ZerosBeforeALineAreNoPartOfIt) {
  EXPECT_EQ(take(std::string_view("\0\0\0a\n", 5)).lines, (Lines{{"a", false}}));
}

// However much of the file each look finds, the lines are the same.
TEST(TakeLines, AnyGrowthGivesTheSameLines) {
  for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    const LineLimits limits{.max_line_bytes = 10, .max_lines = 1 + random() % 4};
    std::string file;
    Lines expected;
    for (auto n = random() % 10; n > 0; --n) {
      const std::string line(1 + random() % 25, static_cast<char>('a' + n));
      file += line + '\n';
      expected.emplace_back(line.substr(0, 10), line.size() > 10);
    }
    Lines lines;
    std::size_t offset = 0;
    bool skipping = false;
    for (std::size_t grown = 0; offset < file.size();) {
      grown = std::min(file.size(), grown + 1 + random() % 30);
      const auto outcome = take(std::string_view(file).substr(offset, grown - offset), limits, skipping);
      lines.insert(lines.end(), outcome.lines.begin(), outcome.lines.end());
      offset += outcome.taken.bytes;
      skipping = outcome.taken.skipping;
    }
    ASSERT_EQ(lines, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tocsin::intake
