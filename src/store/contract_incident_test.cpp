// What every database behind store.h must do: incidents and what people decide about them.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using model::IncidentStatus;
using model::Membership;

class IncidentContract : public BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (IsSkipped()) return;
    value_of(append(alerts(), make_batch(1, 20, now())));
  }
  model::Incident incident(Seq seq) {
    model::Incident made;
    made.seq = seq;
    made.id = IncidentId::make(now());
    made.title = "Sign-ins on 100% of host_" + std::to_string(seq);
    made.severity = model::Severity::kHigh;
    made.priority = static_cast<int>(seq * 10);
    made.risk_score = 42.5;
    made.confidence = 0.75;
    made.created_at = made.updated_at = made.first_seen = made.last_seen = now();
    made.lead_alert = 1;
    made.tactics = 0x8005;
    made.requires_review = seq % 2 == 0;
    made.review_reason = "critical asset";
    return made;
  }
  static Membership member(Seq alert, Seq incident) {
    return {alert, incident, alert > 1 ? alert - 1 : 0, model::LinkReason::kKillChain, 130, {2, 0}};
  }
  model::Incident at(Seq seq) {
    const std::vector<Seq> seqs{seq};
    const auto found = value_of(incidents().by_seq(seqs));
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? model::Incident{} : found[0];
  }
  CorrelationDelta two_incidents() {
    return {{incident(1), incident(2)}, {member(1, 1), member(2, 1), member(3, 2)}, {}, 20};
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, IncidentContract, testing::ValuesIn(backends()), backend_name);

TEST_P(IncidentContract, ADeltaIsStoredWholeAndAgainChangesNothing) {
  const auto delta = two_incidents();
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  const auto first = at(1);
  EXPECT_EQ(std::tie(first.id, first.title, first.severity, first.priority, first.risk_score, first.tactics),
            std::tie(delta.upserts[0].id, delta.upserts[0].title, delta.upserts[0].severity,
                     delta.upserts[0].priority, delta.upserts[0].risk_score, delta.upserts[0].tactics));
  EXPECT_EQ(first.alert_count, 2);
  EXPECT_EQ(value_of(incidents().members(1, 10)), (std::vector<Membership>{member(1, 1), member(2, 1)}));
  EXPECT_EQ(value_of(incidents().watermark()), 20);
  EXPECT_EQ(value_of(incidents().last_incident_seq()), 2);
  EXPECT_EQ(value_of(alerts().find("vendor-3"))->incident_id, delta.upserts[1].id);
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  EXPECT_EQ(at(1).version, first.version);
  EXPECT_EQ(at(1).alert_count, 2);
  const auto counts = value_of(store().counts());
  EXPECT_EQ(counts.incidents, 2);
  EXPECT_EQ(counts.incidents_open, 2);
  EXPECT_EQ(counts.correlation_behind, 0);
}

TEST_P(IncidentContract, MembershipsMoveAndLeaveWithTheCountsKept) {
  ASSERT_TRUE(succeeded(incidents().apply(two_incidents())));
  ASSERT_TRUE(succeeded(incidents().apply({{}, {member(2, 2), member(4, 2)}, {1}, 20})));
  EXPECT_EQ(at(1).alert_count, 0);
  EXPECT_EQ(at(2).alert_count, 3);
  std::vector<Seq> scanned;
  ASSERT_TRUE(succeeded(incidents().scan_memberships(2, [&](auto members) {
    for (const auto& one : members) scanned.push_back(one.alert);
    return true;
  })));
  EXPECT_EQ(scanned, (std::vector<Seq>{3, 4}));
  AlertQuery query;
  query.incident = at(2).id;
  EXPECT_EQ(value_of(alerts().list(query)).total, 3);
  query.sort = AlertSort::kPriority;
  EXPECT_EQ(value_of(alerts().list(query)).items.size(), 3U);
  query.incident = IncidentId::make(now());
  EXPECT_TRUE(value_of(alerts().list(query)).items.empty());
}

