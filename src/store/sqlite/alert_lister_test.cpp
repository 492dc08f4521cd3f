// How much a list looks at before it stops.

#include "store/sqlite/alert_lister.h"

#include <gtest/gtest.h>

#include "store/sqlite/alert_list.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

constexpr std::int64_t kAlerts = 3'000;

// Sources by severity, so that some runs of an index have nothing of a scope, and one that is rare.
class ScopedLister : public testing::Test {
 protected:
  void SetUp() override {
    SqliteOptions options;
    options.file = dir_.file("tocsin.db");
    options.clock = &clock_;
    database_ = value_of(open_sqlite(options));
    auto batch = make_batch(0, kAlerts, clock_.now());
    for (auto& added : batch.alerts) {
      auto& alert = added.alert;
      alert.source = alert.severity == model::Severity::kLow ? "low" : "other";
    }
    for (const std::size_t n : {3U, 1500U, 2990U}) batch.alerts[n].alert.source = "rare";
    auto& alerts = database_->tenant(kDefaultTenant).alerts();
    value_of(append(alerts, std::move(batch)));
    value_of(alerts.last_seq());  // whoever reads through the store finds what the writer's journal had
    db_ = value_of(SqliteConnection::open(options.file, {.read_only = true}));
  }

  // Pages until the list ends; how many pages there were.
  std::size_t walk(AlertQuery query, const ScopePtr& scope, const RowLimits& limits,
                   std::vector<std::string>& ids) {
    for (std::size_t pages = 1;; ++pages) {
      const auto page = value_of(list_alerts(*db_, kDefaultTenant, query, scope, limits));
      for (const auto& stored : page.items) ids.push_back(stored.alert.id.str());
      EXPECT_LE(page.total, kAlerts);
      if (page.next_cursor.empty() || pages > std::size_t{kAlerts}) return pages;
      query.cursor = page.next_cursor;
    }
  }
  std::vector<std::string> expected(AlertQuery query, const ScopeFilter& scope) {
    std::vector<std::string> ids;
    query.limit = 1000;
    do {
      const auto page = value_of(database_->tenant(kDefaultTenant).alerts().list(query));
      for (const auto& alert : page.items) {
        if (scope.holds(alert.source, "", "")) ids.push_back(alert.id.str());
      }
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    return ids;
  }

  FakeClock clock_;
  TempDir dir_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<SqliteConnection> db_;
};

TEST_F(ScopedLister, APageThatLookedAtEnoughEndsEarlyInEveryOrderAndGoesOn) {
  const RowLimits limits{.page = 600, .sorted = 600, .count = 600};
  for (const auto sort :
       {AlertSort::kNewest, AlertSort::kPriority, AlertSort::kOccurred, AlertSort::kOldest}) {
    for (const auto* source : {"low", "rare", "nobody"}) {
      AlertQuery query;
      query.sort = sort;
      query.limit = 1000;
      const auto scope = std::make_shared<const ScopeFilter>(model::AlertScope{{source}, {}}, nullptr);
      std::vector<std::string> ids;
      const auto pages = walk(query, scope, limits, ids);
      EXPECT_EQ(ids, expected(query, *scope)) << source;
      EXPECT_GT(pages, 1U) << source;
      EXPECT_LE(pages, 6U) << source;
    }
  }
}

TEST_F(ScopedLister, ATotalSaysThatItIsOfTheNewest) {
  const auto scope = std::make_shared<const ScopeFilter>(model::AlertScope{{"low"}, {}}, nullptr);
  AlertQuery query;
  const auto whole = value_of(list_alerts(*db_, kDefaultTenant, query, scope, {}));
  EXPECT_EQ(whole.total, std::ssize(expected(query, *scope)));
  EXPECT_FALSE(whole.total_capped);
  const auto part = value_of(list_alerts(*db_, kDefaultTenant, query, scope, {.count = 600}));
  EXPECT_LT(part.total, whole.total);
  EXPECT_GE(part.total, 600 / 5);
  EXPECT_TRUE(part.total_capped);
}

}  // namespace
}  // namespace tocsin::store::test
