// What PostgreSQL has beyond the contract: several processes on one database, a server that goes away,
// migrations.

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "store/postgres/append_lookup.h"
#include "store/postgres/migrations.h"
#include "store/postgres/tenant_removal.h"
#include "store/postgres/tenant_tables.h"
#include "store/postgres/testing.h"
#include "store/postgres/writer.h"

namespace tocsin::store::test {
namespace {

class Postgres : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = why_no_postgres(); !missing.empty()) GTEST_SKIP() << missing;
    ASSERT_TRUE(succeeded(on_postgres("CREATE SCHEMA " + schema_of(dir_))));
  }
  void TearDown() override {
    if (!IsSkipped()) drop_private_schema(dir_);
  }
  // As another process would have it.
  std::unique_ptr<Database> open() {
    PostgresOptions options;
    options.url = url_of_schema(dir_);
    options.clock = &clock_;
    options.readers = 2;
    options.probe_every = std::chrono::milliseconds(20);
    return value_of(open_postgres(options));
  }
  std::unique_ptr<PgConnection> connect() {
    return value_of(PgConnection::open(url_of_schema(dir_), "SELECT 1"));
  }
  std::int64_t number(const std::string& sql) {
    const auto db = connect();
    auto row = db->prepare(sql);
    EXPECT_TRUE(row.query().next()) << to_string(row.status().error());
    return row.int64(0);
  }
  FakeClock clock_;
  TempDir dir_;
};

AlertStore& alerts_of(Database& database) {
  return database.tenant(kDefaultTenant).alerts();
}

TEST_F(Postgres, OpensAnEmptySchemaAndOneOfEachEarlierVersion) {
  for (std::size_t version = 0; version <= postgres_migrations().size(); ++version) {
    ASSERT_TRUE(succeeded(
        on_postgres("DROP SCHEMA " + schema_of(dir_) + " CASCADE; CREATE SCHEMA " + schema_of(dir_))));
    ASSERT_TRUE(succeeded(migrate_postgres(*connect(), version)));
    const auto database = open();
    append_one(alerts_of(*database), make_alert(1, clock_.now()));
    EXPECT_EQ(value_of(database->tenant(kDefaultTenant).counts()).alerts, 1) << "from version " << version;
  }
}

TEST_F(Postgres, ASchemaOfANewerVersionIsRefusedWithAReason) {
  open();
  ASSERT_TRUE(succeeded(connect()->exec("INSERT INTO schema_steps (number) VALUES (1000)")));
  PostgresOptions options;
  options.url = url_of_schema(dir_);
  const auto opened = open_postgres(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kInvalidInput);
  EXPECT_NE(opened.error().message.find("1000"), std::string::npos);
}

TEST_F(Postgres, ProcessesThatOpenAnEmptySchemaTogetherMakeItOnce) {
  std::vector<std::thread> openers;
  std::atomic<int> opened{0};
  for (int i = 0; i < 4; ++i) openers.emplace_back([&] { opened += open() ? 1 : 0; });
  for (auto& opener : openers) opener.join();
  EXPECT_EQ(opened, 4);
  EXPECT_EQ(number("SELECT count(*) FROM schema_steps"),
            static_cast<std::int64_t>(postgres_migrations().size()));
}

