#include "correlate/replay.h"

#include <gtest/gtest.h>

#include <map>

#include "correlate/fake_stream.h"

namespace tocsin::correlate {
namespace {

// Alerts, memberships and incidents as a store would hold them, and the plans applied to them.
class Shelf {
 public:
  std::vector<model::LinkRecord> alerts;
  std::map<Seq, model::Membership> members;
  std::map<Seq, StoredIncident> incidents;
  std::map<Seq, Seq> merged_into;
  Seq watermark = 0;
  Options options;
  ScoreOptions score;

  Plan replay(std::unordered_set<Seq> keep = {}) const {
    auto replay = *Replay::create(input(std::move(keep)));
    for (const auto& alert : alerts) {
      const auto found = members.find(alert.seq);
      replay.add(alert, found == members.end() ? nullptr : &found->second);
    }
    return replay.finish();
  }

  Plan rebuild() {
    auto plan = replay();
    std::unordered_set<Seq> keep;
    while (!plan.dissolved.empty()) {
      keep.insert(plan.dissolved.begin(), plan.dissolved.end());
      plan = replay(keep);
    }
    apply(plan);
    return plan;
  }

  void apply(const Plan& plan) {
    for (const auto& upsert : plan.upserts) {
      EXPECT_EQ(upsert.is_new, incidents.count(upsert.incident) == 0);
      model::Incident described;
      describe(upsert.total, score, upsert.fixed_priority, described);
      auto& stored = incidents[upsert.incident];
      stored.seq = upsert.incident;
      stored.described = described_hash(described);
      stored.priority = described.priority;
    }
    for (const auto& link : plan.links) members[link.alert] = to_membership(link);
    for (const auto alert : plan.removed) members.erase(alert);
    for (const auto& merge : plan.ended) {
      incidents[merge.from].ended = true;
      merged_into[merge.from] = merge.into;
    }
    watermark = plan.last_alert;
  }

  // The live correlator's result, written as it would be.
  void live(std::size_t from, std::size_t until, Correlator& correlator) {
    for (auto i = from; i < until; ++i) {
      Changes changes;
      correlator.judge(alerts[i], changes);
      for (const auto& link : changes.links) members[link.alert] = to_membership(link);
      for (const auto& merge : changes.merges) end(merge);
    }
    watermark = alerts[until - 1].seq;
    correlator.for_each_incident([&](Seq seq, const Aggregate& total) {
      model::Incident described;
      describe(total, score, {}, described);
      auto& stored = incidents[seq];
      stored.seq = seq;
      stored.described = described_hash(described);
      stored.priority = described.priority;
    });
  }

  std::map<Seq, std::vector<Seq>> by_incident() const {
    std::map<Seq, std::vector<Seq>> out;
    for (const auto& [alert, member] : members) out[member.incident].push_back(alert);
    return out;
  }

 private:
  void end(const Merge& merge) {
    if (incidents.count(merge.from) != 0) incidents[merge.from].ended = true;
    for (auto& [alert, member] : members) {
      if (member.incident == merge.from) member.incident = merge.into;
    }
  }
  Replay::Input input(std::unordered_set<Seq> keep) const {
    Replay::Input in{options, score, {}, std::move(keep), watermark, 0};
    for (const auto& [seq, incident] : incidents) {
      in.incidents.push_back(incident);
      in.last_incident = seq;
    }
    return in;
  }
};

Shelf shelf_of(std::size_t alerts, std::uint32_t seed) {
  Shelf shelf;
  FakeStream stream({.alerts = alerts, .seed = seed, .hosts = 300});
  for (std::size_t i = 0; i < alerts; ++i) shelf.alerts.push_back(stream.next());
  return shelf;
}

void expect_nothing_to_do(const Plan& plan) {
  EXPECT_TRUE(plan.upserts.empty());
  EXPECT_TRUE(plan.links.empty());
  EXPECT_TRUE(plan.removed.empty());
  EXPECT_TRUE(plan.ended.empty());
  EXPECT_TRUE(plan.dissolved.empty());
  EXPECT_EQ(plan.incidents_changed(), 0U);
}

TEST(Replay, RebuildingTwiceChangesNothing) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    auto shelf = shelf_of(2000, seed);
    const auto first = shelf.rebuild();
    EXPECT_GT(first.upserts.size(), 20U);
    expect_nothing_to_do(shelf.rebuild());
  }
}

