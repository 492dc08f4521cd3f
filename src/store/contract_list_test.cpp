// What every database behind store.h must do: lists, pages and search.

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using model::AlertStatus;
using model::Severity;

// Stores alerts that differ in all that lists filter by, and keeps them beside the store as the plain answer.
class ListContract : public BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (IsSkipped()) return;
    for (int round = 0; round < 4; ++round) add_some(round * 50, 50);
  }

  void add_some(int first, int count) {
    auto batch = make_batch(first, count, now());
    for (auto& added : batch.alerts) {
      auto& alert = added.alert;
      const auto random = random_();
      alert.severity = static_cast<Severity>(random % 5);
      alert.occurred_at = now() - std::chrono::minutes(random / 8 % 500);
      alert.priority = static_cast<int>(random / 4096 % 101);
      alert.requires_review = random / 128 % 4 == 0;
    }
    auto stored = batch;
    const auto outcomes = value_of(append(alerts(), std::move(batch)));
    for (std::size_t i = 0; i < outcomes.size(); ++i) change(stored.alerts[i].alert, outcomes[i]);
  }

  void change(model::Alert alert, const AppendOutcome& outcome) {
    const auto random = random_();
    AlertChange change;
    if (random % 3 != 0) change.status = static_cast<AlertStatus>(random % 3);
    if (random % 4 == 1) change.verdict = static_cast<model::Verdict>(random / 16 % 4);
    if (random % 5 == 2) change.assignee = std::optional<std::string>(random % 2 == 0 ? "bob" : "eve");
    value_of(alerts().update(outcome.id.str(), change));
    if (change.status) alert.status = *change.status;
    if (change.verdict) alert.triage.verdict = *change.verdict;
    if (change.assignee) alert.assignee = *change.assignee;
    truth_.emplace_back(outcome.seq, std::move(alert));
  }

  static std::pair<std::int64_t, Seq> key(const std::pair<Seq, model::Alert>& row, AlertSort sort) {
    switch (sort) {
      case AlertSort::kPriority:
        return {row.second.priority, row.first};
      case AlertSort::kOccurred:
        return {to_unix_nanos(row.second.occurred_at), row.first};
      default:
        return {row.first, row.first};
    }
  }

  std::vector<std::string> expected(AlertSort sort,
                                    const std::function<bool(const model::Alert&)>& wanted) const {
    auto rows = truth_;
    std::erase_if(rows, [&](const auto& row) { return !wanted(row.second); });
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
      return sort == AlertSort::kOldest ? key(a, sort) < key(b, sort) : key(a, sort) > key(b, sort);
    });
    std::vector<std::string> ids;
    for (const auto& row : rows) ids.push_back(row.second.id.str());
    return ids;
  }

  std::vector<std::string> all_pages(AlertQuery query) {
    std::vector<std::string> ids;
    do {
      const auto page = value_of(alerts().list(query));
      const auto some = ids_of(page);
      EXPECT_LE(some.size(), query.limit);
      ids.insert(ids.end(), some.begin(), some.end());
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    return ids;
  }

  void check(AlertQuery query, const std::function<bool(const model::Alert&)>& wanted) {
    for (const auto sort :
         {AlertSort::kNewest, AlertSort::kPriority, AlertSort::kOccurred, AlertSort::kOldest}) {
      query.sort = sort;
      query.limit = 17;
      const auto ids = expected(sort, wanted);
      EXPECT_EQ(all_pages(query), ids) << "sort " << static_cast<int>(sort);
      EXPECT_EQ(value_of(alerts().list(query)).total, static_cast<std::int64_t>(ids.size()));
    }
  }

  std::mt19937 random_{20260104};
  std::vector<std::pair<Seq, model::Alert>> truth_;
};
INSTANTIATE_TEST_SUITE_P(Backends, ListContract, testing::ValuesIn(backends()), backend_name);

TEST_P(ListContract, EveryFilterInEveryOrderGivesTheRowsThatAPlainLoopGives) {
  AlertQuery query;
  check(query, [](const auto&) { return true; });
  query.severities = {Severity::kHigh, Severity::kCritical};
  check(query, [](const auto& a) { return a.severity >= Severity::kHigh; });
  query.statuses = {AlertStatus::kNew, AlertStatus::kClosed};
  check(query,
        [](const auto& a) { return a.severity >= Severity::kHigh && a.status != AlertStatus::kInProgress; });
  query = {};
  query.verdicts = {model::Verdict::kFalsePositive};
  check(query, [](const auto& a) { return a.triage.verdict == model::Verdict::kFalsePositive; });
  query = {};
  query.source = "wazuh";
  query.type = "malware_detected";
  check(query, [](const auto& a) { return a.source == "wazuh" && a.type == "malware_detected"; });
  query = {};
  query.assignee = "bob";
  check(query, [](const auto& a) { return a.assignee == "bob"; });
  query.assignee = "";
  check(query, [](const auto& a) { return !a.assignee; });
  query = {};
  query.requires_review = true;
  query.min_priority = 50;
  check(query, [](const auto& a) { return a.requires_review && a.priority >= 50; });
  query = {};
  query.occurred = {now() - std::chrono::minutes(200), now() - std::chrono::minutes(100)};
  check(query, [&](const auto& a) {
    return a.occurred_at >= *query.occurred.from && a.occurred_at < *query.occurred.until;
  });
}