// A reader that follows the numbers sees each alert once, however the commits of two processes fall.
TEST_F(Postgres, NumbersOfTwoProcessesHaveNoGapsAndFollowTheCommits) {
  const auto first = open();
  const auto second = open();
  constexpr int kBatches = 40;
  constexpr int kInBatch = 25;
  std::atomic<int> writing{2};
  const auto write = [&](Database& database, int from) {
    for (int i = 0; i < kBatches; ++i)
      value_of(append(alerts_of(database), make_batch(from + i * kInBatch, kInBatch, clock_.now())));
    --writing;
  };
  std::thread one([&] { write(*first, 0); });
  std::thread other([&] { write(*second, 100'000); });
  Seq reached = 0;
  bool gap = false;
  const auto follow = [&](std::span<const model::LinkRecord> records) {
    for (const auto& record : records) gap = gap || record.seq != ++reached;
    return true;
  };
  while (writing > 0) EXPECT_TRUE(alerts_of(*first).scan_links(reached, follow));
  one.join();
  other.join();
  EXPECT_TRUE(alerts_of(*second).scan_links(reached, follow));
  EXPECT_FALSE(gap);
  EXPECT_EQ(reached, 2 * kBatches * kInBatch);
  EXPECT_EQ(number("SELECT count(DISTINCT seq) FROM alerts"), reached);
}

TEST_F(Postgres, TheSameAlertsThroughTwoProcessesAtOnceAreStoredOnce) {
  const auto first = open();
  const auto second = open();
  constexpr int kAlerts = 500;
  const auto write = [&](Database& database) {
    for (int n = 0; n < kAlerts; n += 10)
      value_of(append(alerts_of(database), make_batch(n, 10, clock_.now())));
  };
  std::thread one([&] { write(*first); });
  std::thread other([&] { write(*second); });
  one.join();
  other.join();
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), kAlerts);
  EXPECT_EQ(value_of(first->tenant(kDefaultTenant).counts()).alerts, kAlerts);
}

TEST_F(Postgres, RepeatsThroughTwoProcessesAreOccurrencesOfOneAlert) {
  const auto first = open();
  const auto second = open();
  auto alert = make_alert(1, clock_.now());
  alert.alert.source_id.reset();
  const auto write = [&](Database& database) {
    for (int n = 0; n < 30; ++n) {
      auto copy = alert;
      copy.alert.id = AlertId::make(clock_.now());
      append_one(alerts_of(database), std::move(copy));
    }
  };
  write(*first);
  write(*second);
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), 1);
  EXPECT_EQ(number("SELECT occurrences FROM alerts"), 60);
}

TEST_F(Postgres, AJobIsLeasedByOneProcess) {
  const auto first = open();
  const auto second = open();
  for (int n = 0; n < 200; ++n) {
    Job job;
    job.kind = "look-up";
    job.payload = "{}";
    value_of(first->tenant(kDefaultTenant).jobs().enqueue(job));
  }
  std::mutex mutex;
  std::multiset<std::string> leased;
  const auto work = [&](Database& database) {
    const std::vector<std::string> kinds{"look-up"};
    for (;;) {
      const auto jobs =
          value_of(database.tenant(kDefaultTenant).jobs().lease(kinds, 7, std::chrono::seconds(60)));
      if (jobs.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& job : jobs) leased.insert(job.id.str());
    }
  };
  std::thread one([&] { work(*first); });
  std::thread other([&] { work(*second); });
  one.join();
  other.join();
  work(*first);  // what one of them had locked while the other looked
  EXPECT_EQ(leased.size(), 200U);
  EXPECT_EQ(std::set<std::string>(leased.begin(), leased.end()).size(), 200U);
}

TEST_F(Postgres, ALostConnectionCostsNoAcknowledgedAlertAndDoublesNone) {
  const auto database = open();
  std::atomic<bool> done{false};
  std::atomic<int> cuts{0};
  std::atomic<int> turn{0};  // every third append is cut, so that others come through however slow they are
  std::thread cutter([&] {
    const auto db = connect();
    auto cut = db->prepare(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND pid IN "
        "(SELECT "
        "l.pid FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation JOIN pg_namespace AS n ON n.oid = "
        "c.relnamespace WHERE n.nspname = ?1)");
    while (!done) {
      std::this_thread::yield();
      if (turn % 3 != 1) continue;
      cut.query(schema_of(dir_));
      while (cut.next()) ++cuts;
      EXPECT_TRUE(succeeded(cut.status()));
    }
  });
  std::vector<AlertId> acknowledged;  // while sessions are ended in the midst of their transactions
  int refused = 0;
  for (int n = 0; n < 300; ++n) {
    turn = n;
    auto batch = make_batch(n, 1, clock_.now());
    const auto outcome = append(alerts_of(*database), std::move(batch));
    if (outcome) acknowledged.push_back((*outcome)[0].id);
    refused += outcome ? 0 : 1;
    if (!outcome) {
      EXPECT_TRUE(outcome.error().kind == ErrorKind::kUnavailable || outcome.error().kind == ErrorKind::kBusy)
          << to_string(outcome.error());
    }
  }
  done = true;
  cutter.join();
  const auto db = connect();
  for (const auto& id : acknowledged) {
    auto row = db->prepare("SELECT count(*) FROM alerts WHERE ulid = ?1");
    ASSERT_TRUE(row.query(id.str().substr(3)).next());
    EXPECT_EQ(row.int64(0), 1);
  }
  EXPECT_LE(number("SELECT count(*) FROM alerts"), static_cast<std::int64_t>(acknowledged.size()) + refused);
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), number("SELECT count(DISTINCT source_id) FROM alerts"));
  EXPECT_GT(acknowledged.size(), 0U);
  EXPECT_GT(cuts, 0);
}

