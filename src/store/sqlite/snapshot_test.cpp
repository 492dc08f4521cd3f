// A snapshot taken while others write: sound, complete, and the same as the database was.

#include "store/sqlite/snapshot.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <thread>

#include "store/sqlite/inspect.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/state_hash.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

class SnapshotTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    SqliteOptions options;
    options.file = file_;
    options.clock = &clock_;
    options.group_rows = 300;  // many commits
    database_ = value_of(open_sqlite(options));
  }
  std::unique_ptr<SqliteSnapshot> take() { return value_of(SqliteSnapshot::take(file_)); }
  // Lays the snapshot down as a database of its own.
  std::string lay_down(const SqliteSnapshot& snapshot, const std::string& name) {
    const auto to = dir_.file(name);
    std::ofstream out(to, std::ios::binary);
    std::uint64_t bytes = 0;
    EXPECT_TRUE(succeeded(snapshot.read([&](std::string_view pages) {
      out << pages;
      bytes += pages.size();
      return Result<void>();
    })));
    EXPECT_EQ(bytes, snapshot.bytes());
    if (!snapshot.journal().empty()) std::ofstream(to + "-ingest", std::ios::binary) << snapshot.journal();
    return to;
  }
  std::string hash_of(const std::string& file) {
    return value_of(state_hash(*value_of(SqliteConnection::open(file, {.read_only = true})))).sha256;
  }
  std::multiset<std::string> ids_in(const std::string& file) {
    SqliteOptions options;
    options.file = file;
    options.clock = &clock_;
    const auto database = value_of(open_sqlite(options));
    std::multiset<std::string> ids;
    AlertQuery query;
    query.limit = 1000;
    do {
      const auto page = value_of(database->tenant(kDefaultTenant).alerts().list(query));
      for (const auto& alert : page.items) ids.insert(*alert.source_id);
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    return ids;
  }

  FakeClock clock_;
  TempDir dir_;
  const std::string file_ = dir_.file("tocsin.db");
  std::unique_ptr<Database> database_;
};

TEST_F(SnapshotTest, WhatWasAcknowledgedBeforeIsThereExactlyOnceWhileOthersWrite) {
  auto& alerts = database_->tenant(kDefaultTenant).alerts();
  std::atomic<std::int64_t> acknowledged{0};
  std::atomic<std::int64_t> allowed{0};  // bounds the database: a slow round would else make the next slower
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (std::int64_t n = 0; !stop;) {
      if (n >= allowed) {
        std::this_thread::yield();
        continue;
      }
      EXPECT_TRUE(append(alerts, make_batch(n, 20, clock_.now())));
      acknowledged = n += 20;
    }
  });
  for (int round = 0; round < 12; ++round) {
    const auto before = acknowledged.load();
    allowed = before + 1000;
    while (acknowledged < before + 200) std::this_thread::yield();
    const auto sure = acknowledged.load();
    const auto snapshot = take();
    const auto said = value_of(snapshot->state_hash());
    const auto file = lay_down(*snapshot, "copy-" + std::to_string(round));
    EXPECT_EQ(value_of(check_sqlite(file)), "");
    EXPECT_EQ(hash_of(file), said);
    const auto ids = ids_in(file);
    for (std::int64_t n = 0; n < sure; ++n) ASSERT_EQ(ids.count("vendor-" + std::to_string(n)), 1U) << n;
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  }
  stop = true;
  writer.join();
}

TEST_F(SnapshotTest, AnAlertOfTheJournalAloneIsInIt) {
  auto& alerts = database_->tenant(kDefaultTenant).alerts();
  std::size_t with_journal = 0;
  for (std::int64_t n = 0; n < 40; ++n) {
    append_one(alerts, make_alert(n, clock_.now()));  // no reader asks: its rows are not committed yet
    const auto snapshot = take();
    if (snapshot->journal().empty()) continue;
    ++with_journal;
    const auto file = lay_down(*snapshot, "copy-" + std::to_string(n));
    EXPECT_EQ(ids_in(file).size(), static_cast<std::size_t>(n + 1));
  }
  EXPECT_GT(with_journal, 0U);
}

TEST_F(SnapshotTest, PagesOfTheLogAndOfTheFileComeTogether) {
  auto& alerts = database_->tenant(kDefaultTenant).alerts();
  ASSERT_TRUE(append(alerts, make_batch(0, 3000, clock_.now())));
  database_->close();
  database_.reset();  // all in the file
  const auto quiet = take();
  EXPECT_EQ(hash_of(lay_down(*quiet, "quiet")), hash_of(file_));
  open();
  auto& later = database_->tenant(kDefaultTenant).alerts();
  ASSERT_TRUE(append(later, make_batch(3000, 500, clock_.now())));
  ASSERT_EQ(value_of(later.last_seq()), 3500);  // a reader: the rows are in the log
  const auto snapshot = take();
  const auto file = lay_down(*snapshot, "mixed");
  EXPECT_EQ(hash_of(file), hash_of(file_));
  EXPECT_EQ(ids_in(file).size(), 3500U);
  EXPECT_EQ(value_of(snapshot->tenants()).at(0).alerts, 3500);
}

TEST_F(SnapshotTest, TheHashTellsOneChangedValue) {
  auto& store = database_->tenant(kDefaultTenant);
  const auto made = append_one(store.alerts(), make_alert(1, clock_.now()));
  ASSERT_EQ(value_of(store.alerts().last_seq()),
            1);  // a reader: the rows are in the log, not just the journal
  const auto before = value_of(take()->state_hash());
  EXPECT_EQ(value_of(take()->state_hash()), before);
  AlertChange change;
  change.priority = 3;
  ASSERT_TRUE(store.alerts().update(made.id.str(), change));
  const auto after = value_of(take()->state_hash());
  EXPECT_NE(after, before);
  ASSERT_TRUE(succeeded(store.set_setting("a", "b")));
  EXPECT_NE(value_of(take()->state_hash()), after);
}

TEST_F(SnapshotTest, WhatIsNoDatabaseOfOursIsRefused) {
  std::ofstream(dir_.file("text")) << "no database, but longer than a header of SQLite could be: "
                                   << std::string(200, 'x');
  for (const char* name : {"text", "absent"}) {
    const auto taken = SqliteSnapshot::take(dir_.file(name));
    ASSERT_FALSE(taken) << name;
    EXPECT_EQ(taken.error().kind, ErrorKind::kInvalidInput);
  }
}

}  // namespace
}  // namespace tocsin::store::test