TEST_P(ListContract, EntitiesAndWordsAreFoundAtOnceAndInAnyOrder) {
  AlertQuery query;
  query.entities = {"host42"};
  check(query, [](const auto& a) { return a.title.ends_with(" host42"); });
  query.entities = {"host42", "alice42", "203.0.113.7"};  // all of them
  check(query, [](const auto& a) { return a.title.ends_with(" host42"); });
  query.entities = {"host42", "alice41"};
  check(query, [](const auto&) { return false; });
  query = {};
  query.text = "LOGINS host1";  // the last word is a prefix
  check(query, [](const auto& a) { return a.title.find(" host1") != std::string::npos; });
  query.text = "alice77@corp.example";
  check(query, [](const auto& a) { return a.title.ends_with(" host77"); });
  query.text = "nowhere-to-be-found";
  check(query, [](const auto&) { return false; });
  query.text = R"(logins" OR * NEAR( words:)";  // no syntax to anybody: plain words, none of which is there
  check(query, [](const auto&) { return false; });
  query = {};
  query.text = "failed";
  query.severities = {Severity::kLow};
  check(query, [](const auto& a) { return a.severity == Severity::kLow; });
}

TEST_P(ListContract, SearchGivesTheSameBeforeAndAfterIndexing) {
  AlertQuery query;
  query.text = "malware failed";  // of the type and of the title
  const auto wanted = [](const auto& a) { return a.type == "malware_detected"; };
  check(query, wanted);
  while (value_of(store().counts()).search_behind > 0) std::this_thread::yield();
  check(query, wanted);
  add_some(5000, 10);
  check(query, wanted);
}

TEST_P(ListContract, PagesStayInPlaceWhileRowsAreAdded) {
  const auto before = expected(AlertSort::kNewest, [](const auto&) { return true; });
  AlertQuery query;
  query.limit = 40;
  std::vector<std::string> seen;
  do {
    const auto page = value_of(alerts().list(query));
    for (auto& id : ids_of(page)) seen.push_back(id);
    query.cursor = page.next_cursor;
    add_some(1000 + static_cast<int>(seen.size()), 5);
  } while (!query.cursor.empty());
  EXPECT_EQ(seen, before);
}

TEST_P(ListContract, ForeignAndBrokenCursorsAreRefused) {
  AlertQuery query;
  query.limit = 5;
  const auto cursor = value_of(alerts().list(query)).next_cursor;
  ASSERT_FALSE(cursor.empty());
  auto broken = cursor;
  broken[2] = broken[2] == 'A' ? 'B' : 'A';
  for (const auto& bad :
       {broken, cursor + "A", std::string("x"), std::string(5000, 'A'), std::string("=\0=", 3)}) {
    query.cursor = bad;
    const auto page = alerts().list(query);
    ASSERT_FALSE(page) << bad;
    EXPECT_EQ(page.error().kind, ErrorKind::kInvalidInput);
  }
  query.cursor = cursor;
  query.sort = AlertSort::kPriority;
  EXPECT_FALSE(alerts().list(query));  // of another order
}

TEST_P(ListContract, AConditionGivesTheRowsThatAPlainLoopGives) {
  model::Condition part;
  part.kind = model::Condition::Kind::kTest;
  part.test = {model::Field::kTitle, model::Comparison::kMatches, {"*host*7"}, {}, {}};
  AlertQuery query;
  query.where = part;
  check(query, [](const auto& a) { return a.title.ends_with("7"); });
  query.min_priority = 50;
  check(query, [](const auto& a) { return a.title.ends_with("7") && a.priority >= 50; });
  query.where->test = {model::Field::kUser, model::Comparison::kEquals, {"ALICE7", "alice12"}, {}, {}};
  check(query, [](const auto& a) {
    return (a.title.ends_with(" host7") || a.title.ends_with(" host12")) && a.priority >= 50;
  });
}

TEST_P(ListContract, LimitsAreCheckedAndOffsetsSkip) {
  AlertQuery query;
  query.limit = 0;
  EXPECT_FALSE(alerts().list(query));
  query.limit = 1001;
  EXPECT_FALSE(alerts().list(query));
  query.limit = 10;
  query.offset = 195;
  EXPECT_EQ(value_of(alerts().list(query)).items.size(), 5U);
}

TEST_P(ListContract, DocumentsComeOnlyWhenAskedFor) {
  AlertQuery query;
  query.limit = 3;
  for (const auto& alert : value_of(alerts().list(query)).items)
    EXPECT_TRUE(alert.raw.empty() && alert.entities.empty());
  for (const auto& alert : value_of(alerts().list(query, true)).items) {
    EXPECT_FALSE(alert.raw.empty());
    EXPECT_EQ(alert.entities.size(), 3U);
  }
}

// After random changes the kept counters are what counting the rows gives.
TEST_P(ListContract, CountersEqualWhatCountingGives) {
  for (int step = 0; step < 120; ++step) {
    auto& row = truth_[random_() % truth_.size()];
    AlertChange change;
    change.status = static_cast<AlertStatus>(random_() % 3);
    value_of(alerts().update(row.second.id.str(), change));
    row.second.status = *change.status;
    if (step % 40 == 0) add_some(2000 + step * 10, 10);
  }
  std::map<std::string, std::int64_t> severities, statuses, sources;
  for (const auto& [seq, alert] : truth_) {
    ++severities[std::string(to_text(alert.severity))];
    ++statuses[std::string(to_text(alert.status))];
    ++sources[alert.source];
  }
  const auto as_map = [](const auto& pairs) {
    return std::map<std::string, std::int64_t>(pairs.begin(), pairs.end());
  };
  const auto counts = value_of(store().counts());
  EXPECT_EQ(counts.alerts, static_cast<std::int64_t>(truth_.size()));
  EXPECT_EQ(as_map(counts.alerts_by_severity), severities);
  EXPECT_EQ(as_map(counts.alerts_by_status), statuses);
  EXPECT_EQ(as_map(counts.alerts_by_source), sources);
}

}  // namespace
}  // namespace tocsin::store::test