TEST_F(Postgres, HostileTextIsStoredAndFoundAsItCame) {
  const auto database = open();
  auto alert = make_alert(1, clock_.now());
  const std::string id("id\0\xFF", 4);
  alert.alert.source_id = id;
  alert.alert.title = std::string("t\0\xC3(", 4) + "needle";
  alert.alert.source = "s\xF4\x8F\xBC\x80";
  const auto created = append_one(alerts_of(*database), alert);
  const auto found = value_of(alerts_of(*database).find(id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, created.id);
  EXPECT_EQ(found->title, alert.alert.title);
  EXPECT_EQ(found->source, alert.alert.source);
  alert.alert.id = AlertId::make(clock_.now());
  EXPECT_EQ(append_one(alerts_of(*database), alert).kind, AppendKind::kDuplicate);
  AlertQuery query;
  query.source = alert.alert.source;
  EXPECT_EQ(value_of(alerts_of(*database).list(query)).total, 1);
}

// As the writer has it planned while nothing is known of the values: by the keys alone, however many alerts
// follow.
TEST_F(Postgres, RepeatsAreLookedUpByTheirKeys) {
  value_of(append(alerts_of(*open()), make_batch(0, 3000, clock_.now())));
  const auto db = value_of(PgConnection::open(url_of_schema(dir_), PostgresWriter::session()));
  auto rows = db->prepare("EXPLAIN " + std::string(append_lookup_sql()));
  std::string plan;
  for (rows.query(1, "{1,2}", "{3,4}"); rows.next();) plan += std::string(rows.text(0)) + "\n";
  ASSERT_TRUE(succeeded(rows.status()));
  for (const auto* index : {"alerts_by_id_key", "alerts_by_fingerprint", "alert_occurrences_by_id"})
    EXPECT_NE(plan.find(index), std::string::npos) << plan;
  for (const auto* index : {"alerts_newest", "alerts_urgent", "alerts_occurred", "alerts_by_source",
                            "alerts_by_type", "alerts_by_review", "Seq Scan"})
    EXPECT_EQ(plan.find(index), std::string::npos) << plan;
  EXPECT_EQ(plan.find("alerts_pkey"), plan.rfind("alerts_pkey")) << plan;  // once, for the alert of a repeat
}

// What is heard, until `wanted` holds of it.
class Ear {
 public:
  void hear(const Notice& notice) {
    {
      const std::lock_guard lock(mutex_);
      heard_.push_back(notice);
    }
    told_.notify_all();
  }
  bool waits_for(const std::function<bool(const Notice&)>& wanted) {
    std::unique_lock lock(mutex_);
    return told_.wait_for(lock, std::chrono::seconds(20),
                          [&] { return std::any_of(heard_.begin(), heard_.end(), wanted); });
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return heard_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<Notice> heard_;
};

// Keys are kept beside the tenants, and are audited in their tenant's chain, which its own writes extend too.
TEST_F(Postgres, TwoProcessesWriteOneChain) {
  const auto first = open();
  const auto second = open();
  Tenant acme;
  acme.name = "acme";
  const auto tenant = value_of(first->people().add_tenant(acme)).number;
  constexpr int kEach = 100;
  std::thread keys([&] {
    for (int n = 0; n < kEach; ++n) {
      ApiKey key;
      key.id = KeyId::make(clock_.now());
      key.tenant = tenant;
      key.name = "key" + std::to_string(n);
      key.token_hash = std::string(60, 'a') + std::to_string(1000 + n);
      EXPECT_TRUE(succeeded(first->people().add_key(key)));
    }
  });
  auto& store = second->tenant({tenant});
  for (int n = 0; n < kEach; ++n) EXPECT_TRUE(succeeded(store.set_setting("theme", std::to_string(n))));
  keys.join();
  const auto in_chain = [&](const std::string& what) {
    return number("SELECT count(" + what + ") FROM audit WHERE tenant = " + std::to_string(tenant));
  };
  EXPECT_EQ(in_chain("*"), 2 * kEach);
  EXPECT_EQ(in_chain("DISTINCT prev_hash"), 2 * kEach);
}

TEST_F(Postgres, AnotherProcessHearsWhatWasCommittedAndOnesOwnIsSilent) {
  Ear own, other;  // before the databases, whose threads tell them
  const auto first = open();
  const auto second = open();
  ASSERT_TRUE(succeeded(first->listen([&](const Notice& notice) { own.hear(notice); })));
  ASSERT_TRUE(succeeded(second->listen([&](const Notice& notice) { other.hear(notice); })));
  auto& store = first->tenant(kDefaultTenant);
  const auto outcomes = value_of(append(store.alerts(), make_batch(1, 3, clock_.now())));
  EXPECT_TRUE(other.waits_for([&](const Notice& notice) { return notice.alerts_up_to == outcomes[2].seq; }));
  AlertChange change;
  change.status = model::AlertStatus::kClosed;
  value_of(store.alerts().update(outcomes[0].id.str(), change));
  EXPECT_TRUE(other.waits_for(
      [&](const Notice& notice) { return notice.alerts == std::vector<std::string>{outcomes[0].id.str()}; }));
  model::Incident incident;
  incident.seq = 1;
  incident.id = IncidentId::make(clock_.now());
  ASSERT_TRUE(succeeded(store.incidents().apply({{incident}, {}, {}, 3})));
  EXPECT_TRUE(other.waits_for(
      [&](const Notice& notice) { return notice.incidents == std::vector<std::string>{incident.id.str()}; }));
  ASSERT_TRUE(succeeded(store.set_setting("theme", "dark")));
  EXPECT_TRUE(other.waits_for(
      [](const Notice& notice) { return notice.settings == std::vector<std::string>{"theme"}; }));
  ASSERT_TRUE(succeeded(second->tenant(kDefaultTenant).set_setting("theme", "light")));
  EXPECT_TRUE(own.waits_for([](const Notice& notice) { return !notice.settings.empty(); }));
  EXPECT_EQ(own.size(), 1U);
}

// Retention runs beside the thread that writes words: none are left of alerts that went before they were
// indexed.
TEST_F(Postgres, WordsGoWithTheirAlertsAlsoThoseThatAreOnTheirWay) {
  const auto database = open();
  auto& store = database->tenant(kDefaultTenant);
  for (int round = 0; round < 20; ++round) {
    value_of(append(store.alerts(), make_batch(round * 300, 300, clock_.now())));
    clock_.advance(std::chrono::hours(1));
    for (Seq after = 0;;) {
      const auto slice = value_of(store.retention().remove(clock_.now(), after, 100));
      if (slice.done) break;
      after = slice.next;
    }
  }
  value_of(append(store.alerts(), make_batch(100'000, 3, clock_.now())));
  for (int look = 0; look < 6000 && value_of(store.counts()).search_behind > 0; ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM alert_text"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM alert_text JOIN alerts USING (tenant, seq)"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM blocks"), 1);
}

TEST_F(Postgres, AnotherProcessHearsThatAlertsAreGone) {
  Ear other;
  const auto first = open();
  const auto second = open();
  ASSERT_TRUE(succeeded(second->listen([&](const Notice& notice) { other.hear(notice); })));
  auto& store = first->tenant(kDefaultTenant);
  value_of(append(store.alerts(), make_batch(0, 3, clock_.now())));
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(value_of(store.retention().remove(clock_.now(), 0, 100)).removed.alerts, 3);
  EXPECT_TRUE(other.waits_for([](const Notice& notice) { return notice.removed; }));
  EXPECT_EQ(value_of(second->tenant(kDefaultTenant).counts()).alerts, 0);
}

// Rows of each table that has the tenant's number, but for the one that says that it is not given again.
std::map<std::string, std::int64_t> rows_left(Connection& db, TenantId tenant) {
  std::map<std::string, std::int64_t> left;
  for (const auto& table : value_of(postgres::tenant_tables(db))) {
    auto count = db.prepare("SELECT count(*) FROM " + postgres::in_quotes(table) + " WHERE tenant = ?1");
    if (count.query(tenant.value).next() && count.int64(0) > 0 && table != "tenant_locks")
      left[table] = count.int64(0);
  }
  return left;
}

TEST_F(Postgres, ATenantIsDeletedWhileServersGoOnAndWhatIsUnderWayForItIsRefused) {
  const auto first = open();
  const auto second = open();
  const TenantId acme{value_of(first->people().add_tenant({.name = "acme"})).number};
  value_of(append(second->tenant(acme).alerts(), make_batch(0, 5000, clock_.now())));
  std::atomic<bool> deleted{false};
  std::atomic<std::int64_t> taken{0};
  std::atomic<std::int64_t> taken_meanwhile{0};
  std::thread others([&] {  // of the default tenant: every one is taken
    for (std::int64_t n = 0; !deleted || n < 50; ++n, ++taken)
      value_of(append(alerts_of(*first), make_batch(n * 10, 10, clock_.now())));
  });
  std::thread own([&] {
    for (std::int64_t n = 1000; !deleted; ++n, std::this_thread::yield()) {
      const auto outcome = append(second->tenant(acme).alerts(), make_batch(n * 10, 10, clock_.now()));
      if (!outcome) {
        EXPECT_EQ(outcome.error().kind, ErrorKind::kNotFound) << to_string(outcome.error());
      }
      const auto lease = second->tenant(acme).leases().take("correlation", "x", std::chrono::seconds(10));
      if (!lease) {
        EXPECT_EQ(lease.error().kind, ErrorKind::kNotFound) << to_string(lease.error());
      }
    }
  });
  const auto before = taken.load();
  const auto removed = postgres::remove_tenant(url_of_schema(dir_), acme, {.actor = "root"}, clock_.now());
  taken_meanwhile = taken - before;
  deleted = true;
  others.join();
  own.join();
  ASSERT_TRUE(removed) << to_string(removed.error());
  EXPECT_GE(removed->at("alerts"), 5000);
  EXPECT_EQ(append(first->tenant(acme).alerts(), make_batch(0, 1, clock_.now())).error().kind,
            ErrorKind::kNotFound);
  EXPECT_TRUE(rows_left(*connect(), acme).empty()) << rows_left(*connect(), acme).begin()->first;
  EXPECT_EQ(value_of(first->tenant(kDefaultTenant).counts()).alerts, taken * 10);
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), taken * 10);
  RecordProperty("batches_of_others_meanwhile", std::to_string(taken_meanwhile));
}

TEST_F(Postgres, ADeletionThatWasStoppedGoesOnAndCountsAsIfItHadNotBeen) {
  const auto database = open();
  const TenantId acme{value_of(database->people().add_tenant({.name = "acme"})).number};
  auto& store = database->tenant(acme);
  value_of(append(store.alerts(), make_batch(0, 3000, clock_.now())));
  ASSERT_TRUE(succeeded(store.set_setting("a", "b")));
  ASSERT_TRUE(succeeded(connect()->exec(
      "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stopped'; END $$; "
      "CREATE TRIGGER fails BEFORE DELETE ON settings FOR EACH ROW EXECUTE FUNCTION fails()")));
  const auto remove = [&] {
    return postgres::remove_tenant(url_of_schema(dir_), acme, {.actor = "root"}, clock_.now());
  };
  EXPECT_FALSE(remove());
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), 0);  // half of the way
  EXPECT_EQ(number("SELECT count(*) FROM tenants WHERE name = 'acme' AND suspended = 1"), 1);
  ASSERT_TRUE(succeeded(connect()->exec("DROP TRIGGER fails ON settings")));
  const auto removed = value_of(remove());
  EXPECT_EQ(removed.at("alerts"), 3000);
  EXPECT_EQ(removed.at("settings"), 1);
  EXPECT_TRUE(rows_left(*connect(), acme).empty());
}

TEST_F(Postgres, AStepOfADeletionIsNoLargerThanItMayBe) {
  const auto database = open();
  const TenantId acme{value_of(database->people().add_tenant({.name = "acme"})).number};
  value_of(append(database->tenant(acme).alerts(), make_batch(0, 9000, clock_.now())));
  ASSERT_TRUE(succeeded(connect()->exec(
      "CREATE TABLE steps (tbl TEXT, rows BIGINT); "
      "CREATE FUNCTION note_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO steps SELECT "
      "TG_TABLE_NAME, count(*) FROM gone; RETURN NULL; END $$; "
      "CREATE TRIGGER note_step AFTER DELETE ON alerts REFERENCING OLD TABLE AS gone FOR EACH STATEMENT "
      "EXECUTE FUNCTION note_step()")));
  value_of(postgres::remove_tenant(url_of_schema(dir_), acme, {}, clock_.now()));
  EXPECT_EQ(number("SELECT sum(rows)::bigint FROM steps"), 9000);
  EXPECT_LE(number("SELECT max(rows) FROM steps"), 2000);
}

}  // namespace
}  // namespace tocsin::store::test
