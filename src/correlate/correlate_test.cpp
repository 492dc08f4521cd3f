#include "correlate/correlate.h"

#include <gtest/gtest.h>

#include <map>

#include "correlate/fake_stream.h"
#include "model/suppressed.h"

namespace tocsin::correlate {
namespace {

using model::LinkReason;
using model::Severity;

// A Correlator with what came of it, as the owner would store it.
class World {
 public:
  explicit World(const Options& options = {}) : correlator_(*Correlator::create(options)) {}

  void judge(const model::LinkRecord& record) {
    correlator_.judge(record, changes_);
    settle();
  }
  void place(const model::LinkRecord& record, Seq incident) {
    correlator_.place(record, incident, {}, changes_);
    settle();
    if (incident != 0) links[record.seq] = {record.seq, incident};
  }
  void judge_all(std::initializer_list<model::LinkRecord> records) {
    for (const auto& record : records) judge(record);
  }
  Seq incident_of(Seq alert) const {
    const auto found = links.find(alert);
    return found == links.end() ? 0 : found->second.incident;
  }
  std::map<Seq, std::size_t> sizes() const {
    std::map<Seq, std::size_t> out;
    for (const auto& [alert, link] : links) ++out[link.incident];
    return out;
  }
  Correlator& correlator() { return correlator_; }

  std::map<Seq, Link> links;
  std::map<Seq, Seq> merged;

