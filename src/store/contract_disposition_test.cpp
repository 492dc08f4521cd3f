// What every database behind store.h must do: what people said of alerts, for what learns from it.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using model::Verdict;
using std::chrono::seconds;

class DispositionContract : public BackendTest {
 protected:
  AppendOutcome stored(int number) { return append_one(store().alerts(), make_alert(number, now())); }
  void say(const AppendOutcome& alert, Verdict verdict, const std::string& actor, double word) {
    const Acting acting({.actor = actor, .kind = ActorKind::kPerson, .word = word});
    AlertChange change;
    change.verdict = verdict;
    change.actor = actor;
    value_of(store().alerts().update(alert.id.str(), change));
  }
  std::vector<Disposition> all() { return value_of(store().dispositions().newest(100)); }
};
INSTANTIATE_TEST_SUITE_P(Backends, DispositionContract, testing::ValuesIn(backends()), backend_name);

TEST_P(DispositionContract, TheLatestWordOnAnAlertIsKeptWithWhoSaidIt) {
  const auto first = stored(1);
  const auto second = stored(2);
  EXPECT_TRUE(all().empty());
  say(first, Verdict::kFalsePositive, "ana", 0.75);
  clock_.advance(seconds(1));
  say(second, Verdict::kTruePositive, "ben", 1);
  auto found = all();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].alert, first.seq);
  EXPECT_EQ(found[0].verdict, Verdict::kFalsePositive);
  EXPECT_EQ(found[0].actor, "ana");
  EXPECT_DOUBLE_EQ(found[0].word, 0.75);
  EXPECT_FALSE(found[0].of_incident);
  EXPECT_EQ(found[1].decided_at, now());
  clock_.advance(seconds(1));
  say(first, Verdict::kUndecided, "ben", 1);
  found = all();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].alert, first.seq);
  EXPECT_EQ(found[1].verdict, Verdict::kUndecided);
}

TEST_P(DispositionContract, AChangeOfSomethingElseSaysNothing) {
  const auto alert = stored(1);
  AlertChange change;
  change.assignee = std::optional<std::string>("ana");
  value_of(store().alerts().update(alert.id.str(), change));
  EXPECT_TRUE(all().empty());
}

TEST_P(DispositionContract, TheyAreReadOnFromAPlaceInTheirOrder) {
  std::vector<AppendOutcome> alerts;
  for (int i = 0; i < 5; ++i) alerts.push_back(stored(i));
  for (const auto& alert : alerts) say(alert, Verdict::kBenignPositive, "ana", 1);  // all at one time
  std::vector<Seq> read;
  Timestamp at{};
  Seq last = 0;
  for (;;) {
    const auto part = value_of(store().dispositions().after(at, last, 2));
    if (part.empty()) break;
    for (const auto& one : part) read.push_back(one.alert);
    at = part.back().decided_at;
    last = part.back().alert;
  }
  std::vector<Seq> expected;
  for (const auto& alert : alerts) expected.push_back(alert.seq);
  EXPECT_EQ(read, expected);
  EXPECT_EQ(value_of(store().dispositions().newest(2)).size(), 2U);
}

TEST_P(DispositionContract, WhatStandsIsReadWithItsAlertNewestFirst) {
  const auto before = now();
  const auto first = stored(1);
  const auto second = stored(2);
  const auto third = stored(3);
  say(first, Verdict::kFalsePositive, "ana", 1);
  clock_.advance(seconds(1));
  const auto later = now();
  say(second, Verdict::kTruePositive, "ben", 1);
  say(third, Verdict::kTruePositive, "ben", 1);
  say(third, Verdict::kUndecided, "ben", 1);
  const auto found = value_of(store().dispositions().decided(before, 10));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].said.alert, second.seq);
  EXPECT_EQ(found[1].type, make_alert(1, before).alert.type);
  EXPECT_EQ(found[1].source, make_alert(1, before).alert.source);
  EXPECT_EQ(found[1].received_at, before);
  EXPECT_DOUBLE_EQ(found[1].fp_probability, 0.25);
  EXPECT_EQ(value_of(store().dispositions().decided(later, 10)).size(), 1U);
  EXPECT_EQ(value_of(store().dispositions().decided(before, 1)).size(), 1U);
}

TEST_P(DispositionContract, TheVerdictOfAnIncidentSpeaksForThoseOfItsAlertsThatNobodySpokeOf) {
  const auto own = stored(1);
  const auto other = stored(2);
  stored(3);
  model::Incident incident;
  incident.seq = 1;
  incident.id = IncidentId::make(now());
  incident.created_at = incident.updated_at = incident.first_seen = incident.last_seen = now();
  ASSERT_TRUE(succeeded(store().incidents().apply({{incident}, {{own.seq, 1}, {other.seq, 1}}, {}, 20})));
  say(own, Verdict::kTruePositive, "ana", 1);
  clock_.advance(seconds(1));
  IncidentChange change;
  change.verdict = Verdict::kFalsePositive;
  value_of(store().incidents().update(incident.id, change));
  auto found = all();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].alert, own.seq);
  EXPECT_EQ(found[0].verdict, Verdict::kTruePositive);
  EXPECT_EQ(found[1].alert, other.seq);
  EXPECT_EQ(found[1].verdict, Verdict::kFalsePositive);
  EXPECT_TRUE(found[1].of_incident);
  change.verdict = Verdict::kUndecided;
  value_of(store().incidents().update(incident.id, change));
  say(own, Verdict::kUndecided, "ana", 1);
  for (const auto& one : all()) EXPECT_EQ(one.verdict, Verdict::kUndecided);
  change.verdict = Verdict::kTruePositive;  // taken back is as if nobody had spoken
  value_of(store().incidents().update(incident.id, change));
  for (const auto& one : all()) EXPECT_EQ(one.verdict, Verdict::kTruePositive);
}

}  // namespace
}  // namespace tocsin::store::test
