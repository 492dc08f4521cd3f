// What is acknowledged survives: a killed process, a restart, a full disk.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "store/audit_chain.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

SqliteOptions options_for(const TempDir& dir) {
  SqliteOptions options;
  options.file = dir.file("tocsin.db");
  options.key_tail_rows = 64;  // keys go into their table while alerts come
  options.idle_after = std::chrono::milliseconds(1);
  return options;
}

std::unique_ptr<Database> open(const SqliteOptions& options) {
  auto opened = open_sqlite(options);
  EXPECT_TRUE(opened) << (opened ? "" : to_string(opened.error()));
  return opened ? std::move(*opened) : nullptr;
}

// Appends batches from two threads until killed; tells the first number of each batch that is durable.
[[noreturn]] void append_until_killed(const SqliteOptions& options, std::int64_t first, int acknowledged) {
  auto opened = open_sqlite(options);
  if (!opened) _exit(1);
  auto& alerts = (*opened)->tenant(kDefaultTenant).alerts();
  const SystemClock clock;
  const auto work = [&](std::int64_t from) {
    for (auto n = from;; n += 20) {
      if (!append(alerts, make_batch(n, 10, clock.now()))) _exit(2);
      if (write(acknowledged, &n, sizeof n) != sizeof n) _exit(3);
    }
  };
  std::thread other(work, first + 10);
  work(first);
  _exit(0);
}

// The batches that a child told of before it was killed, after `enough` of them.
std::vector<std::int64_t> run_and_kill(const SqliteOptions& options, std::int64_t first, int enough) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const auto child = fork();
  if (child == 0) append_until_killed(options, first, ends[1]);
  close(ends[1]);
  std::vector<std::int64_t> batches;
  std::int64_t n = 0;
  while (read(ends[0], &n, sizeof n) == sizeof n) {
    batches.push_back(n);
    if (static_cast<int>(batches.size()) == enough) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return batches;
}

void expect_once(AlertStore& alerts, std::int64_t n) {
  AlertQuery query;
  query.entities = {"host" + std::to_string(n)};
  const auto page = value_of(alerts.list(query));
  EXPECT_EQ(page.items.size(), 1U) << "alert " << n;
  const auto found = value_of(alerts.find("vendor-" + std::to_string(n)));
  ASSERT_TRUE(found) << "alert " << n;
  EXPECT_EQ(found->raw, R"({"n":)" + std::to_string(n) + "}");
  EXPECT_EQ(append_one(alerts, make_alert(n, found->occurred_at)).kind, AppendKind::kDuplicate)
      << "alert " << n;
}

// Alerts and occurrences that the audit counts, of a chain that must be whole.
std::int64_t audited(TenantStore& store) {
  const auto report =
      check_chain({kDefaultTenant, &store.audit(), true}, {}, {}, [](std::size_t) { return true; });
  EXPECT_TRUE(report && report->sound()) << (report ? to_string(report->faults.at(0)) : "unreadable");
  std::int64_t counted = 0;
  const auto number = [](const std::string& json, std::string_view name) {
    const auto at = json.find(name);
    return at == json.npos ? 0 : std::strtoll(json.c_str() + at + name.size(), nullptr, 10);
  };
  EXPECT_TRUE(succeeded(store.audit().scan(0, [&](std::span<const AuditRecord> records) {
    for (const auto& record : records) {
      if (record.action != "ingest.batch") continue;
      counted += number(record.after, "\"alerts\":") + number(record.after, "\"occurrences\":");
    }
    return true;
  })));
  return counted;
}

