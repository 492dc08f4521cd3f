// Migrations, and what SQLite makes of our lists.

#include <gtest/gtest.h>

#include "store/sql/audit_store.h"
#include "store/sql/desk_store.h"
#include "store/sqlite/alert_list.h"
#include "store/sqlite/alert_plan.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

std::unique_ptr<SqliteConnection> connect(const std::string& file) {
  auto db = SqliteConnection::open(file, {});
  EXPECT_TRUE(db);
  return std::move(*db);
}

TEST(Migrations, OpenAnEmptyFileAndOneOfEachEarlierVersion) {
  for (std::size_t version = 0; version <= migrations().size(); ++version) {
    const TempDir dir;
    SqliteOptions options;
    options.file = dir.file("tocsin.db");
    ASSERT_TRUE(succeeded(migrate(*connect(options.file), version)));
    auto database = open_sqlite(options);
    ASSERT_TRUE(database) << to_string(database.error());
    auto& store = (*database)->tenant(kDefaultTenant);
    append_one(store.alerts(), make_alert(1, SystemClock().now()));
    EXPECT_TRUE(succeeded(store.set_setting("a", "b")));
    EXPECT_EQ(value_of(store.counts()).alerts, 1) << "from version " << version;
  }
}

TEST(Migrations, ANewerFileIsRefusedWithAReason) {
  const TempDir dir;
  SqliteOptions options;
  options.file = dir.file("tocsin.db");
  ASSERT_TRUE(succeeded(connect(options.file)->exec("PRAGMA user_version=1000")));
  const auto opened = open_sqlite(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kInvalidInput);
  EXPECT_NE(opened.error().message.find("1000"), std::string::npos);
}