TEST_P(IncidentContract, ALaterPartOfADeltaCountsOverAnEarlierOne) {
  auto delta = two_incidents();
  delta.upserts.push_back(incident(1));
  delta.upserts.back().id = delta.upserts[0].id;
  delta.upserts.back().title = "as it ended";
  delta.memberships.push_back(member(1, 2));
  delta.removed_memberships = {3, 4};
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  EXPECT_EQ(at(1).title, "as it ended");
  EXPECT_EQ(at(1).alert_count, 1);
  EXPECT_EQ(at(2).alert_count, 2);
  ASSERT_TRUE(succeeded(incidents().apply({{}, {member(3, 1)}, {3}, 20})));
  EXPECT_EQ(at(1).alert_count, 2);
  EXPECT_EQ(at(2).alert_count, 1);
  EXPECT_EQ(value_of(store().counts()).incidents, 2);
}

TEST_P(IncidentContract, TextsOfAnIncidentAreStoredAsTheyAre) {
  auto delta = two_incidents();
  auto& strange = delta.upserts[0];
  strange.title = std::string("{\"a\",NULL} \\ 'quoted' ,;\n\t ?1 $1 \0 end", 35);
  strange.review_reason = "NULL";
  strange.assignee = "";
  strange.risk_score = 1.0 / 3;
  strange.confidence = 1e-300;
  strange.merged_into = delta.upserts[1].id;
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  const auto stored = at(1);
  EXPECT_EQ(std::tie(stored.title, stored.review_reason, stored.assignee, stored.merged_into),
            std::tie(strange.title, strange.review_reason, strange.assignee, strange.merged_into));
  EXPECT_EQ(stored.risk_score, strange.risk_score);
  EXPECT_EQ(stored.confidence, strange.confidence);
  EXPECT_EQ(value_of(store().counts()).incidents, 1);
  auto closed = delta;
  closed.upserts = {incident(3), incident(4)};
  closed.upserts[0].status = IncidentStatus::kClosed;
  ASSERT_TRUE(succeeded(incidents().apply(closed)));
  const auto counts = value_of(store().counts());
  EXPECT_EQ(counts.incidents, 3);
  EXPECT_EQ(counts.incidents_open, 2);
}

TEST_P(IncidentContract, AMachineNeverUndoesWhatAPersonDid) {
  auto delta = two_incidents();
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  IncidentChange change;
  change.status = IncidentStatus::kInProgress;
  change.verdict = model::Verdict::kTruePositive;
  change.assignee = std::optional<std::string>("eve");
  change.analyst_notes = "seen this before";
  const auto changed = value_of(incidents().update(at(1).id, change, 1));
  EXPECT_TRUE(changed.decided);
  EXPECT_EQ(changed.version, 2);
  delta.upserts[0].title = "A new title";
  delta.upserts[0].status = IncidentStatus::kClosed;
  delta.upserts[0].verdict = model::Verdict::kFalsePositive;
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  const auto after = at(1);
  EXPECT_EQ(after.title, "A new title");
  EXPECT_EQ(after.status, IncidentStatus::kInProgress);
  EXPECT_EQ(after.verdict, model::Verdict::kTruePositive);
  EXPECT_EQ(after.assignee, "eve");
  EXPECT_TRUE(after.decided);
  ASSERT_EQ(value_of(incidents().notes(after.id)).size(), 1U);
  const auto stale = incidents().update(after.id, change, 1);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind, ErrorKind::kConflict);
}

TEST_P(IncidentContract, ClosedAndMergedIncidentsLeaveTheOpenCountAndMergedOnesTheList) {
  auto delta = two_incidents();
  delta.upserts.push_back(incident(3));
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  IncidentChange close;
  close.status = IncidentStatus::kClosed;
  value_of(incidents().update(at(3).id, close, {}));
  auto merged = at(2);
  merged.merged_into = at(1).id;
  Decision decision;
  decision.incident = 1;
  decision.other_incident = 2;
  decision.alerts = {3};
  decision.actor = "eve";
  decision.made_at = now();
  EXPECT_EQ(value_of(incidents().decide(decision, {{merged}, {member(3, 1)}, {}, 0})), 1);
  EXPECT_EQ(value_of(incidents().watermark()), 20);  // a delta without one keeps it
  EXPECT_EQ(value_of(store().counts()).incidents, 2);
  EXPECT_EQ(value_of(store().counts()).incidents_open, 1);
  const auto page = value_of(incidents().list({}));
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[0].seq, 3);  // by priority
  EXPECT_TRUE(page.items[1].decided);
  EXPECT_EQ(page.items[1].alert_count, 3);
  const auto history = value_of(incidents().find(merged.id));
  ASSERT_TRUE(history);
  EXPECT_EQ(history->merged_into, at(1).id);
  const auto decisions = value_of(incidents().decisions());
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].alerts, (std::vector<Seq>{3}));
  EXPECT_EQ(decisions[0].other_incident, 2);
}