TEST(Replay, TheLiveResultIsTheRebuiltResult) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    auto shelf = shelf_of(2000, seed);
    auto correlator = *Correlator::create(shelf.options);
    shelf.live(0, 700, correlator);
    shelf.live(700, 2000, correlator);
    expect_nothing_to_do(shelf.rebuild());
  }
}

TEST(Replay, ARebuildAfterEachPartEndsLikeOneRebuild) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    auto whole = shelf_of(1500, seed);
    Shelf parts;
    for (std::size_t i = 0; i < whole.alerts.size(); ++i) {
      parts.alerts.push_back(whole.alerts[i]);
      if (i % 400 == 399) parts.rebuild();
    }
    parts.rebuild();
    whole.rebuild();
    std::vector<std::vector<Seq>> a;
    std::vector<std::vector<Seq>> b;
    for (const auto& [seq, alerts] : parts.by_incident()) a.push_back(alerts);
    for (const auto& [seq, alerts] : whole.by_incident()) b.push_back(alerts);
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    EXPECT_EQ(a, b);
  }
}

TEST(Replay, DecidedIncidentsKeepTheirAlertsWhateverTheOptions) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    auto shelf = shelf_of(1500, seed);
    shelf.rebuild();
    std::mt19937 random(seed);
    for (auto& [seq, incident] : shelf.incidents) {
      incident.decided = random() % 3 == 0;
      incident.closed = incident.decided && random() % 2 == 0;
    }
    const auto before = shelf.by_incident();
    shelf.options.window = std::chrono::minutes(2);
    shelf.rebuild();
    for (const auto& [seq, incident] : shelf.incidents) {
      if (!incident.decided) continue;
      EXPECT_EQ(shelf.by_incident()[seq], before.at(seq));
    }
    expect_nothing_to_do(shelf.rebuild());
  }
}

TEST(Replay, NoIncidentVanishesAndNoIdComesBack) {
  auto shelf = shelf_of(2000, 4);
  shelf.rebuild();
  const auto before = shelf.incidents;
  shelf.options.window = std::chrono::minutes(60);
  shelf.rebuild();
  shelf.options.window = std::chrono::minutes(1);
  shelf.rebuild();
  const auto members = shelf.by_incident();
  for (const auto& [seq, incident] : before) {
    ASSERT_EQ(shelf.incidents.count(seq), 1U);
    const bool ended = shelf.incidents[seq].ended;
    EXPECT_EQ(ended, members.count(seq) == 0) << seq;
    EXPECT_EQ(ended, shelf.merged_into.count(seq) == 1) << seq;
  }
}

TEST(Replay, IncidentsKeepTheirIdByTheAlertsTheyShare) {
  Shelf shelf;
  for (Seq seq = 1; seq <= 6; ++seq) shelf.alerts.push_back(RecordBuilder(seq, seq).user("a").host("x"));
  for (Seq seq = 7; seq <= 9; ++seq) shelf.alerts.push_back(RecordBuilder(seq, seq).user("b").host("y"));
  shelf.rebuild();
  ASSERT_EQ(shelf.by_incident().size(), 2U);
  // Somebody's older version had put these alerts into other incidents, with other ids.
  shelf.incidents[7] = {7, 1, 50, false, false, false};
  shelf.incidents[9] = {9, 1, 50, false, false, false};
  for (auto& [alert, member] : shelf.members) member.incident = alert <= 6 ? 9 : 7;
  const auto plan = shelf.rebuild();
  EXPECT_EQ(shelf.by_incident()[9].size(), 6U);
  EXPECT_EQ(shelf.by_incident()[7].size(), 3U);
  EXPECT_EQ(plan.incidents_changed(), 2U) << "only described anew";
  EXPECT_TRUE(plan.links.empty());
}

