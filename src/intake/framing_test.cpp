#include "intake/framing.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tocsin::intake {
namespace {

using Messages = std::vector<std::pair<std::string, bool>>;

struct Outcome {
  Messages messages;
  bool whole = true;
};

// Pushes `stream` in pieces of the given sizes (the last one again and again).
Outcome read(Framing framing, std::size_t limit, std::string_view stream, std::vector<std::size_t> sizes) {
  Outcome outcome;
  FrameReader reader(framing, limit);
  const auto each = [&](std::string_view message, bool cut) { outcome.messages.emplace_back(message, cut); };
  for (std::size_t at = 0, piece = 0; at < stream.size() && outcome.whole; ++piece) {
    const auto size = sizes[std::min(piece, sizes.size() - 1)];
    outcome.whole = reader.push(stream.substr(at, size), each);
    at += size;
  }
  reader.finish(each);
  return outcome;
}
Messages whole(Framing framing, std::string_view stream) {
  return read(framing, 1000, stream, {stream.size() + 1}).messages;
}

TEST(FrameReader, LinesEndWithLineFeedCarriageReturnOrNul) {
  const std::string_view stream("<1>a\n<2>b\r\n\n<3>c\0<4>d", 22);
  const Messages expected{{"<1>a", false}, {"<2>b", false}, {"<3>c", false}, {"<4>d", false}};
  EXPECT_EQ(whole(Framing::kLines, stream), expected);
  EXPECT_EQ(whole(Framing::kAuto, stream), expected);
}

TEST(FrameReader, CountedMessagesHoldLineEnds) {
  const Messages expected{{"<1>a\nb", false}, {"<2>c", false}};
  EXPECT_EQ(whole(Framing::kAuto, "6 <1>a\nb4 <2>c"), expected);
  EXPECT_EQ(whole(Framing::kAuto, "6 <1>a\nb\n4 <2>c\n"), expected) << "a line end after each";
  EXPECT_EQ(whole(Framing::kOctetCounting, "2 ab"), (Messages{{"ab", false}})) << "forced: no '<' needed";
}

TEST(FrameReader, DigitsAloneDoNotMakeACount) {
  EXPECT_EQ(whole(Framing::kAuto, "1,2021/08/31 14:00:02,THREAT\n12 monkeys\n"),
            (Messages{{"1,2021/08/31 14:00:02,THREAT", false}, {"12 monkeys", false}}));
  EXPECT_EQ(whole(Framing::kAuto, "2026-01-18 a\n"), (Messages{{"2026-01-18 a", false}}));
  EXPECT_EQ(whole(Framing::kAuto, "42"), (Messages{{"42", false}}));
  EXPECT_EQ(whole(Framing::kAuto, "7\n8\n"), (Messages{{"7", false}, {"8", false}}));
}

TEST(FrameReader, LongMessagesAreCutAndTheNextIsWhole) {
  EXPECT_EQ(read(Framing::kLines, 4, "abcdefgh\nij\n", {3}).messages,
            (Messages{{"abcd", true}, {"ij", false}}));
  EXPECT_EQ(read(Framing::kAuto, 4, "8 <bcdefgh2 <j", {3}).messages,
            (Messages{{"<bcd", true}, {"<j", false}}));
  EXPECT_EQ(read(Framing::kLines, 4, "abcd\n", {2}).messages, (Messages{{"abcd", false}}));
}

TEST(FrameReader, AnUnfinishedCountedMessageIsCut) {
  EXPECT_EQ(whole(Framing::kAuto, "9 <1>abc"), (Messages{{"<1>abc", true}}));
  EXPECT_EQ(whole(Framing::kAuto, "4 <1>a12"), (Messages{{"<1>a", false}}));
}

TEST(FrameReader, AWrongCountEndsTheStreamAndKeepsItsBytes) {
  for (const auto* wrong : {"x <2>b", "9999999999 <2>b", "0 <2>b", "5<2>b", " 4 <2>b"}) {
    const auto outcome = read(Framing::kOctetCounting, 100, std::string("4 <1>a") + wrong, {100});
    EXPECT_FALSE(outcome.whole) << wrong;
    ASSERT_EQ(outcome.messages.size(), 2U) << wrong;
    EXPECT_EQ(outcome.messages[1], std::make_pair(std::string(wrong), true));
  }
}

// However the network cuts the stream, the messages are the same.
class AnySplit : public testing::TestWithParam<Framing> {};

std::string random_message(std::mt19937& random, bool lines) {
  constexpr std::string_view kAlphabet = "<>0123456789 abc\xC3\xA9\r\n";
  std::string message = "<13>";
  const auto size = random() % 40;
  while (message.size() < size + 4) {
    const char c = kAlphabet[random() % kAlphabet.size()];
    if (!lines || (c != '\n' && c != '\r')) message += c;
  }
  return message;
}

TEST_P(AnySplit, GivesTheSameMessages) {
  const bool lines = GetParam() == Framing::kLines;
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    const std::size_t limit = 8 + random() % 60;
    std::string stream;
    Messages expected;
    for (auto n = random() % 8 + 1; n > 0; --n) {
      const auto message = random_message(random, lines);
      stream += lines ? message + (random() % 2 == 0 ? "\n" : "\r\n")
                      : std::to_string(message.size()) + ' ' + message;
      expected.emplace_back(message.substr(0, limit), message.size() > limit);
    }
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 64; ++i) sizes.push_back(1 + random() % 24);
    const auto outcome = read(Framing::kAuto, limit, stream, sizes);
    ASSERT_TRUE(outcome.whole) << "seed " << seed;
    ASSERT_EQ(outcome.messages.size(), expected.size()) << "seed " << seed;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(outcome.messages[i].first, expected[i].first) << "seed " << seed << " message " << i;
      // Of a line that just fits, the carriage return may not: it then counts as cut.
      const bool just_fits = lines && expected[i].first.size() == limit;
      if (!just_fits) {
        ASSERT_EQ(outcome.messages[i].second, expected[i].second) << "seed " << seed;
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Framings, AnySplit, testing::Values(Framing::kLines, Framing::kOctetCounting));

}  // namespace
}  // namespace tocsin::intake