TEST_P(IncidentContract, ListsPageInEveryOrderAndTakeWordsLiterally) {
  CorrelationDelta delta;
  for (Seq seq = 1; seq <= 9; ++seq) delta.upserts.push_back(incident(seq));
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  for (const auto sort : {IncidentSort::kPriority, IncidentSort::kNewest, IncidentSort::kUpdated}) {
    IncidentQuery query;
    query.sort = sort;
    query.limit = 4;
    std::vector<Seq> seqs;
    do {
      const auto page = value_of(incidents().list(query));
      for (const auto& one : page.items) seqs.push_back(one.seq);
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    EXPECT_EQ(seqs, (std::vector<Seq>{9, 8, 7, 6, 5, 4, 3, 2, 1}));
  }
  IncidentQuery query;
  query.text = "host_3 sign";
  EXPECT_EQ(value_of(incidents().list(query)).total, 1);
  query.text = "host%3";  // no pattern to anybody
  EXPECT_EQ(value_of(incidents().list(query)).total, 0);
  query = {};
  query.requires_review = true;
  query.min_priority = 50;
  EXPECT_EQ(value_of(incidents().list(query)).total, 2);
  query.cursor = "nonsense";
  EXPECT_FALSE(incidents().list(query));
}

TEST_P(IncidentContract, AConditionGivesTheIncidentsThatAPlainLoopGives) {
  CorrelationDelta delta;
  for (Seq seq = 1; seq <= 19; ++seq) delta.upserts.push_back(incident(seq));
  ASSERT_TRUE(succeeded(incidents().apply(delta)));
  IncidentQuery query;
  query.sort = IncidentSort::kNewest;
  query.limit = 4;
  query.requires_review = true;
  query.where.emplace();
  query.where->kind = model::Condition::Kind::kTest;
  query.where->test = {model::Field::kTitle, model::Comparison::kMatches, {"*host_1*"}, {}, {}};
  std::vector<Seq> seqs;
  do {
    const auto page = value_of(incidents().list(query));
    EXPECT_EQ(page.total, 5);
    for (const auto& one : page.items) seqs.push_back(one.seq);
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty() && seqs.size() < 30);
  EXPECT_EQ(seqs, (std::vector<Seq>{18, 16, 14, 12, 10}));
}

TEST_P(IncidentContract, NotesAndActionsAreKeptInOrder) {
  ASSERT_TRUE(succeeded(incidents().apply(two_incidents())));
  const auto id = at(1).id;
  value_of(incidents().add_note(id, "eve", "first"));
  value_of(incidents().add_note(id, "bob", "second"));
  EXPECT_FALSE(incidents().add_note(IncidentId::make(now()), "eve", "to nobody"));
  const auto notes = value_of(incidents().notes(id));
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[1].text, "second");
  EXPECT_TRUE(at(1).decided);
  for (const auto* action : {"status_changed", "simulate_remediate"}) {
    model::ActionRecord record;
    record.id = ActionId::make(now());
    record.incident = id;
    record.actor = "eve";
    record.action = action;
    record.created_at = now();
    ASSERT_TRUE(succeeded(incidents().log_action(record)));
  }
  const auto actions = value_of(incidents().actions(id, 1));
  ASSERT_EQ(actions.size(), 1U);
  EXPECT_EQ(actions[0].action, "simulate_remediate");  // newest first
}

