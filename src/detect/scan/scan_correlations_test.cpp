#include "detect/scan/scan_correlations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temp_dir.h"
#include "detect/scan/scan.h"
#include "detect/testing/rules.h"

namespace tocsin::detect {
namespace {

constexpr const char* kRules = R"(title: Failed logon
name: failed
logsource: {product: windows, service: security}
detection:
  s:
    EventID: 4625
  condition: s
---
title: Logon
name: logon
logsource: {product: windows, service: security}
detection:
  s:
    EventID: 4624
  condition: s
---
title: Three failures
name: three
correlation:
  type: event_count
  rules: [failed]
  group-by: [IpAddress]
  timespan: 10m
  condition: {gte: 3}
---
title: Failures then a logon
correlation:
  type: temporal_ordered
  rules: [three, logon]
  group-by: [IpAddress]
  timespan: 10m
)";

std::string event(int id, const std::string& time, const std::string& address) {
  return R"({"Channel":"Security","EventID":)" + std::to_string(id) + R"(,"IpAddress":")" + address +
         R"(","TimeCreated":")" + time + "\"}\n";
}

class ScanCorrelationsTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) const {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  struct Told {
    std::vector<std::string> hits;  // "TITLE GROUP VALUE FILE:LINE FILE:LINE"
    std::size_t matches = 0;
    std::uint64_t timeless = 0;
    CorrelatorStats stats;
  };

  Told scan(std::vector<std::string> files, std::size_t threads,
            std::size_t room = ScanCorrelations::kMaxWaiting, std::vector<bool> left_out = {}) const {
    const auto set = test::parse_rules(kRules);
    EXPECT_TRUE(set.refusals.empty());
    auto correlations = ScanCorrelations::create(set, room);
    EXPECT_TRUE(correlations);
    const RuleMatcher matcher(set.rules, SourceTable::built_in());
    Scan scan(matcher, SourceTable::built_in(),
              {std::move(files), {{}, std::move(left_out), &correlations->needs()}, threads});
    Told told;
    std::vector<ScanHit> hits;
    while (!scan.is_finished()) {
      auto result = scan.next(std::chrono::milliseconds(50));
      if (!result) continue;
      told.matches += result->judgement.matches.size();
      told.timeless += result->judgement.timeless;
      correlations->add(result->file, std::move(result->judgement.correlated), hits);
    }
    correlations->finish(hits);
    for (const auto& hit : hits) told.hits.push_back(text_of(set, hit));
    told.stats = correlations->stats();
    return told;
  }

  static std::string text_of(const sigma::RuleSet& set, const ScanHit& hit) {
    auto text = set.correlations.at(hit.correlation).title;
    for (const auto& value : hit.group) text += " " + value;
    std::visit([&](auto number) { text += " " + std::to_string(number); }, hit.value);
    for (const auto& place : hit.events)
      text += " " + std::to_string(place.file) + ":" + std::to_string(place.line);
    return text;
  }

  test::TempDir folder_;
};

TEST_F(ScanCorrelationsTest, MatchesOfAllFilesCountInOrderOfTime) {
  const auto late = write("late", event(4625, "2026-01-01T00:05:00Z", "192.0.2.1") +
                                      event(4625, "2026-01-01T09:00:00Z", "192.0.2.1") +
                                      event(4624, "2026-01-01T00:06:00Z", "192.0.2.1"));
  const auto early = write("early", event(4625, "2026-01-01T00:00:00Z", "192.0.2.1") +
                                        event(4625, "2026-01-01T00:01:00Z", "192.0.2.2") +
                                        event(4625, "2026-01-01T00:02:00Z", "192.0.2.1"));
  const auto told = scan({late, early}, 2);
  EXPECT_THAT(told.hits, testing::ElementsAre("Failures then a logon 192.0.2.1 2 0:1 0:3"));
  EXPECT_EQ(told.matches, 6u);  // rules tell theirs too
  EXPECT_EQ(told.stats.late_events, 0u);
  EXPECT_EQ(scan({early, late}, 1).hits.size(), 1u);
}

TEST_F(ScanCorrelationsTest, AnyNumberOfThreadsAndAnyRoomGiveTheSameWhereFilesAreInOrder) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    const auto at =
        from_unix_nanos(std::int64_t{1'800'000'000'000'000'000} + i * std::int64_t{7'000'000'000});
    const auto id = i % 11 == 0 ? 4624 : 4625;
    text += event(id, to_rfc3339(at), "192.0.2." + std::to_string(i * i % 13));
  }
  const auto half = text.find('\n', text.size() / 2) + 1;
  const std::vector files{write("a", text.substr(0, half)), write("b", text.substr(half))};
  const auto one = scan(files, 1);
  EXPECT_GT(one.hits.size(), 100u);
  EXPECT_EQ(scan(files, 7).hits, one.hits);
  EXPECT_EQ(scan(files, 3, 10'000).hits, one.hits);
  EXPECT_EQ(scan(files, 2, 1).hits, one.hits);
}

TEST_F(ScanCorrelationsTest, WhatComesTooLateForTheRoomIsCountedAsLate) {
  std::string text;
  for (int hour = 23; hour >= 10; --hour)
    text += event(4625, "2026-01-01T" + std::to_string(hour) + ":00:00Z", "192.0.2.1");
  EXPECT_EQ(scan({write("a", text)}, 1).stats.late_events, 0u);
  EXPECT_GT(scan({write("a", text)}, 1, 1).stats.late_events, 0u);
}

TEST_F(ScanCorrelationsTest, EventsWithoutATimeTakeNoPart) {
  std::string text;
  for (int i = 0; i < 5; ++i) text += event(4625, "some day", "192.0.2.1");
  const auto told = scan({write("a", text)}, 1);
  EXPECT_TRUE(told.hits.empty());
  EXPECT_EQ(told.matches, 5u);
  EXPECT_EQ(told.timeless, 5u);
}

TEST_F(ScanCorrelationsTest, RulesThatAreLeftOutTellNothingAndCountNowhere) {
  std::string text;
  for (int i = 0; i < 5; ++i)
    text += event(4625, "2026-01-01T00:00:0" + std::to_string(i) + "Z", "192.0.2.1");
  text += event(4624, "2026-01-01T00:00:07Z", "192.0.2.1");
  EXPECT_EQ(scan({write("a", text)}, 1).hits.size(), 1u);
  const auto told = scan({write("a", text)}, 1, ScanCorrelations::kMaxWaiting, {true});
  EXPECT_TRUE(told.hits.empty());
  EXPECT_EQ(told.matches, 1u);
}

TEST(CorrelatedMatch, KeepsWhatCorrelationsAskForAndNoMore) {
  const CorrelationNeeds needs{{true}, {"IpAddress", "User"}};
  std::string many;
  for (int i = 0; i < 100; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  const auto event = test::event_of(R"({"IpAddress":"192.0.2.1","User":[null,)" + many + R"(],"Other":"x"})");
  const CorrelatedMatch match(7, Timestamp{}, {0}, needs, event);
  ASSERT_NE(match.find("IpAddress"), nullptr);
  EXPECT_EQ(match.find("IpAddress")->front().text, "192.0.2.1");
  ASSERT_NE(match.find("User"), nullptr);
  EXPECT_EQ(match.find("User")->size(), 16u);
  EXPECT_EQ(match.find("Other"), nullptr);
  EXPECT_EQ(match.find("Absent"), nullptr);
  EXPECT_GT(match.bytes(), sizeof(CorrelatedMatch));
}

}  // namespace
}  // namespace tocsin::detect
