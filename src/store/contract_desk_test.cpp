// What every database behind store.h must do: when people took up, judged and closed alerts and incidents,
// and what they said of answers.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using model::AlertStatus;
using model::Verdict;
using std::chrono::minutes;

class DeskContract : public BackendTest {
 protected:
  AppendOutcome stored(int number) { return append_one(store().alerts(), make_alert(number, now())); }
  static AlertChange with_status(AlertStatus status) {
    AlertChange change;
    change.status = status;
    return change;
  }
  static AlertChange with_verdict(Verdict verdict) {
    AlertChange change;
    change.verdict = verdict;
    return change;
  }
  static AlertChange assigned(const char* name) {
    AlertChange change;
    change.assignee = std::optional<std::string>(name);
    return change;
  }
  void change(const AppendOutcome& alert, const AlertChange& change, const char* actor = "ana",
              ActorKind kind = ActorKind::kPerson) {
    clock_.advance(minutes(1));
    const Acting acting({.actor = actor, .kind = kind});
    value_of(store().alerts().update(alert.id.str(), change));
  }
  std::vector<DeskMark> marks() { return value_of(store().desk().marks(Timestamp{}, 100)); }
  void rate(const char* answer, const char* actor, bool helpful) {
    clock_.advance(minutes(1));
    EXPECT_TRUE(succeeded(store().desk().rate({AnswerKind::kExplanation, answer, actor, helpful, {}})));
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, DeskContract, testing::ValuesIn(backends()), backend_name);

TEST_P(DeskContract, TheStepsOfAnAlertAreKeptWithTheirTimes) {
  const auto alert = stored(1);
  const auto start = now();
  EXPECT_TRUE(marks().empty());
  change(alert, with_status(AlertStatus::kInProgress));
  change(alert, with_verdict(Verdict::kFalsePositive), "ben");
  change(alert, with_status(AlertStatus::kClosed), "eve");
  ASSERT_EQ(marks().size(), 1U);
  const auto mark = marks()[0];
  EXPECT_FALSE(mark.of_incident);
  EXPECT_EQ(mark.id, alert.id.str());
  EXPECT_EQ(mark.began_at, start);
  EXPECT_EQ(mark.acknowledged_at, start + minutes(1));
  EXPECT_EQ(mark.triaged_at, start + minutes(2));
  EXPECT_EQ(mark.resolved_at, start + minutes(3));
  EXPECT_EQ(mark.handled_at, start + minutes(3));
  EXPECT_EQ(mark.handled_by, "eve");
  EXPECT_EQ(mark.verdict, Verdict::kFalsePositive);
  EXPECT_FALSE(mark.escalated_at);
  EXPECT_EQ(mark.reopened, 0);
}

TEST_P(DeskContract, WhatIsOpenedAgainIsNotResolvedUntilItIsClosedAgain) {
  const auto alert = stored(1);
  const auto start = now();
  change(alert, with_status(AlertStatus::kClosed));
  change(alert, with_status(AlertStatus::kNew));
  EXPECT_FALSE(marks()[0].resolved_at);
  EXPECT_EQ(marks()[0].reopened, 1);
  change(alert, with_status(AlertStatus::kClosed));
  EXPECT_EQ(marks()[0].resolved_at, start + minutes(3));
  EXPECT_EQ(marks()[0].acknowledged_at, start + minutes(1)) << "the first time counts";
  EXPECT_EQ(marks()[0].reopened, 1);
}

TEST_P(DeskContract, HandingOnWhatWasTakenUpIsAnEscalation) {
  const auto given = stored(1);
  const auto handed_on = stored(2);
  change(given, assigned("ben"));
  change(given, assigned("ana"));
  EXPECT_FALSE(marks()[0].escalated_at) << "ana gave it to ben, then took it herself";
  change(handed_on, assigned("ana"));
  change(handed_on, assigned("ben"));
  EXPECT_EQ(marks()[0].id, handed_on.id.str()) << "newest first";
  EXPECT_EQ(marks()[0].escalated_at, now());
}

TEST_P(DeskContract, TheMachineOnlyOpensAgain) {
  const auto alert = stored(1);
  change(alert, with_status(AlertStatus::kClosed), "tocsin", ActorKind::kMachine);
  EXPECT_TRUE(marks().empty());
  change(alert, with_status(AlertStatus::kNew), "tocsin", ActorKind::kMachine);
  ASSERT_EQ(marks().size(), 1U);
  EXPECT_EQ(marks()[0].reopened, 1);
  EXPECT_FALSE(marks()[0].acknowledged_at);
}

TEST_P(DeskContract, AKeyActsButIsNoAnalyst) {
  const auto alert = stored(1);
  change(alert, with_status(AlertStatus::kClosed), "soar", ActorKind::kKey);
  EXPECT_TRUE(marks()[0].resolved_at);
  EXPECT_FALSE(marks()[0].handled_at);
  EXPECT_EQ(marks()[0].handled_by, "");
}

TEST_P(DeskContract, WhatIsNoStepLeavesNoMark) {
  const auto alert = stored(1);
  AlertChange change_of_tags;
  change_of_tags.tags = std::vector<std::string>{"x"};
  change(alert, change_of_tags);
  EXPECT_TRUE(marks().empty());
}

TEST_P(DeskContract, IncidentsHaveTheirOwn) {
  model::Incident incident;
  incident.seq = 1;
  incident.id = IncidentId::make(now());
  incident.created_at = incident.updated_at = incident.first_seen = incident.last_seen = now();
  const auto start = now();
  ASSERT_TRUE(succeeded(store().incidents().apply({{incident}, {}, {}, 20})));
  clock_.advance(minutes(2));
  const Acting acting({.actor = "ana", .kind = ActorKind::kPerson});
  IncidentChange triaged;
  triaged.status = model::IncidentStatus::kTriaged;
  value_of(store().incidents().update(incident.id, triaged));
  ASSERT_EQ(marks().size(), 1U);
  EXPECT_TRUE(marks()[0].of_incident);
  EXPECT_EQ(marks()[0].id, incident.id.str());
  EXPECT_EQ(marks()[0].triaged_at, start + minutes(2));
  EXPECT_FALSE(marks()[0].resolved_at);
}

TEST_P(DeskContract, TheyAreReadFromATimeOn) {
  const auto first = stored(1);
  const auto second = stored(2);
  change(first, with_status(AlertStatus::kClosed));
  const auto later = now() + minutes(1);
  change(second, with_status(AlertStatus::kClosed));
  EXPECT_EQ(value_of(store().desk().marks(later, 10)).size(), 1U);
  EXPECT_EQ(value_of(store().desk().marks(Timestamp{}, 1)).size(), 1U);
}

TEST_P(DeskContract, TheLatestWordOfEachPersonOnAnAnswerCounts) {
  rate("AL-1", "ana", true);
  rate("AL-1", "ben", true);
  rate("AL-1", "ana", false);
  const auto ratings = value_of(store().desk().ratings(Timestamp{}, 10));
  ASSERT_EQ(ratings.size(), 2U);
  EXPECT_EQ(ratings[0].actor, "ana");
  EXPECT_FALSE(ratings[0].helpful);
  EXPECT_EQ(ratings[0].rated_at, now());
  EXPECT_TRUE(ratings[1].helpful);
  EXPECT_EQ(ratings[1].answer, "AL-1");
}

}  // namespace
}  // namespace tocsin::store::test
