#include "detect/scan/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temp_dir.h"
#include "detect/testing/pack.h"
#include "detect/testing/rules.h"

namespace tocsin::detect {
namespace {

constexpr const char* kRules = R"(title: One in ten
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, service: security}
detection:
  s:
    SubjectUserName|endswith: '7'
  condition: s
---
title: All
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows}
detection:
  s:
    SubjectUserName: '*'
  condition: s
)";

class ScanTest : public testing::Test {
 protected:
  ScanTest() : matcher_(test::parse_rules(kRules).rules, SourceTable::built_in()) {}

  std::string write(const std::string& name, const std::string& bytes) const {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  struct Sum {
    std::vector<std::string> matches;  // FILE:LINE:RULE:ID
    std::vector<std::string> faults;
    std::vector<std::string> errors;
    std::uint64_t events = 0, unreadable = 0;
    std::size_t files = 0;
  };
  Sum scan(std::vector<std::string> files, std::size_t threads, const LogSource& given = {}) {
    Scan scan(matcher_, SourceTable::built_in(), {std::move(files), {given}, threads});
    Sum sum;
    while (!scan.is_finished()) {
      const auto result = scan.next(std::chrono::milliseconds(50));
      if (!result) continue;
      const auto file = std::to_string(result->file) + ":";
      for (const auto& match : result->judgement.matches)
        sum.matches.push_back(file + std::to_string(match.line) + ":" + std::to_string(match.rule) + ":" +
                              match.event_id);
      for (const auto& fault : result->judgement.faults)
        sum.faults.push_back(file + std::to_string(fault.line) + ":" + fault.reason);
      if (result->error) sum.errors.push_back(file + result->error->message);
      sum.events += result->judgement.events;
      sum.unreadable += result->judgement.unreadable;
      sum.files += result->is_last ? 1 : 0;
    }
    return sum;
  }

  RuleMatcher matcher_;
  test::TempDir folder_;
};

std::string logons(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += R"({"Channel":"Security","EventID":4624,"SubjectUserName":"u)" + std::to_string(i) + "\"}\n";
  return text;
}

TEST_F(ScanTest, AnyNumberOfThreadsGivesTheSameInTheSameOrder) {
  constexpr std::size_t kCount = 20'000;
  const std::vector<std::string> files{write("a", logons(kCount)), write("b", ""),
                                       write("c", test::packed(logons(kCount), ARCHIVE_FILTER_GZIP)),
                                       write("d", logons(3))};
  const auto one = scan(files, 1);
  EXPECT_EQ(one.events, 2 * kCount + 3);
  EXPECT_EQ(one.files, 4u);
  ASSERT_EQ(one.matches.size(), 2 * (kCount + kCount / 10) + 3);
  EXPECT_EQ(one.matches.front(), "0:1:1:4624");
  EXPECT_EQ(one.matches[7], "0:8:0:4624");
  EXPECT_EQ(one.matches[8], "0:8:1:4624");
  EXPECT_EQ(one.matches.back(), "3:3:1:4624");
  for (const std::size_t threads : {2U, 5U}) EXPECT_EQ(scan(files, threads).matches, one.matches) << threads;
}

TEST_F(ScanTest, ManyMatchesWaitForTheirTurn) {
  // More than may wait at once: threads hold back, and nothing is lost or out of order.
  std::vector<std::string> files(8, write("a", logons(30'000)));
  const auto sum = scan(files, 4);
  EXPECT_EQ(sum.matches.size(), 8u * 33'000u);
  EXPECT_EQ(sum.files, 8u);
}

TEST_F(ScanTest, WhatCannotBeReadIsToldAndTheRestGoesOn) {
  const auto good = logons(1);
  const auto sum = scan({write("a", good + "broken\n{\"a\":\n[]\n" + good),
                         (folder_.path() / "absent").string(), write("c", good)},
                        2);
  EXPECT_THAT(sum.matches, testing::ElementsAre("0:1:1:4624", "0:5:1:4624", "2:1:1:4624"));
  EXPECT_EQ(sum.events, 3u);
  EXPECT_EQ(sum.unreadable, 3u);
  ASSERT_EQ(sum.faults.size(), 3u);
  EXPECT_TRUE(sum.faults[0].starts_with("0:2:"));
  EXPECT_TRUE(sum.faults[1].starts_with("0:3:"));
  EXPECT_TRUE(sum.faults[2].starts_with("0:4:"));
  EXPECT_THAT(sum.errors, testing::ElementsAre("1:No such file or directory"));
}

TEST_F(ScanTest, WhatIsGivenCountsWhereTheEventSaysNothing) {
  const auto file = write("a", "{\"SubjectUserName\":\"x\",\"eventID\":\"a\\\"b\"}\n");
  EXPECT_TRUE(scan({file}, 1).matches.empty());
  EXPECT_THAT(scan({file}, 1, {.product = "windows"}).matches, testing::ElementsAre("0:1:1:\"a\\\"b\""));
}

TEST_F(ScanTest, IdsOfEventsAreThoseOfTheirShape) {
  const auto nested = [](const std::string& id) {
    return R"({"Event":{"System":{"Channel":"Security","EventID":)" + id +
           R"(},"EventData":{"SubjectUserName":"x"}}})" + "\n";
  };
  const auto file = write("a", nested("4624") + nested(R"({"#text":"4688","#attributes":{"Qualifiers":0}})") +
                                   nested("\"" + std::string(ChunkJudge::kMaxIdBytes + 1, '9') + "\""));
  EXPECT_THAT(scan({file}, 1, {.product = "windows"}).matches,
              testing::ElementsAre("0:1:1:4624", "0:2:1:\"4688\"", "0:3:1:"));
}

TEST_F(ScanTest, StopsInTheMiddle) {
  const std::vector<std::string> files(50, write("a", logons(20'000)));
  Scan scan(matcher_, SourceTable::built_in(), {files, {}, 3});
  while (!scan.next(std::chrono::milliseconds(50))) {
  }
  EXPECT_FALSE(scan.is_finished());
}

}  // namespace
}  // namespace tocsin::detect