TEST(Migrations, AFileThatIsNoDatabaseIsRefused) {
  const TempDir dir;
  SqliteOptions options;
  options.file = dir.file("missing-folder/tocsin.db");
  const auto opened = open_sqlite(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
}

bool scans_alerts(const std::string& steps) {
  return steps.find("SCAN a\n") != std::string::npos || steps.find("SCAN a ") != std::string::npos;
}

class Plans : public testing::Test {
 protected:
  void SetUp() override {
    db_ = connect(dir_.file("plans.db"));
    ASSERT_TRUE(succeeded(migrate(*db_, migrations().size())));
  }
  std::string plan(const SqlText& text) {
    auto rows = db_->prepare("EXPLAIN QUERY PLAN " + text.sql);
    std::string steps;
    rows.query_values(text.values);
    while (rows.next()) steps += std::string(rows.text(3)) + "\n";
    EXPECT_TRUE(rows.status()) << text.sql;
    return steps;
  }
  void expect_walk(const AlertQuery& query, const std::optional<Cursor>& from = {},
                   AlertDriver driver = AlertDriver::kRuns) {
    AlertList list{kDefaultTenant, query};
    list.driver = driver;
    list.incident = 1;
    list.match = "\"word\"";
    for (const bool same_key : {true, false}) {
      const auto steps = plan(page_sql(list, from, same_key, 51, 0));
      EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
      EXPECT_FALSE(scans_alerts(steps)) << steps;
    }
    const auto counted = plan(count_sql(list, 10'001));
    EXPECT_FALSE(scans_alerts(counted)) << counted;
  }

  const TempDir dir_;
  std::unique_ptr<SqliteConnection> db_;
};

TEST_F(Plans, CommonListsNeitherScanNorSort) {
  for (const auto sort :
       {AlertSort::kNewest, AlertSort::kPriority, AlertSort::kOccurred, AlertSort::kOldest}) {
    AlertQuery query;
    query.sort = sort;
    expect_walk(query);
    expect_walk(query, Cursor{50, 1000});
    query.severities = {model::Severity::kHigh, model::Severity::kCritical};
    query.statuses = {model::AlertStatus::kNew};
    query.source = "wazuh";
    query.requires_review = true;
    expect_walk(query, Cursor{50, 1000});
  }
}

TEST_F(Plans, ListsOfAScopeNeitherScanNorSort) {
  for (const auto sort :
       {AlertSort::kNewest, AlertSort::kPriority, AlertSort::kOccurred, AlertSort::kOldest}) {
    AlertQuery query;
    query.sort = sort;
    query.severities = {model::Severity::kHigh};
    AlertList list{kDefaultTenant, query};
    list.scope = std::make_shared<const ScopeFilter>(model::AlertScope{{"wazuh", "api"}, {}}, nullptr);
    list.budget = std::make_shared<RowBudget>();
    for (const bool same_key : {true, false}) {
      const auto steps = plan(page_sql(list, Cursor{50, 1000}, same_key, 51, 0));
      EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
      EXPECT_FALSE(scans_alerts(steps)) << steps;
    }
    const auto steps = plan(passing_sql(list, std::vector<model::Seq>(kSeqsAtOnce, 7)));
    EXPECT_NE(steps.find("SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"), std::string::npos) << steps;
  }
}

TEST_F(Plans, APageOfTheAuditWalksOneIndexWithoutSorting) {
  AuditQuery time;
  time.from = time.until = SystemClock().now();
  AuditQuery object = time, actor = time, action = time;
  object.object = "AL-1";
  object.actor = actor.actor = "ana";
  action.action = "alert.update";
  action.text = "word";
  const std::vector<std::pair<AuditQuery, std::string>> walks{
      {time, "audit_by_time (tenant=?"},
      {object, "audit_by_object (tenant=? AND object_id=?"},
      {actor, "audit_by_actor (tenant=? AND actor=?"},
      {action, "audit_by_action (tenant=? AND action=?"}};
  for (const auto& [query, index] : walks) {
    for (const auto& from : {std::optional<Cursor>(), std::optional(Cursor{50, 1000})}) {
      const auto steps = plan(audit_walk(kDefaultTenant, query, from));
      EXPECT_NE(steps.find("SEARCH audit USING INDEX " + index), std::string::npos) << steps;
      EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
    }
    const auto counted = plan(audit_count(kDefaultTenant, query, 10'001));
    EXPECT_NE(counted.find("USING COVERING INDEX " + index), std::string::npos) << counted;
    EXPECT_EQ(counted.find("TEMP B-TREE"), std::string::npos) << counted;
  }
}

TEST_F(Plans, MeasuresOfTheDeskWalkTheirTimes) {
  for (const auto& [text, index] :
       {std::pair(desk_marks_sql(kDefaultTenant, SystemClock().now(), 10), "desk_marks_by_time"),
        std::pair(ratings_sql(kDefaultTenant, SystemClock().now(), 10), "answer_ratings_by_time")}) {
    const auto steps = plan(text);
    EXPECT_NE(steps.find(std::string(index) + " (tenant=? AND "), std::string::npos) << steps;
    EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
  }
}

TEST(Audit, TheDatabaseRefusesToChangeIt) {
  const TempDir dir;
  SqliteOptions options;
  options.file = dir.file("tocsin.db");
  auto database = open_sqlite(options);
  ASSERT_TRUE(database);
  auto& store = (*database)->tenant(kDefaultTenant);
  for (const auto* value : {"1", "2", "3"}) ASSERT_TRUE(succeeded(store.set_setting("a", value)));
  ASSERT_TRUE(succeeded(store.audit().add_head({.number = 1})));
  (*database)->close();
  const auto db = connect(options.file);
  constexpr const char* kReplace =
      "INSERT OR REPLACE INTO audit SELECT tenant, number, at, actor_kind, 'eve', address, trace_id, action, "
      "object_kind, object_id, before, after, reason, prev_hash, hash FROM audit WHERE number = 2";
  for (const auto* sql :
       {"UPDATE audit SET actor = 'eve' WHERE number = 2", "DELETE FROM audit WHERE number = 2", kReplace,
        "UPDATE audit_heads SET at = 1", "DELETE FROM audit_heads"}) {
    const auto done = db->exec(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_NE(done.error().message.find("only ever added to"), std::string::npos) << done.error().message;
  }
  EXPECT_EQ(value_of(store.audit().find(2))->actor, "tocsin");
}

TEST_F(Plans, TheNewestSeqIsOneStepDownEachRun) {
  const auto steps = plan({std::string(last_seq_sql()), {std::int64_t{1}}});
  EXPECT_EQ(steps.find("SCAN alerts"), std::string::npos) << steps;
  for (std::size_t at = steps.find("SEARCH alerts"); at != std::string::npos;
       at = steps.find("SEARCH alerts", at + 1)) {
    EXPECT_NE(steps.substr(at, steps.find('\n', at) - at).find("(tenant=? AND status=? AND severity=?)"),
              std::string::npos)
        << steps;
  }
}

TEST_F(Plans, WalksOfOneFilterKeepTheirOwnOrder) {
  AlertQuery query;
  query.incident = IncidentId::make(SystemClock().now());
  query.source = "wazuh";
  query.type = "x";
  query.assignee = "bob";
  query.requires_review = true;
  query.verdicts = {model::Verdict::kFalsePositive};
  for (const auto driver :
       {AlertDriver::kIncident, AlertDriver::kSource, AlertDriver::kType, AlertDriver::kAssignee,
        AlertDriver::kReview, AlertDriver::kVerdict, AlertDriver::kWords}) {
    expect_walk(query, Cursor{0, 1000}, driver);
  }
}

model::Condition test_of(model::Field field, model::Comparison how, std::vector<model::Operand> values) {
  model::Condition condition;
  condition.kind = model::Condition::Kind::kTest;
  condition.test = {field, how, std::move(values), {}, {}};
  return condition;
}

model::Condition all_of(std::vector<model::Condition> parts) {
  model::Condition condition;
  condition.parts = std::move(parts);
  return condition;
}

using model::Comparison;
using model::Field;

TEST(AlertPlans, WhatAnIndexKnowsIsTakenOver) {
  AlertQuery query;
  auto priority = test_of(Field::kPriority, Comparison::kInRange, {});
  priority.test.low = model::Bound{std::int64_t{80}, true};
  query.where = all_of({test_of(Field::kSource, Comparison::kEquals, {"wazuh"}),
                        test_of(Field::kSeverity, Comparison::kEquals, {std::int64_t{3}, std::int64_t{4}}),
                        priority, test_of(Field::kTitle, Comparison::kContains, {"x"})});
  const auto plan = plan_alerts(query);
  EXPECT_EQ(plan.query.source, "wazuh");
  EXPECT_EQ(plan.query.severities, (std::vector{model::Severity::kHigh, model::Severity::kCritical}));
  EXPECT_EQ(plan.query.min_priority, 80);
  ASSERT_EQ(plan.rest.parts.size(), 1U);
  EXPECT_EQ(plan.rest.parts[0].test.field, Field::kTitle);
}

TEST(AlertPlans, EntitiesAreFoundByTheirWordsAndContradictionsStay) {
  AlertQuery query;
  query.source = "a";
  query.where = all_of({test_of(Field::kUser, Comparison::kEquals, {"alice", "bob"}),
                        test_of(Field::kSource, Comparison::kEquals, {"b"})});
  const auto plan = plan_alerts(query);
  EXPECT_EQ(plan.match, R"((("alice" OR "bob")))");
  EXPECT_EQ(plan.rest.parts.size(), 2U);
  EXPECT_EQ(plan.query.source, "a");
}

// A statement that looks at rows one by one either comes through an index or is counted row by row.
TEST_F(Plans, WhatNoIndexKnowsIsLookedAtWithinABudget) {
  AlertQuery query;
  const auto rest = all_of({test_of(Field::kTitle, Comparison::kMatches, {"*x*"}),
                            test_of(Field::kIp, Comparison::kInNetwork, {"10.0.0.0/8"}),
                            test_of(Field::kTechnique, Comparison::kEquals, {"T1110"})});
  query.source = "wazuh";
  query.incident = IncidentId::make(SystemClock().now());
  for (const auto sort : {AlertSort::kNewest, AlertSort::kPriority}) {
    for (const auto driver :
         {AlertDriver::kRuns, AlertDriver::kIncident, AlertDriver::kSource, AlertDriver::kWords}) {
      query.sort = sort;
      AlertList list{kDefaultTenant, query};
      list.driver = driver;
      list.match = "\"word\"";
      list.only_before = 1000;
      list.rest = &rest;
      list.budget = std::make_shared<RowBudget>();
      list.documents = read_documents(*db_, list.budget);
      for (const auto& text : {page_sql(list, {}, false, 51, 0), count_sql(list, 10'001)}) {
        EXPECT_FALSE(scans_alerts(plan(text))) << plan(text);
        EXPECT_NE(text.sql.find("examined("), std::string::npos);
        EXPECT_EQ(text.sql.find("wazuh"), std::string::npos);
        EXPECT_EQ(text.sql.find("10.0.0.0"), std::string::npos);
      }
    }
  }
}

TEST(RowBudgets, EndAWalkAndAreTold) {
  const TempDir dir;
  auto db = connect(dir.file("budget.db"));
  const auto budget = std::make_shared<RowBudget>(RowBudget{.most = 10});
  SqlText text;
  text.sql =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n WHERE "
      "examined(" +
      text.bind(row_budget(budget)) + ", i)";
  auto row = db->prepare(text.sql);
  row.query_values(text.values);
  int rows = 0;
  while (row.next()) ++rows;
  EXPECT_EQ(rows, 10);
  EXPECT_TRUE(budget->spent);
  EXPECT_FALSE(row.status());
}

}  // namespace
}  // namespace tocsin::store::test
