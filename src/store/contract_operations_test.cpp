// What every database behind store.h must do: jobs, dead letters, events, settings.

#include <gtest/gtest.h>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class OperationContract : public BackendTest {
 protected:
  JobStore& jobs() { return store().jobs(); }
  JobId enqueue(const std::string& kind, int urgency, const std::string& key = {}) {
    Job job;
    job.kind = kind;
    job.payload = "{}";
    job.urgency = urgency;
    job.dedupe_key = key;
    job.max_attempts = 2;
    return value_of(jobs().enqueue(job));
  }
  std::vector<JobId> lease(std::size_t limit = 10) {
    const std::vector<std::string> kinds{"look-up", "notify"};
    std::vector<JobId> ids;
    for (const auto& job : value_of(jobs().lease(kinds, limit, seconds(60)))) ids.push_back(job.id);
    return ids;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, OperationContract, testing::ValuesIn(backends()), backend_name);

TEST_P(OperationContract, TheMostUrgentJobsAreLeasedFirstAndOnlyOnce) {
  const auto low = enqueue("look-up", 10);
  const auto high = enqueue("notify", 90);
  const auto second = enqueue("look-up", 90);
  enqueue("other", 100);
  EXPECT_EQ(lease(2), (std::vector<JobId>{high, second}));
  EXPECT_EQ(lease(), (std::vector<JobId>{low}));
  EXPECT_TRUE(lease().empty());
  ASSERT_TRUE(succeeded(jobs().complete(high)));
  EXPECT_EQ(value_of(jobs().list(JobState::kDone, "", 10)).total, 1);
  EXPECT_EQ(value_of(store().counts()).jobs_waiting, 1);
}

TEST_P(OperationContract, ALeaseThatRunsOutGivesTheJobBackUntilItIsDead) {
  const auto id = enqueue("look-up", 1);
  EXPECT_EQ(lease(), (std::vector<JobId>{id}));
  clock_.advance(seconds(61));
  EXPECT_EQ(lease(), (std::vector<JobId>{id}));
  clock_.advance(seconds(61));
  EXPECT_TRUE(lease().empty());
  const auto dead = value_of(jobs().list(JobState::kDead, "", 10));
  ASSERT_EQ(dead.items.size(), 1U);
  EXPECT_EQ(dead.items[0].last_error, "the lease ran out");
  ASSERT_TRUE(succeeded(jobs().retry(id)));
  EXPECT_EQ(lease(), (std::vector<JobId>{id}));
}

TEST_P(OperationContract, AFailedJobWaitsAndThenIsDead) {
  const auto id = enqueue("look-up", 1);
  lease();
  ASSERT_TRUE(succeeded(jobs().fail(id, "no route")));
  EXPECT_TRUE(lease().empty());
  clock_.advance(seconds(2));  // the first wait is at most this
  EXPECT_EQ(lease(), (std::vector<JobId>{id}));
  ASSERT_TRUE(succeeded(jobs().fail(id, "no route")));
  clock_.advance(hours(24));
  EXPECT_TRUE(lease().empty());
  EXPECT_EQ(value_of(store().counts()).jobs_dead, 1);
  const auto again = jobs().retry(JobId::make(now()));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kNotFound);
}

TEST_P(OperationContract, AWaitingOrDeadJobIsDiscardedAndOneAtWorkIsNot) {
  const auto waiting = enqueue("look-up", 1, "ip:1");
  ASSERT_TRUE(succeeded(jobs().discard(waiting)));
  EXPECT_TRUE(lease().empty());
  EXPECT_EQ(value_of(jobs().list({}, "", 10)).total, 0);
  const auto next = enqueue("look-up", 1, "ip:1");  // the key is free again
  ASSERT_EQ(lease(), (std::vector<JobId>{next}));
  const auto at_work = jobs().discard(next);
  ASSERT_FALSE(at_work);
  EXPECT_EQ(at_work.error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(succeeded(jobs().fail(next, "no route")));
  clock_.advance(seconds(2));
  ASSERT_EQ(lease(), (std::vector<JobId>{next}));
  ASSERT_TRUE(succeeded(jobs().fail(next, "no route")));  // for good
  ASSERT_TRUE(succeeded(jobs().discard(next)));
  EXPECT_EQ(value_of(store().counts()).jobs_dead, 0);
  const auto gone = jobs().discard(next);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::kNotFound);
}