TEST(Crash, EveryAcknowledgedAlertIsThereExactlyOnce) {
  const TempDir dir;
  auto options = options_for(dir);
  std::mt19937 random(7);
  std::vector<std::int64_t> acknowledged;
  for (int cycle = 0; cycle < 8; ++cycle) {
    // Rows committed at once, now and then while alerts come, or only by the next start.
    options.idle_after = cycle % 2 == 0 ? std::chrono::milliseconds(1) : std::chrono::hours(1);
    options.group_rows = cycle % 3 == 0 ? 30 : 100'000;
    const auto batches = run_and_kill(options, cycle * 1'000'000, 1 + static_cast<int>(random() % 40));
    acknowledged.insert(acknowledged.end(), batches.begin(), batches.end());
  }
  auto database = open(options_for(dir));
  auto& store = database->tenant(kDefaultTenant);
  while (value_of(store.counts()).search_behind > 0) std::this_thread::yield();
  for (const auto first : acknowledged) {
    expect_once(store.alerts(), first);
    expect_once(store.alerts(), first + 9);
  }
  std::int64_t links = 0;
  EXPECT_TRUE(succeeded(store.alerts().scan_links(
      0, [&](auto some) { return links += static_cast<std::int64_t>(some.size()), true; })));
  EXPECT_EQ(links, value_of(store.counts()).alerts);
  EXPECT_EQ(audited(store), links)
      << "each alert that is stored is counted once in the audit, whose chain is whole";
  EXPECT_GE(links, static_cast<std::int64_t>(acknowledged.size()) * 10);
}

TEST(Restart, RepeatsAreKnownAsBefore) {
  for (const std::size_t tail : {1U, 1'000'000U}) {
    const TempDir dir;
    auto options = options_for(dir);
    options.key_tail_rows = tail;
    const auto at = SystemClock().now();
    auto database = open(options);
    value_of(append(database->tenant(kDefaultTenant).alerts(), make_batch(1, 50, at)));
    database.reset();
    database = open(options);
    auto& alerts = database->tenant(kDefaultTenant).alerts();
    auto repeat = make_alert(1, at);
    repeat.alert.source_id.reset();
    EXPECT_EQ(append_one(alerts, repeat).kind, AppendKind::kOccurrence);
    EXPECT_EQ(append_one(alerts, make_alert(2, at)).kind, AppendKind::kDuplicate);
    EXPECT_EQ(append_one(alerts, make_alert(51, at)).kind, AppendKind::kCreated);
  }
}

// Files may not grow beyond `bytes` while this lives: the way a full disk looks to SQLite.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST(DiskFull, WritesAreRefusedReadsGoOnAndItRecoversByItself) {
  const TempDir dir;
  auto options = options_for(dir);
  options.probe_every = std::chrono::milliseconds(5);
  auto database = open(options);
  auto& store = database->tenant(kDefaultTenant);
  const auto at = SystemClock().now();
  value_of(append(store.alerts(), make_batch(1, 100, at)));
  ASSERT_TRUE(value_of(store.alerts().find("vendor-1")));
  Result<std::vector<AppendOutcome>> refused = std::vector<AppendOutcome>();
  std::int64_t n = 1000;
  {
    const FullDisk full(1U << 20);
    for (; refused && n < 100'000; n += 100) refused = append(store.alerts(), make_batch(n, 100, at));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kStorageFull) << to_string(refused.error());
    EXPECT_NE(database->trouble(), "");
    EXPECT_TRUE(value_of(store.alerts().find("vendor-1")));
    EXPECT_FALSE(value_of(store.alerts().find("vendor-" + std::to_string(n - 100))));
    EXPECT_GT(value_of(store.alerts().list({})).total, 99);
  }
  while (!database->trouble().empty())
    std::this_thread::yield();  // the probe found it: no write of ours was needed
  const auto before = value_of(store.counts()).alerts;
  EXPECT_EQ(value_of(append(store.alerts(), make_batch(n - 100, 100, at))).size(), 100U);
  EXPECT_EQ(value_of(store.counts()).alerts, before + 100);
  AlertQuery all;
  all.limit = 1;
  EXPECT_EQ(value_of(store.alerts().list(all)).total, before + 100) << "each acknowledged alert has its row";
}