 private:
  void settle() {
    for (const auto& link : changes_.links) links[link.alert] = link;
    for (const auto& merge : changes_.merges) {
      merged[merge.from] = merge.into;
      for (auto& [alert, link] : links) {
        if (link.incident == merge.from) link.incident = merge.into;
      }
    }
    changes_.clear();
  }
  Correlator correlator_;
  Changes changes_;
};

RecordBuilder bruteforce(Seq seq, std::int64_t minutes = 0) {
  RecordBuilder builder(seq, minutes);
  builder.rule("ssh_bruteforce").user("admin").host("web-01").ip("1.2.3.4").severity(Severity::kHigh);
  return builder;
}

TEST(Correlator, TwoHighAlertsOfOneUserHostAndAddressAreOneIncident) {
  World world;
  world.judge_all({bruteforce(1), bruteforce(2, 1)});
  EXPECT_EQ(world.sizes(), (std::map<Seq, std::size_t>{{1, 2}}));
  EXPECT_EQ(world.links[1].reason, LinkReason::kOpened);
  EXPECT_EQ(world.links[2].reason, LinkReason::kSharedEntities);
  EXPECT_EQ(world.links[2].linked_to, 1);
  EXPECT_EQ(world.links[2].index_count, 3);
  EXPECT_GE(world.links[2].weight_hundredths, 100);
}

TEST(Correlator, SixAlertsOfTwoStoriesAreTwoIncidents) {
  World world;
  const auto dev = [](Seq seq, int minute, std::string_view rule) {
    return RecordBuilder(seq, minute).rule(rule).user("dev_user");
  };
  const auto ops = [](Seq seq, int minute) {
    return RecordBuilder(seq, minute).rule("s3_public").user("ops_user");
  };
  world.judge_all({dev(1, 0, "multiple_failed_logins").host("laptop-22").ip("185.1.1.1"), ops(2, 1),
                   dev(3, 4, "iam_key_created").ip("185.1.1.1"),
                   dev(4, 9, "suspicious_powershell").host("laptop-22"), ops(5, 10),
                   dev(6, 12, "c2_outbound").host("laptop-22").ip("45.9.9.9").severity(Severity::kCritical)});
  EXPECT_EQ(world.sizes(), (std::map<Seq, std::size_t>{{1, 4}, {2, 2}}));
}

TEST(Correlator, LoneAlertsOpenOnlyWhenSevere) {
  World world;
  Seq seq = 0;
  for (const auto severity :
       {Severity::kInfo, Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    ++seq;
    world.judge(RecordBuilder(seq).host("host-" + std::to_string(seq)).severity(severity));
  }
  EXPECT_EQ(world.sizes(), (std::map<Seq, std::size_t>{{1, 1}, {2, 1}}));
  EXPECT_EQ(world.incident_of(4), 1);
  EXPECT_EQ(world.incident_of(5), 2);
}

TEST(Correlator, TheSecondOfTwoQuietAlertsOpensAnIncidentWithBoth) {
  World world;
  world.judge_all({RecordBuilder(1).user("bo").host("pc").severity(Severity::kLow),
                   RecordBuilder(2, 3).user("bo").host("pc").severity(Severity::kLow)});
  EXPECT_EQ(world.sizes(), (std::map<Seq, std::size_t>{{1, 2}}));
  EXPECT_EQ(world.links[1].reason, LinkReason::kOpened);
  EXPECT_EQ(world.links[1].linked_to, 0);
}

TEST(Correlator, WhatWasHiddenJoinsNothingAndIsJoinedByNothing) {
  World world;
  model::LinkRecord hidden = bruteforce(1);
  model::keep_apart(hidden);
  world.judge(hidden);
  world.judge(RecordBuilder(2, 1).user("bo").host("pc").severity(Severity::kLow));
  model::LinkRecord second = RecordBuilder(3, 1).user("bo").host("pc").severity(Severity::kHigh);
  model::keep_apart(second);
  world.judge(second);
  EXPECT_TRUE(world.links.empty());
  world.judge(RecordBuilder(4, 2).user("bo").host("pc").severity(Severity::kLow));
  EXPECT_EQ(world.sizes(), (std::map<Seq, std::size_t>{{1, 2}}));
  EXPECT_EQ(world.incident_of(4), world.incident_of(2));
}

TEST(Correlator, BeyondTheWindowNothingLinks) {
  World world;
  world.judge_all({RecordBuilder(1).user("bo").host("pc"), RecordBuilder(2, 16).user("bo").host("pc")});
  EXPECT_TRUE(world.links.empty());
  Options wide;
  wide.window = std::chrono::minutes(20);
  World wider(wide);
  wider.judge_all({RecordBuilder(1).user("bo").host("pc"), RecordBuilder(2, 16).user("bo").host("pc")});
  EXPECT_EQ(wider.links.size(), 2U);
}

TEST(Correlator, ASharedAddressAloneIsNoLinkButAStepForwardOnItIs) {
  World world;
  world.judge_all({RecordBuilder(1).ip("9.9.9.9").tactic(5), RecordBuilder(2, 1).ip("9.9.9.9").tactic(5)});
  EXPECT_TRUE(world.links.empty());
  world.judge(RecordBuilder(3, 2).ip("9.9.9.9").tactic(8));
  EXPECT_EQ(world.links[3].reason, LinkReason::kKillChain);
  EXPECT_EQ(world.incident_of(3), world.incident_of(1));
  World backward;
  backward.judge_all({RecordBuilder(1).ip("9.9.9.9").tactic(8), RecordBuilder(2, 1).ip("9.9.9.9").tactic(5)});
  EXPECT_TRUE(backward.links.empty());
}

TEST(Correlator, AnEgressProxyJoinsNobody) {
  World world;
  for (Seq seq = 1; seq <= 300; ++seq) {
    const auto name = std::to_string(seq);
    world.judge(RecordBuilder(seq, seq / 30).user("u" + name).host("h" + name).ip("proxy").rule("r" + name));
  }
  EXPECT_TRUE(world.links.empty());
}

TEST(Correlator, AScannerAndAServiceAccountJoinNothing) {
  World world;
  for (Seq seq = 1; seq <= 400; seq += 2) {
    const auto name = std::to_string(seq);
    world.judge(RecordBuilder(seq, seq / 40).ip("scanner").host("s" + name).rule("scan"));
    world.judge(RecordBuilder(seq + 1, seq / 40).user("svc_backup").host("b" + name).rule("logon"));
  }
  EXPECT_TRUE(world.links.empty());
}

TEST(Correlator, ABurstOfOneRuleOnABusyHostOpensAnIncident) {
  const auto spray = [](Seq seq) {
    return RecordBuilder(seq)
        .at(kStart + seq * kMinute / 10)
        .host("vpn")
        .user("u" + std::to_string(seq))
        .rule("failed");
  };
  World world;
  for (Seq seq = 1; seq <= 200; ++seq) {  // makes the host common, with other rules
    world.judge(
        RecordBuilder(seq, -40).host("vpn").user("v" + std::to_string(seq)).rule("r" + std::to_string(seq)));
  }
  for (Seq seq = 201; seq <= 209; ++seq) world.judge(spray(seq));
  EXPECT_EQ(world.incident_of(209), 0);
  world.judge(spray(210));
  const auto incident = world.incident_of(210);
  ASSERT_NE(incident, 0);
  EXPECT_EQ(world.links[210].reason, LinkReason::kSameRule);
  for (Seq seq = 201; seq <= 210; ++seq) EXPECT_EQ(world.incident_of(seq), incident) << seq;
  world.judge(spray(211));
  EXPECT_EQ(world.incident_of(211), incident);
}

TEST(Correlator, OneAlertThatLinksTwoIncidentsMergesThemIntoTheOlder) {
  World world;
  world.judge_all({RecordBuilder(1).user("a").host("x").severity(Severity::kHigh),
                   RecordBuilder(2).user("b").host("y").severity(Severity::kHigh),
                   RecordBuilder(3, 1).user("a").host("x").user("b").host("y")});
  EXPECT_EQ(world.sizes(), (std::map<Seq, std::size_t>{{1, 3}}));
  EXPECT_EQ(world.merged, (std::map<Seq, Seq>{{2, 1}}));
}

TEST(Correlator, DecidedIncidentsAreNeverMergedAndClosedOnesNeverGrow) {
  World world;
  world.judge_all({RecordBuilder(1).user("a").host("x").severity(Severity::kHigh),
                   RecordBuilder(2).user("b").host("y").severity(Severity::kHigh)});
  world.correlator().set_standing(1, {true, false, 0});
  world.correlator().set_standing(2, {true, false, 0});
  world.judge(RecordBuilder(3, 1).user("a").host("x").user("b").host("y"));
  EXPECT_TRUE(world.merged.empty());
  EXPECT_EQ(world.incident_of(3), 1);
  world.correlator().set_standing(1, {true, true, 0});
  world.judge(RecordBuilder(4, 2).user("a").host("x").severity(Severity::kHigh));
  EXPECT_EQ(world.incident_of(4), 3);
  EXPECT_EQ(world.sizes()[1], 2U);
}

TEST(Correlator, TheDecidedOneSurvivesAMerge) {
  World world;
  world.judge_all({RecordBuilder(1).user("a").host("x").severity(Severity::kHigh),
                   RecordBuilder(2).user("b").host("y").severity(Severity::kHigh)});
  world.correlator().set_standing(2, {true, false, 0});
  world.judge(RecordBuilder(3, 1).user("a").host("x").user("b").host("y"));
  EXPECT_EQ(world.merged, (std::map<Seq, Seq>{{1, 2}}));
}

TEST(Correlator, SplitAlertsAndTheirFollowersStayApart) {
  World world;
  for (Seq seq = 1; seq <= 4; ++seq)
    world.judge(RecordBuilder(seq, seq).user("a").host("x").user("b").host("y"));
  ASSERT_EQ(world.sizes().size(), 1U);
  Changes changes;
  const std::array<Seq, 1> taken{4};
  const auto made = world.correlator().next_incident();
  world.correlator().set_next_incident(made + 1);
  world.correlator().assign(taken, made, changes);
  world.correlator().set_standing(1, {true, false, 0});
  world.links[4].incident = made;
  world.judge(RecordBuilder(5, 5).user("a").host("x").user("b").host("y"));
  EXPECT_TRUE(world.merged.empty());
  EXPECT_EQ(world.incident_of(5), made) << "the last alert with these keys is in the split-off incident";
  EXPECT_EQ(world.incident_of(1), 1);
}

TEST(Correlator, AtTheAlertCapANewIncidentOpens) {
  Options options;
  options.max_alerts_per_incident = 6;
  World world(options);
  for (Seq seq = 1; seq <= 12; ++seq) world.judge(RecordBuilder(seq, seq / 4).user("a").host("x").ip("i"));
  for (const auto& [incident, size] : world.sizes()) EXPECT_LE(size, 6U) << incident;
  EXPECT_EQ(world.sizes().size(), 2U);
  model::Incident incident;
  ScoreOptions score;
  score.max_alerts_per_incident = 6;
  describe(*world.correlator().find(1), score, {}, incident);
  EXPECT_NE(incident.review_reason.find("closed to growth"), std::string::npos);
}

TEST(Correlator, AChattyHostDoesNotSwallowTheDay) {
  World world;
  for (Seq seq = 1; seq <= 600; ++seq) {  // five days, every 12 minutes
    world.judge(RecordBuilder(seq, seq * 12).user("a").host("x"));
  }
  for (const auto& [incident, size] : world.sizes()) {
    EXPECT_LE(size, 121U);
    const auto* total = world.correlator().find(incident);
    ASSERT_NE(total, nullptr);
    EXPECT_LE(total->last_seen - total->first_seen, Nanos(std::chrono::hours(24)).count());
  }
  EXPECT_GE(world.sizes().size(), 5U);
}

TEST(Correlator, ArrivalOrderOfAStoryDoesNotMatter) {
  std::vector<model::LinkRecord> story;
  for (int i = 0; i < 8; ++i) {
    story.push_back(RecordBuilder(0, i * 10).user("a").host("x").tactic(static_cast<unsigned>(i)));
  }
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    std::shuffle(story.begin(), story.end(), random);
    World world;
    Seq seq = 0;
    for (auto record : story) {
      record.seq = ++seq;
      world.judge(record);
    }
    ASSERT_EQ(world.sizes().size(), 1U) << round;
    EXPECT_EQ(world.sizes().begin()->second, story.size());
  }
}

TEST(Correlator, AFutureDatedAlertHoldsNoWindowOpen) {
  World world;
  const auto later = kStart + 60 * kMinute;
  auto poison = RecordBuilder(1).user("a").host("x").at(kStart + 30LL * 24 * 60 * kMinute).received(kStart);
  world.judge(poison);
  world.judge(RecordBuilder(2).user("a").host("x").at(later));
  EXPECT_TRUE(world.links.empty());
  world.judge(RecordBuilder(3).user("a").host("x").at(later + kMinute));
  EXPECT_EQ(world.incident_of(3), world.incident_of(2));
  EXPECT_EQ(world.incident_of(1), 0);
}

TEST(Correlator, HistoricalImportsLinkInAnyOrder) {
  for (const int direction : {1, -1}) {
    World world;
    for (Seq seq = 1; seq <= 40; ++seq) {
      const auto day = direction * (seq / 2);
      const auto name = std::to_string(seq / 2);
      world.judge(
          RecordBuilder(seq, -40'000 + day * 1440 + seq % 2).user("a" + name).host("x").received(kStart));
    }
    EXPECT_EQ(world.links.size(), 38U);  // 19 pairs; the first and the last stand alone
    EXPECT_EQ(world.sizes().size(), 19U);
  }
}

TEST(Correlator, HostileRecordsAreTakenAsTheyAre) {
  World world;
  model::LinkRecord empty;
  empty.seq = 1;
  world.judge(empty);
  RecordBuilder repeated(2);
  for (int i = 0; i < 60; ++i) repeated.host("same");
  world.judge(repeated);
  for (const auto time :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    for (Seq seq = 3; seq <= 6; ++seq)
      world.judge(RecordBuilder(seq + (time > 0 ? 10 : 0)).user("a").host("x").at(time));
  }
  const auto before = world.links.size();
  world.judge(RecordBuilder(5).user("a").host("x"));  // a seq that has been: ignored
  EXPECT_EQ(world.links.size(), before);
  EXPECT_EQ(before, 8U);
}

TEST(Correlator, StateIsBounded) {
  Options options;
  options.max_keys = options.max_groups = options.max_bursts = 2048;
  auto correlator = *Correlator::create(options);
  FakeStream stream({.alerts = 60'000, .hosts = 50'000});
  Changes changes;
  std::size_t full = 0;
  for (int i = 0; i < 60'000; ++i) {
    correlator.judge(stream.next(), changes);
    changes.clear();
    if (i == 20'000) full = correlator.state_bytes();
  }
  EXPECT_LE(correlator.state_bytes(), full + full / 20);
  EXPECT_LE(full, 4U << 20U);
}

TEST(Correlator, ForgottenIncidentsHandOverTheirLastState) {
  Options options;
  options.max_groups = 1024;
  auto correlator = *Correlator::create(options);
  Changes changes;
  for (Seq seq = 1; seq <= 3000; ++seq) {
    correlator.judge(RecordBuilder(seq).host("h" + std::to_string(seq)).severity(Severity::kHigh), changes);
  }
  EXPECT_EQ(changes.forgotten.size(), 3000U - 1024U);
  EXPECT_EQ(changes.forgotten.front().first, 1);
  EXPECT_EQ(changes.forgotten.front().second.alerts, 1U);
}

TEST(Correlator, ReplayingTheSameInputGivesTheSameIncidents) {
  Options other_secret;
  other_secret.table_secret = 0x1234567;
  World first;
  World second(other_secret);
  FakeStream a({.alerts = 5000, .seed = 11});
  FakeStream b({.alerts = 5000, .seed = 11});
  for (int i = 0; i < 5000; ++i) {
    first.judge(a.next());
    second.judge(b.next());
  }
  EXPECT_EQ(first.links, second.links);
  EXPECT_GT(first.sizes().size(), 50U);
}

TEST(Correlator, AfterARestartTheStreamGoesOnAsIfNothingHadHappened) {
  World through;
  FakeStream stream({.alerts = 4000, .seed = 5});
  std::vector<model::LinkRecord> records;
  for (int i = 0; i < 4000; ++i) records.push_back(stream.next());
  for (int i = 0; i < 2000; ++i) through.judge(records[static_cast<std::size_t>(i)]);
  World restarted;
  for (int i = 0; i < 2000; ++i) {
    const auto& record = records[static_cast<std::size_t>(i)];
    restarted.place(record, through.incident_of(record.seq));
  }
  restarted.correlator().set_next_incident(through.correlator().next_incident());
  for (int i = 2000; i < 4000; ++i) {
    through.judge(records[static_cast<std::size_t>(i)]);
    restarted.judge(records[static_cast<std::size_t>(i)]);
  }
  std::size_t different = 0;
  for (const auto& record : records) {
    different += through.incident_of(record.seq) != restarted.incident_of(record.seq);
  }
  EXPECT_LE(different, 4U) << "merged groups occupy one episode after a restart where they had two";
}

TEST(Correlator, ReachableNamesEveryIncidentThatJudgingTouches) {
  World world;
  FakeStream stream({.alerts = 5000, .seed = 21});
  for (int i = 0; i < 5000; ++i) {
    const auto record = stream.next();
    std::vector<Seq> reachable;
    world.correlator().reachable(record, reachable);
    const auto next = world.correlator().next_incident();
    world.judge(record);
    const auto joined = world.incident_of(record.seq);
    if (joined == 0 || joined >= next) continue;
    EXPECT_NE(std::find(reachable.begin(), reachable.end(), joined), reachable.end());
  }
}

TEST(Correlator, OptionsOutOfRangeAreRefused) {
  const auto refuses = [](auto change) {
    Options options;
    change(options);
    return !Correlator::create(options).ok();
  };
  EXPECT_TRUE(refuses([](Options& o) { o.window = std::chrono::minutes(0); }));
  EXPECT_TRUE(refuses([](Options& o) { o.link_threshold = 0; }));
  EXPECT_TRUE(refuses([](Options& o) { o.max_keys = 1; }));
  EXPECT_TRUE(refuses([](Options& o) { o.burst_alerts = 17; }));
  EXPECT_FALSE(refuses([](Options&) {}));
}

}  // namespace
}  // namespace tocsin::correlate