TEST(Replay, AnEmptiedIncidentEndsInTheOneThatTookItsAlerts) {
  Shelf shelf;
  for (Seq seq = 1; seq <= 6; ++seq) shelf.alerts.push_back(RecordBuilder(seq, seq).user("a").host("x"));
  shelf.rebuild();
  shelf.incidents[2] = {2, 1, 50, false, false, false};
  for (Seq alert = 5; alert <= 6; ++alert) shelf.members[alert].incident = 2;
  const auto plan = shelf.rebuild();
  ASSERT_EQ(plan.ended.size(), 1U);
  EXPECT_EQ(plan.ended[0], (Merge{2, 1}));
  EXPECT_EQ(shelf.by_incident()[1].size(), 6U);
}

TEST(Replay, AlertsThatCameSinceGrowADecidedIncidentUnlessItIsClosed) {
  for (const bool closed : {false, true}) {
    Shelf shelf;
    for (Seq seq = 1; seq <= 3; ++seq) shelf.alerts.push_back(RecordBuilder(seq, seq).user("a").host("x"));
    shelf.rebuild();
    shelf.incidents[1].decided = true;
    shelf.incidents[1].closed = closed;
    for (Seq seq = 4; seq <= 5; ++seq) {
      shelf.alerts.push_back(RecordBuilder(seq, seq).user("a").host("x").priority(90));
    }
    shelf.rebuild();
    EXPECT_EQ(shelf.by_incident()[1].size(), closed ? 3U : 5U);
    EXPECT_EQ(shelf.by_incident().size(), closed ? 2U : 1U);
    EXPECT_EQ(shelf.incidents[1].priority >= 90, !closed);
    expect_nothing_to_do(shelf.rebuild());
  }
}

TEST(Replay, APersonsPriorityStays) {
  Shelf shelf;
  for (Seq seq = 1; seq <= 3; ++seq) {
    shelf.alerts.push_back(RecordBuilder(seq, seq).user("a").host("x").priority(70));
  }
  shelf.rebuild();
  shelf.incidents[1].decided = true;
  shelf.incidents[1].priority = 15;
  shelf.rebuild();
  EXPECT_EQ(shelf.incidents[1].priority, 15);
}

TEST(Replay, TheCorrelatorGoesOnAsTheLiveOneWould) {
  auto shelf = shelf_of(3000, 8);
  auto live = *Correlator::create(shelf.options);
  Changes changes;
  for (std::size_t i = 0; i < 2000; ++i) live.judge(shelf.alerts[i], changes);
  changes.clear();
  auto replay = *Replay::create({});
  for (std::size_t i = 0; i < 2000; ++i) replay.add(shelf.alerts[i], nullptr);
  replay.finish();
  auto rebuilt = replay.take_correlator();
  Changes other;
  std::map<Seq, Seq> names;  // the rebuilt one numbers without gaps
  for (std::size_t i = 2000; i < 3000; ++i) {
    live.judge(shelf.alerts[i], changes);
    rebuilt.judge(shelf.alerts[i], other);
  }
  ASSERT_EQ(changes.links.size(), other.links.size());
  for (std::size_t i = 0; i < changes.links.size(); ++i) {
    EXPECT_EQ(changes.links[i].alert, other.links[i].alert);
    const auto name = names.emplace(changes.links[i].incident, other.links[i].incident).first;
    EXPECT_EQ(name->second, other.links[i].incident);
  }
}

}  // namespace
}  // namespace tocsin::correlate