TEST(Journal, AlertsLeftBehindByAKillKeepTheirTagsAndOccurrences) {
  const TempDir dir;
  auto options = options_for(dir);
  options.idle_after = std::chrono::hours(1);
  const auto at = SystemClock().now();
  const auto child = fork();
  if (child == 0) {
    auto opened = open_sqlite(options);
    if (!opened) _exit(1);
    auto& alerts = (*opened)->tenant(kDefaultTenant).alerts();
    if (!append(alerts, make_batch(1, 3, at))) _exit(2);
    AlertChange close;
    close.status = model::AlertStatus::kClosed;
    if (!alerts.update("vendor-1", close, std::nullopt)) _exit(3);
    // A repeat of the closed one, one of an open one, one that is there already, and a new one.
    auto batch = make_batch(1, 4, at);
    batch.alerts[0].alert.source_id = "again-1";
    batch.alerts[1].alert.source_id = "again-2";
    if (!append(alerts, std::move(batch))) _exit(4);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  auto database = open(options);
  auto& alerts = database->tenant(kDefaultTenant).alerts();
  const auto again = value_of(alerts.find("again-1"));
  ASSERT_TRUE(again);
  ASSERT_EQ(again->tags.size(), 2U);
  EXPECT_EQ(again->tags[1].substr(0, 10), "repeat-of:");
  EXPECT_EQ(value_of(alerts.find("vendor-2"))->occurrences, 2);
  EXPECT_EQ(value_of(alerts.find("vendor-4"))->raw, R"({"n":4})");
  EXPECT_EQ(value_of(alerts.list({})).total, 5);
}

TEST(Journal, WhoDeliveredIsRecordedAfterAKill) {
  const TempDir dir;
  auto options = options_for(dir);
  options.idle_after = std::chrono::hours(1);
  const auto child = fork();
  if (child == 0) {
    auto opened = open_sqlite(options);
    if (!opened) _exit(1);
    const Acting acting({.actor = "edr", .kind = ActorKind::kKey, .address = "10.1.1.1", .trace_id = "t1"});
    auto& alerts = (*opened)->tenant(kDefaultTenant).alerts();
    for (std::int64_t n = 0; n < 30; n += 10) {
      if (!append(alerts, make_batch(n, 10, SystemClock().now()))) _exit(2);
    }
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  auto database = open(options);
  auto& store = database->tenant(kDefaultTenant);
  EXPECT_EQ(audited(store), 30);
  const auto page = value_of(store.audit().list({.actor = "edr"}));
  EXPECT_EQ(page.items.size(), 4U) << "one for each source";
  for (const auto& record : page.items) {
    EXPECT_EQ(record.actor_kind, ActorKind::kKey);
    EXPECT_EQ(record.address, "10.1.1.1");
    EXPECT_EQ(record.trace_id, "t1");
  }
}

TEST(Journal, ManyGroupsShareOneCommit) {
  const TempDir dir;
  auto options = options_for(dir);
  options.idle_after = std::chrono::hours(1);
  options.group_rows = 1000;
  auto database = open(options);
  auto& store = database->tenant(kDefaultTenant);
  const auto at = SystemClock().now();
  const auto rows = [&] {
    auto db = SqliteConnection::open(options.file, {.read_only = true});
    auto count = (*db)->prepare("SELECT count(*) FROM alerts");
    count.query().next();
    return count.int64(0);
  };
  for (std::int64_t n = 0; n < 900; n += 100) value_of(append(store.alerts(), make_batch(n, 100, at)));
  EXPECT_EQ(rows(), 0) << "nobody read, and fewer than group_rows wait";
  EXPECT_EQ(value_of(store.alerts().list({})).total, 900) << "a reader sees all that is acknowledged";
  EXPECT_EQ(rows(), 900);
}

TEST(Journal, AWorkThatFailsDoesNotTakeAcknowledgedAlertsAlong) {
  const TempDir dir;
  auto options = options_for(dir);
  options.idle_after = std::chrono::hours(1);
  auto database = open(options);
  auto& alerts = database->tenant(kDefaultTenant).alerts();
  const auto at = SystemClock().now();
  const auto taken = make_alert(1, at);
  append_one(alerts, taken);
  auto bad = make_batch(10, 3, at);
  bad.alerts[2].alert.id = taken.alert.id;  // a key that is taken
  EXPECT_FALSE(append(alerts, bad));
  append_one(alerts, make_alert(20, at));
  EXPECT_EQ(value_of(alerts.list({})).total, 2);
  EXPECT_EQ(append_one(alerts, make_alert(10, at)).kind, AppendKind::kCreated);
}

TEST(Journal, OneOfAnotherDatabaseIsLeftAlone) {
  const TempDir dir;
  const auto options = options_for(dir);
  const auto at = SystemClock().now();
  value_of(append(open(options)->tenant(kDefaultTenant).alerts(), make_batch(1, 5, at)));
  auto other = options;
  other.file = dir.file("other.db");
  {
    auto database = open(other);
    for (std::int64_t n = 0; n < 3; ++n) {
      value_of(append(database->tenant(kDefaultTenant).alerts(), make_batch(100 * n, 10, at)));
      value_of(database->tenant(kDefaultTenant).alerts().list({}));
    }
  }
  std::filesystem::copy_file(other.file + "-ingest", options.file + "-ingest",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(value_of(open(options)->tenant(kDefaultTenant).counts()).alerts, 5);
}

TEST(Backup, IsAWholeDatabase) {
  const TempDir dir;
  const auto options = options_for(dir);
  auto database = open(options);
  value_of(append(database->tenant(kDefaultTenant).alerts(), make_batch(1, 10, SystemClock().now())));
  ASSERT_TRUE(succeeded(database->backup(dir.file("copy.db"))));
  auto copy = options;
  copy.file = dir.file("copy.db");
  EXPECT_EQ(value_of(open(copy)->tenant(kDefaultTenant).counts()).alerts, 10);
}

TEST(Threads, ReadersAndWritersShareOneDatabase) {
  const TempDir dir;
  const auto database = open(options_for(dir));
  auto& store = database->tenant(kDefaultTenant);
  const auto at = SystemClock().now();
  std::atomic<bool> done = false;
  const auto write = [&](std::int64_t first) {
    for (auto n = first; n < first + 400; n += 20) value_of(append(store.alerts(), make_batch(n, 20, at)));
  };
  const auto read = [&] {
    AlertQuery query;
    query.text = "failed";
    while (!done) {
      value_of(store.alerts().list(query, true));
      value_of(store.alerts().find("vendor-1"));
      value_of(store.counts());
      EXPECT_TRUE(succeeded(store.alerts().scan_links(0, [](auto) { return true; })));
    }
  };
  const auto change = [&] {
    AlertChange close;
    close.status = model::AlertStatus::kClosed;
    while (!done) value_of(store.alerts().update_many({"vendor-1", "vendor-1001"}, close));
  };
  std::vector<std::thread> others;
  for (int i = 0; i < 2; ++i) others.emplace_back(read);
  others.emplace_back(change);
  std::thread first(write, 1), second(write, 1001);
  first.join();
  second.join();
  done = true;
  for (auto& thread : others) thread.join();
  EXPECT_EQ(value_of(store.counts()).alerts, 800);
}

TEST(Queue, AFullOneRefusesAtOnceAndTakesNothing) {
  const TempDir dir;
  auto options = options_for(dir);
  options.queue_rows = 10;
  const auto database = open(options);
  auto& alerts = database->tenant(kDefaultTenant).alerts();
  std::atomic<int> stored = 0, busy = 0;
  std::promise<void> all;
  constexpr int kBatches = 200;
  for (int i = 0; i < kBatches; ++i) {
    alerts.append(make_batch(i * 10, 10, SystemClock().now()),
                  [&](const Result<std::vector<AppendOutcome>>& result) {
                    EXPECT_TRUE(result || result.error().kind == ErrorKind::kBusy);
                    (result ? stored : busy) += 1;
                    if (stored + busy == kBatches) all.set_value();
                  });
  }
  all.get_future().wait();
  EXPECT_GT(busy, 0);
  EXPECT_GT(stored, 0);
  EXPECT_EQ(value_of(database->tenant(kDefaultTenant).counts()).alerts, stored * 10);
}

}  // namespace
}  // namespace tocsin::store::test
