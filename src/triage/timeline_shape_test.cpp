#include "triage/timeline_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/attack.h"

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);

TimelineEntry entry(Nanos after, std::vector<std::string> tactics, Nanos delay = 1s) {
  TimelineEntry made;
  made.at = kStart + after;
  made.recorded_at = made.at + delay;
  made.tactics = std::move(tactics);
  made.source = "wazuh";
  made.alert_ids = {"AL-" + std::to_string(after.count())};
  return made;
}

TEST(TimelineShape, PhasesFollowTheKillChainAndTellWhoBeganTooEarly) {
  const std::vector<TimelineEntry> entries{entry(0min, {"TA0006"}), entry(5min, {"TA0001"}),
                                           entry(9min, {"TA0006", "TA0010"})};
  const auto phases = shape_of(entries).phases;
  ASSERT_THAT(phases, SizeIs(3));
  EXPECT_EQ(model::tactics()[phases[0].tactic].id, "TA0001");
  EXPECT_FALSE(phases[0].before_earlier_tactic);
  EXPECT_EQ(model::tactics()[phases[1].tactic].id, "TA0006");
  EXPECT_TRUE(phases[1].before_earlier_tactic) << "credentials were tried before the first access";
  EXPECT_EQ(phases[1].alerts, 2U);
  EXPECT_EQ(phases[1].last, kStart + 9min);
  EXPECT_FALSE(phases[2].before_earlier_tactic);
  EXPECT_THAT(phases[2].alert_ids, ElementsAre(entries[2].alert_ids[0]));
}

TEST(TimelineShape, AGapIsLongAndUnusual) {
  std::vector<TimelineEntry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(entry(i * 2min, {}));
  for (int i = 0; i < 6; ++i) entries.push_back(entry(5h + i * 2min, {}));
  const auto gaps = shape_of(entries).gaps;
  ASSERT_THAT(gaps, SizeIs(1));
  EXPECT_EQ(gaps[0].from, kStart + 10min);
  EXPECT_EQ(gaps[0].to, kStart + 5h);

  std::vector<TimelineEntry> hourly;
  for (int i = 0; i < 12; ++i) hourly.push_back(entry(i * 1h, {}));
  EXPECT_THAT(shape_of(hourly).gaps, IsEmpty()) << "an alert an hour is what is usual there";
}

TEST(TimelineShape, NotesFillNoGap) {
  std::vector<TimelineEntry> entries{entry(0min, {}), entry(90min, {}), entry(180min, {})};
  entries[1].kind = TimelineEntry::Kind::kNote;
  const auto gaps = shape_of(entries).gaps;
  ASSERT_THAT(gaps, SizeIs(1));
  EXPECT_EQ(gaps[0].to - gaps[0].from, Nanos(180min));
}

TEST(TimelineShape, ClocksThatAreOffAreNamedBySource) {
  std::vector<TimelineEntry> entries{entry(0min, {}, -10min), entry(1min, {}, -12min), entry(2min, {}, -90s),
                                     entry(3min, {}, 25min), entry(4min, {})};
  entries[3].source = "proxy";
  const auto clocks = shape_of(entries).clocks;
  ASSERT_THAT(clocks, SizeIs(2));
  EXPECT_EQ(clocks[0].source, "proxy");
  EXPECT_EQ(to_text(clocks[0].kind), "arrived_late");
  EXPECT_EQ(clocks[0].typical, Nanos(25min));
  EXPECT_EQ(to_text(clocks[1].kind), "clock_ahead");
  EXPECT_EQ(clocks[1].alerts, 2U) << "two clocks may differ by two minutes";
}

TEST(TimelineShape, NothingComesOfNothing) {
  const auto shape = shape_of({});
  EXPECT_THAT(shape.phases, IsEmpty());
  EXPECT_THAT(shape.gaps, IsEmpty());
  EXPECT_THAT(shape.clocks, IsEmpty());
}

}  // namespace
}  // namespace tocsin::triage
