// A tenant that was deleted is in no table any more, and the others are as they were.

#include "store/sqlite/tenant_removal.h"

#include <gtest/gtest.h>

#include <set>

#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

class TenantRemovalTest : public testing::Test {
 protected:
  static constexpr TenantId kOther{2};

  std::unique_ptr<Database> open() {
    SqliteOptions options;
    options.file = file_;
    options.clock = &clock_;
    return value_of(open_sqlite(options));
  }
  std::unique_ptr<SqliteConnection> connect() { return value_of(SqliteConnection::open(file_, {})); }

  // Something in every table that the stores write for a tenant.
  void fill(TenantStore& store, std::int64_t first) {
    const auto outcomes = value_of(append(store.alerts(), make_batch(first, 20, clock_.now())));
    auto repeat = make_alert(first, clock_.now());
    repeat.alert.source_id = "again-" + std::to_string(first);
    EXPECT_EQ(append_one(store.alerts(), repeat).kind, AppendKind::kOccurrence);
    model::Incident incident;
    incident.seq = 1;
    incident.id = IncidentId::make(clock_.now());
    incident.lead_alert = outcomes[0].seq;
    CorrelationDelta delta;
    delta.upserts = {incident};
    model::Membership member;
    member.alert = outcomes[0].seq;
    member.incident = 1;
    delta.memberships = {member};
    delta.watermark = outcomes[0].seq;
    ASSERT_TRUE(succeeded(store.incidents().apply(delta)));
    ASSERT_TRUE(store.incidents().add_note(incident.id, "ana", "a note"));
    ASSERT_TRUE(succeeded(store.retention().hold(incident.id, "case 12")));
    Job job;
    job.kind = "look-up";
    ASSERT_TRUE(store.jobs().enqueue(job));
    DeadLetter letter;
    letter.id = DeadLetterId::make(clock_.now());
    ASSERT_TRUE(succeeded(store.dead_letters().put({letter})));
    model::Event event;
    event.source = "aws";
    event.raw = "{}";
    ASSERT_TRUE(store.events().append({event}));
    Feedback feedback;
    feedback.alert_id = outcomes[1].id.str();
    feedback.body = "{}";
    feedback.correction = PriorityCorrection{"suricata", "x", *feedback.alert_id, 5};
    ASSERT_TRUE(succeeded(store.add_feedback(feedback)));
    ASSERT_TRUE(succeeded(store.set_setting("a", "b")));
    ASSERT_TRUE(succeeded(store.keep_answer("key", {})));
  }
  // Rows of each table that has the tenant's number.
  std::map<std::string, std::int64_t> rows_of(TenantId tenant) {
    const auto db = connect();
    std::map<std::string, std::int64_t> rows;
    auto tables = db->prepare(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND "
        "c.name = "
        "'tenant'");
    tables.query();
    std::vector<std::string> names;
    while (tables.next()) names.emplace_back(tables.text(0));
    for (const auto& name : names) {
      auto count = db->prepare("SELECT count(*) FROM \"" + name + "\" WHERE tenant = ?1");
      EXPECT_TRUE(count.query(tenant.value).next());
      rows[name] = count.int64(0);
    }
    return rows;
  }
  std::int64_t number(std::string_view sql) {
    const auto db = connect();
    auto row = db->prepare(sql);
    EXPECT_TRUE(row.query().next());
    return row.int64(0);
  }

  FakeClock clock_;
  TempDir dir_;
  const std::string file_ = dir_.file("tocsin.db");
};

TEST_F(TenantRemovalTest, NothingOfItIsLeftAndTheOthersAreAsTheyWere) {
  {
    const auto database = open();
    fill(database->tenant(kDefaultTenant), 0);
    fill(database->tenant(kOther), 0);  // the same values
    ASSERT_EQ(value_of(database->people().add_tenant({.name = "acme"})).number, kOther.value);
    database->close();
  }
  const auto mine = rows_of(kDefaultTenant);
  EXPECT_EQ(value_of(find_tenant(file_, "acme")), kOther);
  EXPECT_FALSE(value_of(find_tenant(file_, "nobody")));
  const auto before = rows_of(kOther);
  for (const char* table : {"alerts", "blocks", "incidents", "notes", "audit", "jobs", "settings", "holds"})
    EXPECT_GT(before.at(table), 0) << table;
  const auto removed = value_of(remove_tenant(file_, kOther, {.actor = "root"}, clock_.now()));
  EXPECT_EQ(removed.at("alerts"), 20);
  for (const auto& [table, rows] : rows_of(kOther)) EXPECT_EQ(rows, 0) << table;
  for (const auto& [table, rows] : rows_of(kDefaultTenant))
    EXPECT_EQ(rows, mine.at(table) + (table == "audit" ? 1 : 0)) << table;  // that says so
  // Tables that know no tenant hold what the other tenant's rows need and no more.
  EXPECT_EQ(number("SELECT count(*) FROM alert_occurrences WHERE alert_seq NOT IN (SELECT seq FROM alerts)"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM alert_keys WHERE seq NOT IN (SELECT seq FROM alerts)"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"), 5);
}

TEST_F(TenantRemovalTest, EveryTableWithoutATenantIsKnownHere) {
  open()->close();
  const auto db = connect();
  auto tables = db->prepare(
      "SELECT name FROM sqlite_master m WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND "
      "name NOT "
      "LIKE 'alert\\_text\\_%' ESCAPE '\\' AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE "
      "name = "
      "'tenant')");
  tables.query();
  std::set<std::string> names;
  while (tables.next()) names.emplace(tables.text(0));
  // Each is emptied by way of the rows that its own belong to, or holds nothing of a tenant.
  EXPECT_EQ(names, (std::set<std::string>{"access_revision", "alert_keys", "alert_occurrences", "alert_text",
                                          "intel_entries", "people", "probe", "sessions", "watermarks"}));
}

TEST_F(TenantRemovalTest, NobodyKeepsARoleInItAndItsNumberIsNotGivenAgain) {
  const Grant here{kDefaultTenant.value, model::Role::kViewer};
  {
    const auto database = open();
    ASSERT_EQ(value_of(database->people().add_tenant({.name = "acme"})).number, kOther.value);
    Person person;
    person.login = "ana";
    person.grants = {here, {kOther.value, model::Role::kAdmin}};
    ASSERT_TRUE(database->people().add_person(person));
    database->close();
  }
  ASSERT_TRUE(remove_tenant(file_, kOther, {}, clock_.now()));
  const auto database = open();
  const auto people = value_of(database->people().people());
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].grants, std::vector<Grant>{here});
  EXPECT_EQ(value_of(database->people().add_tenant({.name = "acme"})).number, kOther.value + 1);
}

TEST_F(TenantRemovalTest, TheDefaultTenantIsNotDeleted) {
  open()->close();
  const auto refused = remove_tenant(file_, kDefaultTenant, {}, clock_.now());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kForbidden);
}

TEST_F(TenantRemovalTest, TheDatabaseGoesOnAfterwards) {
  {
    const auto database = open();
    fill(database->tenant(kOther), 100);
    database->close();
  }
  ASSERT_TRUE(remove_tenant(file_, kOther, {}, clock_.now()));
  const auto database = open();
  auto& store = database->tenant(kDefaultTenant);
  EXPECT_EQ(append_one(store.alerts(), make_alert(100, clock_.now())).kind, AppendKind::kCreated);
  EXPECT_EQ(value_of(store.counts()).alerts, 1);
  EXPECT_TRUE(value_of(store.alerts().find("vendor-100")));
}

}  // namespace
}  // namespace tocsin::store::test
