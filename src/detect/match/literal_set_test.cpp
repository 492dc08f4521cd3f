#include "detect/match/literal_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "detect/match/raw_filter.h"

namespace tocsin::detect {
namespace {

using testing::ElementsAre;
using Hits = std::vector<std::pair<std::size_t, std::size_t>>;  // literal, end

Hits found(const std::vector<std::string>& literals, std::string_view text) {
  Hits hits;
  LiteralSet(literals).scan(text,
                            [&](std::size_t literal, std::size_t end) { hits.emplace_back(literal, end); });
  std::sort(hits.begin(), hits.end());
  return hits;
}

// By the automaton alone.
Hits found_in_bytes(const std::vector<std::string>& literals, std::string_view text) {
  Hits hits;
  LiteralSet(literals).scan_bytes(
      text, [&](std::size_t literal, std::size_t end) { hits.emplace_back(literal, end); });
  std::sort(hits.begin(), hits.end());
  return hits;
}

Hits found_plainly(const std::vector<std::string>& literals, std::string_view text) {
  Hits hits;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    for (auto at = text.find(literals[i]); at != std::string_view::npos; at = text.find(literals[i], at + 1))
      hits.emplace_back(i, at + literals[i].size());
  }
  return hits;
}

std::string random_text(std::mt19937& random, std::size_t size, std::string_view letters) {
  std::string text;
  while (text.size() < size) text += letters[random() % letters.size()];
  return text;
}

TEST(LiteralSet, FindsLiteralsInsideAndAtTheEndOfOthers) {
  const std::vector<std::string> literals{"she", "he", "hers", "s"};
  EXPECT_THAT(found(literals, "ushers"), ElementsAre(std::pair(0, 4), std::pair(1, 4), std::pair(2, 6),
                                                     std::pair(3, 2), std::pair(3, 6)));
  EXPECT_TRUE(found({}, "ushers").empty());
  EXPECT_TRUE(found(literals, "").empty());
}

TEST(LiteralSet, FindsWhatAPlainSearchFinds) {
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> literals;
    for (int i = 0; i < 12; ++i) {
      auto literal = random_text(random, 1 + random() % 9, "ab\\\xc3\xff");
      if (std::find(literals.begin(), literals.end(), literal) == literals.end()) literals.push_back(literal);
    }
    const auto text = random_text(random, random() % 60, "abc\\\xc3\xff");
    auto plain = found_plainly(literals, text);
    std::sort(plain.begin(), plain.end());
    EXPECT_EQ(found(literals, text), plain) << text;
    EXPECT_EQ(found_in_bytes(literals, text), plain) << text;
  }
}

TEST(LiteralSet, ATextFullOfWindowsOfManyLiteralsIsReadOnceMore) {
  std::vector<std::string> literals;
  for (std::size_t size = 5; size < 300; ++size) literals.push_back(std::string(size, 'a') + 'b');
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "aaab";
  text.append(500, 'a').push_back('b');
  const auto ignore = [](std::size_t, std::size_t) {};
  EXPECT_FALSE(WindowFilter(literals).scan(text, ignore));
  EXPECT_TRUE(WindowFilter(literals).scan("nothing of them", ignore));
  auto hits = found(literals, text);
  hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
  EXPECT_EQ(hits, found_in_bytes(literals, text));
  EXPECT_EQ(hits.size(), literals.size());
}

TEST(LiteralSet, ManyLiteralsOfAllBytes) {
  std::vector<std::string> literals;
  for (int c = 0; c < 256; ++c) literals.push_back(std::string(2, static_cast<char>(c)));
  const std::string text = "\x01\x01 \xfe\xfe";
  EXPECT_THAT(found(literals, text), ElementsAre(std::pair(1, 2), std::pair(0xfe, 5)));
}

TEST(RawFilter, TakesThePartThatJsonWritesAsItIs) {
  EXPECT_EQ(RawFilter::raw_part("\\mimilib.dll"), "mimilib.dll");
  EXPECT_EQ(RawFilter::raw_part("a/long/path/here\\x"), "long");
  EXPECT_EQ(RawFilter::raw_part("a\"b"), "");
  EXPECT_EQ(RawFilter::raw_part("äöü"), "");
}

TEST(RawFilter, NeverMissesAPartInAnyCaseOrCoding) {
  const RawFilter filter({"sekurlsa::", "kiwi", "lsadump::"});
  EXPECT_TRUE(filter.may_contain(R"({"a":"x SeKuRlSa::logonpasswords"})"));
  EXPECT_TRUE(filter.may_contain("kiwi"));
  EXPECT_TRUE(filter.may_contain("KIWI\"}"));
  EXPECT_TRUE(filter.may_contain(R"({"a":"\u006biwi"})"));
  EXPECT_FALSE(filter.may_contain(R"({"a":"C:\\Windows\\System32\\kiw i sekurlsa:"})"));
  EXPECT_FALSE(filter.may_contain(""));
}

TEST(RawFilter, AgreesWithAPlainSearch) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    const std::vector<std::string> parts{random_text(random, 4 + random() % 3, "ab"),
                                         random_text(random, 4 + random() % 9, "abc")};
    const auto text = random_text(random, random() % 40, "abc");
    const bool there = text.find(parts[0]) != std::string::npos || text.find(parts[1]) != std::string::npos;
    EXPECT_EQ(RawFilter(parts).may_contain(text), there) << text;
  }
}

TEST(RawFilter, FindsAPartWhereverItStands) {
  for (const std::string part : {"eval", "sekurlsa", "invoke-mimikatz"}) {
    const RawFilter filter({part, "some other part that is longer"});
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t after = 0; after < 40; ++after) {
        const std::string around = std::string(before, '.') + part + std::string(after, '.');
        EXPECT_TRUE(filter.may_contain(around)) << before << ' ' << after;
        const std::string broken = std::string(before, '.') + part.substr(1) + std::string(after, '.');
        EXPECT_FALSE(filter.may_contain(broken)) << before << ' ' << after;
      }
    }
  }
}

TEST(RawFilter, CannotTellWhereACharacterIsCoded) {
  const RawFilter filter({"sekurlsa"});
  for (std::size_t before = 0; before < 200; ++before) {
    const std::string filler(before, '.');
    EXPECT_TRUE(filter.may_contain(filler + R"(\u0073ekurlsa)" + filler)) << before;
    EXPECT_FALSE(filter.may_contain(filler + R"(\\users)" + std::string(200, '.'))) << before;
  }
}

}  // namespace
}  // namespace tocsin::detect
