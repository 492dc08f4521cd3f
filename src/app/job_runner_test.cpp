// Jobs are run, planned again, and fail with their reason in the queue.

#include "app/job_runner.h"

#include <gtest/gtest.h>

#include "api/retention_settings.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

using store::JobState;
using store::test::succeeded;
using store::test::value_of;

class JobRunnerTest : public testing::Test {
 protected:
  std::unique_ptr<store::Database> open() {
    store::SqliteOptions options;
    options.file = dir_.file("tocsin.db");
    options.clock = &clock_;
    return value_of(store::open_sqlite(options));
  }
  std::unique_ptr<JobRunner> runner(std::vector<JobKind> kinds) {
    return std::make_unique<JobRunner>(
        store_.jobs(), clock_, std::move(kinds),
        [this](const store::Job&, const Error& why) { failures_.push_back(why.message); });
  }
  std::size_t run(JobRunner& runner) { return value_of(runner.run_due({})); }
  std::int64_t count(JobState state) { return value_of(store_.jobs().list(state, "", 10)).total; }

  store::test::FakeClock clock_;
  store::test::TempDir dir_;
  std::unique_ptr<store::Database> database_ = open();
  store::TenantStore& store_ = database_->tenant(store::kDefaultTenant);
  std::vector<std::string> failures_;
};

TEST_F(JobRunnerTest, ARegularJobRunsAndIsPlannedAgain) {
  int runs = 0;
  const auto jobs =
      runner({{"sweep", std::chrono::seconds(60), std::chrono::minutes(60), [&](const auto&, const auto&) {
                 ++runs;
                 return Result<void>();
               }}});
  ASSERT_TRUE(succeeded(jobs->plan()));
  ASSERT_TRUE(succeeded(jobs->plan()));  // one waits already
  EXPECT_EQ(count(JobState::kWaiting), 1);
  EXPECT_EQ(run(*jobs), 1U);
  EXPECT_EQ(run(*jobs), 0U);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(count(JobState::kDone), 1);
  EXPECT_EQ(count(JobState::kWaiting), 1);
  ASSERT_TRUE(succeeded(jobs->plan()));  // its time stands
  EXPECT_EQ(run(*jobs), 0U);
  clock_.advance(std::chrono::minutes(61));
  EXPECT_EQ(run(*jobs), 1U);
  EXPECT_EQ(runs, 2);
}

TEST_F(JobRunnerTest, AJobThatFailsIsTriedAgainAndThenIsDeadWithItsReason) {
  const auto jobs =
      runner({{"sweep", std::chrono::seconds(60), std::chrono::minutes(60), [](const auto&, const auto&) {
                 return Result<void>(error(ErrorKind::kStorageFull, "sweep", "no room left"));
               }}});
  ASSERT_TRUE(succeeded(jobs->plan()));
  for (int attempt = 0; attempt < 5; ++attempt) {
    EXPECT_EQ(run(*jobs), 1U) << attempt;
    clock_.advance(std::chrono::hours(2));
  }
  EXPECT_EQ(run(*jobs), 0U);
  const auto dead = value_of(store_.jobs().list(JobState::kDead, "", 10));
  ASSERT_EQ(dead.items.size(), 1U);
  EXPECT_NE(dead.items[0].last_error.find("no room left"), std::string::npos);
  EXPECT_EQ(failures_.size(), 5U);
}

TEST_F(JobRunnerTest, RetentionTakesWhatIsOldAndKeepsWhatHasRoom) {
  using store::test::append;
  using store::test::make_batch;
  ASSERT_TRUE(append(store_.alerts(), make_batch(0, 1200, clock_.now())));
  clock_.advance(std::chrono::hours(24 * 10));
  ASSERT_TRUE(append(store_.alerts(), make_batch(5000, 50, clock_.now())));
  const auto always = [] { return true; };
  EXPECT_FALSE(value_of(api::run_retention(store_, clock_.now(), always)).any());  // nothing is set
  ASSERT_TRUE(succeeded(api::save_retention(store_, {.days = 7, .bytes = {}})));
  EXPECT_EQ(value_of(api::run_retention(store_, clock_.now(), always)).alerts, 1200);
  EXPECT_EQ(value_of(store_.counts()).alerts, 50);
}

}  // namespace
}  // namespace tocsin::app