TEST_P(IncidentContract, AChangeWritesWhoDidWhatAndWhen) {
  ASSERT_TRUE(succeeded(incidents().apply(two_incidents())));
  const auto id = at(1).id;
  EXPECT_FALSE(at(1).first_response_at);
  IncidentChange change;
  change.status = IncidentStatus::kClosed;
  change.verdict = model::Verdict::kFalsePositive;
  change.assignee = std::optional<std::string>("eve");
  change.actor = "eve";
  value_of(incidents().update(id, change, {}));
  auto lines = value_of(incidents().actions(id, 10));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2].action, "status_changed");
  EXPECT_EQ(lines[2].detail, "status: open \xE2\x86\x92 closed");
  EXPECT_EQ(lines[1].detail, "verdict: undecided \xE2\x86\x92 false_positive");
  EXPECT_EQ(lines[0].detail, "assignee: nobody \xE2\x86\x92 eve");
  EXPECT_EQ(lines[0].actor, "eve");
  EXPECT_EQ(lines[0].created_at, now());
  EXPECT_EQ(at(1).first_response_at, now());
  value_of(incidents().update(id, change, {}));  // says nothing new
  EXPECT_EQ(value_of(incidents().actions(id, 10)).size(), 3U);
  EXPECT_FALSE(incidents().update(id, change, 1));  // stale: no change, no line
  EXPECT_EQ(value_of(incidents().actions(id, 10)).size(), 3U);
}

TEST_P(IncidentContract, ChangesOfAlertsAreLinesOfTheirIncidents) {
  ASSERT_TRUE(succeeded(incidents().apply(two_incidents())));
  AlertChange change;
  change.verdict = model::Verdict::kTruePositive;
  change.actor = "eve";
  value_of(alerts().update("vendor-3", change));
  const auto single = value_of(incidents().actions(at(2).id, 10));
  ASSERT_EQ(single.size(), 1U);
  EXPECT_EQ(single[0].action, "alert_changed");
  EXPECT_EQ(single[0].target, value_of(alerts().find("vendor-3"))->id.str());
  change.status = model::AlertStatus::kClosed;
  value_of(alerts().update_many({"vendor-1", "vendor-2", "vendor-3", "vendor-9"}, change));
  const auto many = value_of(incidents().actions(at(1).id, 10));
  ASSERT_EQ(many.size(), 1U);  // one line a call, whatever the number of alerts
  EXPECT_EQ(many[0].detail,
            "2 alerts: status: new \xE2\x86\x92 closed; verdict: undecided \xE2\x86\x92 true_positive");
  EXPECT_EQ(value_of(incidents().actions(at(2).id, 10)).size(), 2U);
}

TEST_P(IncidentContract, MergesAndSplitsAreLinesOfBothIncidents) {
  ASSERT_TRUE(succeeded(incidents().apply(two_incidents())));
  Decision decision;
  decision.kind = Decision::Kind::kSplit;
  decision.incident = 1;
  decision.other_incident = 3;
  decision.alerts = {2};
  decision.actor = "eve";
  decision.made_at = now();
  value_of(incidents().decide(decision, {{incident(3)}, {member(2, 3)}, {}, 0}));
  const auto from = value_of(incidents().actions(at(1).id, 10));
  ASSERT_EQ(from.size(), 1U);
  EXPECT_EQ(from[0].action, "split");
  EXPECT_EQ(from[0].target, at(3).id.str());
  EXPECT_EQ(from[0].detail, "1 alert moved to " + at(3).id.str() + ".");
  EXPECT_EQ(value_of(incidents().actions(at(3).id, 10)).at(0).action, "split_from");
  decision.kind = Decision::Kind::kMerge;
  auto merged = at(3);
  merged.merged_into = at(1).id;
  value_of(incidents().decide(decision, {{merged}, {member(2, 1)}, {}, 0}));
  EXPECT_EQ(value_of(incidents().actions(at(1).id, 10)).at(0).action, "merged");
  EXPECT_EQ(value_of(incidents().actions(at(3).id, 10)).at(0).action, "merged_into");
}

TEST_P(IncidentContract, TenantsNumberTheirIncidentsApart) {
  ASSERT_TRUE(succeeded(incidents().apply(two_incidents())));
  auto& other = database().tenant(TenantId{2}).incidents();
  EXPECT_EQ(value_of(other.last_incident_seq()), 0);
  EXPECT_FALSE(value_of(other.find(at(1).id)));
  ASSERT_TRUE(succeeded(other.apply({{incident(1)}, {}, {}, 0})));
  EXPECT_EQ(value_of(other.list({})).total, 1);
  EXPECT_EQ(value_of(incidents().list({})).total, 2);
}

}  // namespace
}  // namespace tocsin::store::test