TEST_P(OperationContract, ADoneJobCannotBeDiscarded) {
  const auto id = enqueue("look-up", 1);
  ASSERT_EQ(lease(), (std::vector<JobId>{id}));
  ASSERT_TRUE(succeeded(jobs().complete(id)));
  const auto done = jobs().discard(id);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
}

TEST_P(OperationContract, AWaitingJobWithTheSameKeyIsNotAddedTwice) {
  const auto first = enqueue("look-up", 1, "ip:1");
  EXPECT_EQ(enqueue("look-up", 1, "ip:1"), first);
  EXPECT_NE(enqueue("notify", 1, "ip:1"), first);
  EXPECT_EQ(lease().size(), 2U);
  const auto second = enqueue("look-up", 1, "ip:1");  // the first is at work: this one may wait
  EXPECT_NE(second, first);
  ASSERT_TRUE(succeeded(jobs().fail(first, "no route")));  // its twin waits already: one is enough
  EXPECT_EQ(value_of(store().counts()).jobs_waiting, 1);
}

TEST_P(OperationContract, JobsSurviveARestart) {
  const auto id = enqueue("look-up", 1);
  const auto leased = enqueue("notify", 90);
  lease(1);
  reopen();
  EXPECT_EQ(lease(), (std::vector<JobId>{id}));
  clock_.advance(seconds(61));
  const auto back = lease();
  EXPECT_NE(std::find(back.begin(), back.end(), leased), back.end());
}

TEST_P(OperationContract, DeadLettersAreListedFoundAndMarked) {
  std::vector<DeadLetter> letters(3);
  for (auto& letter : letters) {
    letter.id = DeadLetterId::make(now());
    letter.source = "cef";
    letter.reason = "no header at byte 0";
    letter.body = std::string("\0\xFF binary", 9);
    letter.received_at = now();
  }
  letters[2].body = std::string(kDeadLetterBytes + 1, 'x');
  const auto first = letters[0].id;
  const auto big = letters[2].id;
  auto& store = this->store().dead_letters();
  ASSERT_TRUE(succeeded(store.put(letters)));
  EXPECT_EQ(value_of(store.find(first))->body, letters[0].body);
  EXPECT_TRUE(value_of(store.find(big))->truncated);
  EXPECT_EQ(value_of(store.find(big))->body.size(), kDeadLetterBytes);
  ASSERT_TRUE(succeeded(store.mark(first, true, "replayed")));
  const auto open = value_of(store.list("", 1, true));
  EXPECT_EQ(open.total, 2);
  ASSERT_EQ(open.items.size(), 1U);
  EXPECT_EQ(open.items[0].id, big);
  const auto rest = value_of(store.list(open.next_cursor, 5, true));
  ASSERT_EQ(rest.items.size(), 1U);
  EXPECT_TRUE(rest.next_cursor.empty());
  EXPECT_EQ(value_of(store.list("", 5, false)).items.size(), 3U);
  EXPECT_EQ(value_of(this->store().counts()).dead_letters, 2);
  EXPECT_FALSE(store.mark(DeadLetterId::make(now()), true, ""));
}

TEST_P(OperationContract, EventsComeBackInOrderAndAreCounted) {
  auto& events = store().events();
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<model::Event> some(4);
    for (std::size_t i = 0; i < some.size(); ++i) {
      some[i].source = i == 0 ? "aws" : "azure";
      some[i].message = std::to_string(batch * 4 + static_cast<int>(i));
      some[i].user = "alice";
      some[i].raw = "{}";
      some[i].occurred_at = now();
    }
    EXPECT_EQ(value_of(events.append(some)).size(), 4U);
  }
  std::string messages;
  for (const auto& event : value_of(events.after(2, 8))) messages += event.message + " ";
  EXPECT_EQ(messages, "2 3 4 5 6 7 8 9 ");
  EXPECT_EQ(value_of(events.count()), 12);
  EXPECT_EQ(value_of(events.count_by_source()),
            (std::vector<std::pair<std::string, std::int64_t>>{{"azure", 9}, {"aws", 3}}));
  EXPECT_TRUE(value_of(database().tenant(TenantId{2}).events().after(0, 8)).empty());
}

