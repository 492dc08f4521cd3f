// Migrations, and what SQLite makes of our lists.

#include <gtest/gtest.h>

#include "store/sqlite/alert_list.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

std::unique_ptr<Connection> connect(const std::string& file) {
  auto db = Connection::open(file, {});
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
  std::unique_ptr<Connection> db_;
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

}  // namespace
}  // namespace tocsin::store::test
