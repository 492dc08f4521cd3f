// What every database behind store.h must do: alerts. Written against store.h alone.

#include <gtest/gtest.h>

#include <set>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using std::chrono::minutes;

class AlertContract : public BackendTest {};
INSTANTIATE_TEST_SUITE_P(Backends, AlertContract, testing::ValuesIn(backends()), backend_name);

TEST_P(AlertContract, AStoredAlertReadsBackWhole) {
  const auto added = make_alert(1, now());
  const auto outcome = append_one(alerts(), added);
  EXPECT_EQ(outcome.kind, AppendKind::kCreated);
  EXPECT_EQ(outcome.id, added.alert.id);
  EXPECT_GT(outcome.seq, 0);
  const auto found = value_of(alerts().find(added.alert.id.str()));
  ASSERT_TRUE(found);
  const auto& a = added.alert;
  EXPECT_EQ(std::tie(found->id, found->source, found->source_id, found->type, found->title, found->message),
            std::tie(a.id, a.source, a.source_id, a.type, a.title, a.message));
  EXPECT_EQ(
      std::tie(found->severity, found->status, found->priority, found->requires_review, found->fingerprint),
      std::tie(a.severity, a.status, a.priority, a.requires_review, a.fingerprint));
  EXPECT_EQ(std::tie(found->occurred_at, found->received_at, found->first_seen, found->last_seen),
            std::tie(a.occurred_at, a.received_at, a.first_seen, a.last_seen));
  EXPECT_EQ(
      std::tie(found->entities, found->iocs, found->attack, found->triage, found->process, found->facts),
      std::tie(a.entities, a.iocs, a.attack, a.triage, a.process, a.facts));
  EXPECT_EQ(std::tie(found->tags, found->tlp, found->raw, found->assignee, found->incident_id),
            std::tie(a.tags, a.tlp, a.raw, a.assignee, a.incident_id));
}