TEST_P(OperationContract, LargeEventsComeInPartsOfBoundedSize) {
  auto& events = store().events();
  constexpr std::size_t kOne = 8U << 20U;
  const auto count = kEventBytesAtOnce / kOne + 3;
  for (std::size_t i = 0; i < count; ++i) {
    model::Event large;
    large.source = "local";
    large.occurred_at = now();
    large.raw = '"' + std::string(kOne, 'x') + '"';
    ASSERT_TRUE(events.append({large}));
  }
  std::size_t found = 0;
  int parts = 0;
  for (Seq reached = 0;; ++parts) {
    const auto part = value_of(events.after(reached, 1000));
    if (part.empty()) break;
    EXPECT_LE(part.size(), kEventBytesAtOnce / kOne + 1);
    found += part.size();
    reached = part.back().seq;
  }
  EXPECT_EQ(found, count);
  EXPECT_GT(parts, 1);
  EXPECT_LE(value_of(events.before(1000, 1000)).size(), kEventBytesAtOnce / kOne + 1);
}

TEST_P(OperationContract, SettingsAndFeedbackAreKept) {
  EXPECT_FALSE(value_of(store().setting("theme")));
  ASSERT_TRUE(succeeded(store().set_setting("theme", "dark")));
  ASSERT_TRUE(succeeded(store().set_setting("theme", "light")));
  reopen();
  EXPECT_EQ(value_of(store().setting("theme")), "light");
  EXPECT_FALSE(value_of(database().tenant(TenantId{2}).setting("theme")));
  Feedback feedback;
  feedback.alert_id = "AL-1";
  feedback.verdict = model::Verdict::kTruePositive;
  EXPECT_TRUE(succeeded(store().add_feedback(feedback)));
}

TEST_P(OperationContract, TheLastCorrectionOfEachAlertSpeaksForItsRule) {
  const auto correct = [&](const std::string& alert, int delta) {
    Feedback feedback;
    feedback.alert_id = alert;
    feedback.correction = PriorityCorrection{"suricata", "scan", alert, delta};
    EXPECT_TRUE(succeeded(store().add_feedback(feedback)));
  };
  EXPECT_EQ(value_of(store().rule_history("suricata", "scan")).corrections, 0);
  correct("AL-1", 50);
  correct("AL-2", 10);
  correct("AL-1", 30);  // thought better of
  const auto history = value_of(store().rule_history("suricata", "scan"));
  EXPECT_EQ(history.corrections, 2);
  EXPECT_DOUBLE_EQ(history.mean_correction, 20);
  EXPECT_EQ(value_of(store().rule_history("wazuh", "scan")).corrections, 0);
  EXPECT_EQ(value_of(database().tenant(TenantId{2}).rule_history("suricata", "scan")).corrections, 0);
}

TEST_P(OperationContract, AnswersAreKeptForADay) {
  const KeptAnswer answer{0xFFFF'FFFF'FFFF'FFF0, 201, {{"ETag", "\"3\""}, {"Location", "/x"}}, "{\"a\":1}"};
  EXPECT_FALSE(value_of(store().kept_answer("k")));
  ASSERT_TRUE(succeeded(store().keep_answer("k", answer)));
  reopen();
  const auto kept = value_of(store().kept_answer("k"));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->request_hash, answer.request_hash);
  EXPECT_EQ(kept->status, 201);
  EXPECT_EQ(kept->headers, answer.headers);
  EXPECT_EQ(kept->body, answer.body);
  EXPECT_FALSE(value_of(database().tenant(TenantId{2}).kept_answer("k")));
  clock_.advance(std::chrono::hours(25));
  EXPECT_FALSE(value_of(store().kept_answer("k")));
}

TEST_P(OperationContract, AClosedDatabaseFinishesWhatItTookAndRefusesMore) {
  std::promise<Result<std::vector<AppendOutcome>>> promise;
  alerts().append(make_batch(1, 5, now()), [&](auto result) { promise.set_value(std::move(result)); });
  database().close();
  EXPECT_TRUE(promise.get_future().get());
  const auto refused = store().set_setting("a", "b");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(value_of(store().counts()).alerts, 5);
}

}  // namespace
}  // namespace tocsin::store::test