TEST_P(AlertContract, TheClientsOwnIdFindsTheAlertAndASecondOneIsADuplicate) {
  auto first = make_alert(1, now());
  first.alert.source_id = "ticket-7";
  const auto created = append_one(alerts(), first);
  auto again = make_alert(2, now());
  again.alert.source = first.alert.source;
  again.alert.source_id = "ticket-7";
  const auto outcome = append_one(alerts(), again);
  EXPECT_EQ(outcome.kind, AppendKind::kDuplicate);
  EXPECT_EQ(outcome.id, created.id);
  const auto found = value_of(alerts().find("ticket-7"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, first.alert.title);  // changed fields are ignored
  EXPECT_EQ(found->occurrences, 1);
}

TEST_P(AlertContract, TheSameIdFromAnotherSourceIsAnotherAlertAndTheNewestIsFound) {
  auto first = make_alert(1, now());
  auto other = make_alert(2, now());
  other.alert.source_id = first.alert.source_id;
  append_one(alerts(), first);
  const auto second = append_one(alerts(), other);
  EXPECT_EQ(second.kind, AppendKind::kCreated);
  const auto found = value_of(alerts().find(*first.alert.source_id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, second.id);
}

NewAlert repeat_of(const NewAlert& first, std::int64_t n, Timestamp at) {
  auto repeat = make_alert(n, at);
  repeat.fingerprint = first.fingerprint;
  repeat.alert.fingerprint = first.alert.fingerprint;
  return repeat;
}

TEST_P(AlertContract, ARepeatInsideTheWindowAddsAnOccurrence) {
  const auto first = make_alert(1, now());
  const auto created = append_one(alerts(), first);
  const auto later = append_one(alerts(), repeat_of(first, 2, now() + minutes(60)));
  const auto earlier =
      append_one(alerts(), repeat_of(first, 3, now() + minutes(60) - minutes(120) + minutes(60)));
  EXPECT_EQ(later.kind, AppendKind::kOccurrence);
  EXPECT_EQ(later.id, created.id);
  EXPECT_EQ(earlier.kind, AppendKind::kOccurrence);
  const auto found = value_of(alerts().find(created.id.str()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->occurrences, 3);
  EXPECT_EQ(found->first_seen, now());
  EXPECT_EQ(found->last_seen, now() + minutes(60));
  const auto occurrences = value_of(alerts().occurrences(created.id.str()));
  ASSERT_EQ(occurrences.size(), 3U);
  EXPECT_EQ(occurrences[0].raw, R"({"n":3})");
  EXPECT_EQ(occurrences[1].raw, R"({"n":2})");
  EXPECT_EQ(occurrences[1].occurred_at, now() + minutes(60));
  EXPECT_EQ(occurrences[2].raw, R"({"n":1})");
}

TEST_P(AlertContract, ARepeatOutsideTheWindowIsANewAlert) {
  const auto first = make_alert(1, now());
  append_one(alerts(), first);
  const auto later = append_one(alerts(), repeat_of(first, 2, now() + minutes(61)));
  EXPECT_EQ(later.kind, AppendKind::kCreated);
  const auto long_before = append_one(alerts(), repeat_of(first, 3, now() - minutes(61)));
  EXPECT_EQ(long_before.kind, AppendKind::kCreated);
}

TEST_P(AlertContract, AClosedAlertIsNeverAddedToButNamedByTheNewOne) {
  const auto first = make_alert(1, now());
  const auto created = append_one(alerts(), first);
  AlertChange close;
  close.status = model::AlertStatus::kClosed;
  value_of(alerts().update(created.id.str(), close));
  const auto next = append_one(alerts(), repeat_of(first, 2, now()));
  EXPECT_EQ(next.kind, AppendKind::kCreated);
  EXPECT_EQ(next.tag, "repeat-of:" + created.id.str());
  const auto found = value_of(alerts().find(next.id.str()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->tags, (std::vector<std::string>{"demo", "repeat-of:" + created.id.str()}));
  const auto closed = value_of(alerts().find(created.id.str()));
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->occurrences, 1);
  EXPECT_EQ(append_one(alerts(), repeat_of(first, 3, now())).id, next.id);  // the open one takes the next
}

// What comes closed is told apart by its reason, and never joins what a person is to see.
TEST_P(AlertContract, AnAlertThatComesClosedRepeatsWhatIsClosedForTheSameReason) {
  const auto first = make_alert(1, now());
  const auto open = append_one(alerts(), first);
  const auto closed_for = [&](const std::string& reason, std::int64_t n) {
    auto made = repeat_of(first, n, now());
    made.alert.status = model::AlertStatus::kClosed;
    made.alert.close_reason = reason;
    return append_one(alerts(), made);
  };
  const auto hidden = closed_for("hidden at noon", 2);
  EXPECT_EQ(hidden.kind, AppendKind::kCreated);
  const auto again = closed_for("hidden at noon", 3);
  EXPECT_EQ(again.kind, AppendKind::kOccurrence);
  EXPECT_EQ(again.id, hidden.id);
  EXPECT_EQ(closed_for("hidden at one", 4).kind, AppendKind::kCreated);
  EXPECT_EQ(append_one(alerts(), repeat_of(first, 5, now())).id, open.id);
  EXPECT_EQ(value_of(alerts().find(hidden.id.str()))->occurrences, 2);
  EXPECT_EQ(value_of(alerts().find(open.id.str()))->occurrences, 2);
}

TEST_P(AlertContract, TheClientsIdOfARepeatIsOnceOnlyAndFindsTheAlert) {
  const auto first = make_alert(1, now());
  const auto created = append_one(alerts(), first);
  const auto repeat = repeat_of(first, 2, now());
  EXPECT_EQ(append_one(alerts(), repeat).kind, AppendKind::kOccurrence);
  const auto check = [&] {
    const auto again = append_one(alerts(), repeat);
    EXPECT_EQ(again.kind, AppendKind::kDuplicate);
    EXPECT_EQ(again.id, created.id);
    const auto found = value_of(alerts().find(*repeat.alert.source_id));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, created.id);
    EXPECT_EQ(found->occurrences, 2);
  };
  check();
  reopen();
  check();
  EXPECT_FALSE(value_of(alerts().find("vendor-3")));
}

TEST_P(AlertContract, RepeatsInsideOneBatchCountToo) {
  auto batch = make_batch(1, 2, now());
  batch.alerts.push_back(repeat_of(batch.alerts[0], 3, now()));
  auto duplicate = make_alert(4, now());
  duplicate.alert.source = batch.alerts[1].alert.source;
  duplicate.alert.source_id = batch.alerts[1].alert.source_id;
  batch.alerts.push_back(duplicate);
  batch.alerts.push_back(make_alert(5, now()));
  const auto outcomes = value_of(append(alerts(), std::move(batch)));
  ASSERT_EQ(outcomes.size(), 5U);
  EXPECT_EQ(outcomes[2].kind, AppendKind::kOccurrence);
  EXPECT_EQ(outcomes[2].id, outcomes[0].id);
  EXPECT_EQ(outcomes[3].kind, AppendKind::kDuplicate);
  EXPECT_EQ(outcomes[3].id, outcomes[1].id);
  EXPECT_EQ(outcomes[4].kind, AppendKind::kCreated);
  EXPECT_EQ(outcomes[4].seq, outcomes[1].seq + 1);
  const auto found = value_of(alerts().find(outcomes[4].id.str()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->raw, R"({"n":5})");
}

TEST_P(AlertContract, AllOccurrencesAreCountedAndTheNewestHundredKept) {
  const auto first = make_alert(1, now());
  const auto created = append_one(alerts(), first);
  IngestBatch batch;
  for (int n = 2; n <= 250; ++n) batch.alerts.push_back(repeat_of(first, n, now()));
  value_of(append(alerts(), std::move(batch)));
  EXPECT_EQ(value_of(alerts().find(created.id.str()))->occurrences, 250);
  const auto occurrences = value_of(alerts().occurrences(created.id.str()));
  ASSERT_EQ(occurrences.size(), 100U);
  EXPECT_EQ(occurrences.front().raw, R"({"n":250})");
  EXPECT_EQ(occurrences.back().raw, R"({"n":151})");
}

TEST_P(AlertContract, AnIdempotencyKeyAnswersTheSameBodyAndRefusesAnother) {
  auto batch = make_batch(1, 3, now());
  batch.idempotency_key = "k";
  batch.body_hash = 17;
  const auto first = value_of(append(alerts(), batch));
  for (auto& added : batch.alerts) added = make_alert(100, now());  // the ids that a second try would make
  const auto again = value_of(append(alerts(), batch));
  ASSERT_EQ(again.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again[i].kind, AppendKind::kDuplicate);
    EXPECT_EQ(again[i].id, first[i].id);
    EXPECT_EQ(again[i].seq, first[i].seq);
  }
  batch.body_hash = 18;
  const auto refused = append(alerts(), batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(refused.error().message, "Idempotency-Key reused with another body");
  EXPECT_EQ(value_of(store().counts()).alerts, 3);
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(value_of(append(alerts(), batch))[0].kind, AppendKind::kCreated);
}

TEST_P(AlertContract, ARefusedBatchLeavesNothingAndDoesNotSpoilItsNeighbours) {
  const auto taken = make_alert(1, now());
  append_one(alerts(), taken);
  auto bad = make_batch(10, 3, now());
  bad.alerts[2].alert.id = taken.alert.id;  // a key that is taken
  std::promise<Result<std::vector<AppendOutcome>>> before, broken, after;
  alerts().append(make_batch(20, 2, now()), [&](auto result) { before.set_value(std::move(result)); });
  alerts().append(bad, [&](auto result) { broken.set_value(std::move(result)); });
  alerts().append(make_batch(30, 2, now()), [&](auto result) { after.set_value(std::move(result)); });
  EXPECT_TRUE(before.get_future().get());
  EXPECT_FALSE(broken.get_future().get());
  EXPECT_TRUE(after.get_future().get());
  EXPECT_EQ(value_of(store().counts()).alerts, 5);
  EXPECT_FALSE(value_of(alerts().find("vendor-10")));
  EXPECT_EQ(append_one(alerts(), make_alert(10, now())).kind, AppendKind::kCreated);
}

TEST_P(AlertContract, ChangesCheckTheVersionAndAreKept) {
  const auto created = append_one(alerts(), make_alert(1, now()));
  const auto id = created.id.str();
  EXPECT_EQ(value_of(alerts().version(id)), 1);
  AlertChange change;
  change.status = model::AlertStatus::kInProgress;
  change.assignee = std::optional<std::string>("bob");
  change.tags = {{"a", "b"}};
  change.priority = 99;
  const auto changed = value_of(alerts().update(id, change, 1));
  EXPECT_EQ(changed.status, model::AlertStatus::kInProgress);
  EXPECT_EQ(changed.raw, R"({"n":1})");
  EXPECT_EQ(value_of(alerts().version(id)), 2);
  const auto stale = alerts().update(id, change, 1);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind, ErrorKind::kConflict);
  const auto found = value_of(alerts().find("vendor-1"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->assignee, "bob");
  EXPECT_EQ(found->tags, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(found->priority, 99);
  const auto missing = alerts().update("AL-nonsense", change);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
}

TEST_P(AlertContract, BulkChangesTellWhichIdsFailed) {
  const auto outcomes = value_of(append(alerts(), make_batch(1, 3, now())));
  AlertChange close;
  close.status = model::AlertStatus::kClosed;
  const auto result = value_of(alerts().update_many({outcomes[0].id.str(), "no-such", "vendor-2"}, close));
  EXPECT_EQ(result.changed, 2);
  ASSERT_EQ(result.failed.size(), 1U);
  EXPECT_EQ(result.failed[0].first, "no-such");
}

TEST_P(AlertContract, RuleHistoryFollowsTheVerdictsOfClosedAlerts) {
  IngestBatch batch;
  for (int n = 0; n < 4; ++n) batch.alerts.push_back(make_alert(n * 12, now()));  // one source and type
  const auto outcomes = value_of(append(alerts(), std::move(batch)));
  AlertChange close;
  close.status = model::AlertStatus::kClosed;
  close.verdict = model::Verdict::kFalsePositive;
  for (int n = 0; n < 3; ++n)
    value_of(alerts().update(outcomes[static_cast<std::size_t>(n)].id.str(), close));
  AlertChange change;
  change.verdict = model::Verdict::kTruePositive;
  value_of(alerts().update(outcomes[0].id.str(), change));
  AlertChange reopen;
  reopen.status = model::AlertStatus::kNew;
  value_of(alerts().update(outcomes[1].id.str(), reopen));
  const auto history = value_of(store().rule_history("suricata", "ssh_bruteforce"));
  EXPECT_EQ(history.closed, 2);
  EXPECT_EQ(history.false_positives, 1);
}

TEST_P(AlertContract, LinkRecordsStreamInOrderWithoutGaps) {
  auto batch = make_batch(1, 5, now());
  batch.alerts.insert(batch.alerts.begin() + 2, repeat_of(batch.alerts[0], 9, now()));
  const auto outcomes = value_of(append(alerts(), std::move(batch)));
  value_of(append(alerts(), make_batch(20, 3, now())));
  std::vector<Seq> seqs;
  std::vector<int> priorities;
  const auto collect = [&](std::span<const model::LinkRecord> records) {
    for (const auto& record : records) {
      seqs.push_back(record.seq);
      priorities.push_back(record.priority);
    }
    return true;
  };
  EXPECT_TRUE(succeeded(alerts().scan_links(outcomes[1].seq, collect)));
  const auto last = value_of(alerts().last_seq());
  std::vector<Seq> expected;
  for (auto seq = outcomes[1].seq + 1; seq <= last; ++seq) expected.push_back(seq);
  EXPECT_EQ(seqs, expected);
  EXPECT_EQ(priorities, (std::vector<int>{21, 28, 35, 39, 46, 53}));
}

TEST_P(AlertContract, TenantsDoNotSeeEachOther) {
  auto& other = database().tenant(TenantId{2});
  const auto mine = make_alert(1, now());
  const auto created = append_one(alerts(), mine);
  const auto theirs =
      append_one(other.alerts(), repeat_of(mine, 1, now()));  // the same client id and fingerprint
  EXPECT_EQ(theirs.kind, AppendKind::kCreated);
  EXPECT_FALSE(value_of(other.alerts().find(created.id.str())));
  EXPECT_EQ(value_of(other.alerts().find("vendor-1"))->id, theirs.id);
  const std::vector<Seq> seqs{created.seq};
  for (const auto& alert : value_of(other.alerts().by_seq(seqs))) EXPECT_NE(alert.id, created.id);
  AlertChange change;
  change.status = model::AlertStatus::kClosed;
  EXPECT_FALSE(other.alerts().update(created.id.str(), change));
  for (const auto* text : {"", "failed"}) {
    AlertQuery query;
    query.text = text;
    const auto page = value_of(other.alerts().list(query));
    ASSERT_EQ(page.items.size(), 1U) << text;
    EXPECT_EQ(page.items[0].id, theirs.id);
  }
  EXPECT_EQ(value_of(other.counts()).alerts, 1);
  int links = 0;
  EXPECT_TRUE(succeeded(other.alerts().scan_links(
      0, [&](auto records) { return links += static_cast<int>(records.size()), true; })));
  EXPECT_EQ(links, 1);
}

}  // namespace
}  // namespace tocsin::store::test
