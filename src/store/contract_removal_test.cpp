// What every database behind store.h must do: a tenant that was deleted is in no table any more, and the
// others are as they were.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

using Tables = std::map<std::string, std::vector<std::string>>;  // rows as text, in order

class RemovalContract : public BackendTest {
 protected:
  static constexpr TenantId kOther{2};

  // Something in every table that the stores write for a tenant.
  void fill(TenantStore& store, std::int64_t first) {
    const auto outcomes = value_of(append(store.alerts(), make_batch(first, 20, now())));
    auto repeat = make_alert(first, now());
    repeat.alert.source_id = "again-" + std::to_string(first);
    EXPECT_EQ(append_one(store.alerts(), repeat).kind, AppendKind::kOccurrence);
    add_incident(store, outcomes);
    Job job;
    job.kind = "look-up";
    ASSERT_TRUE(store.jobs().enqueue(job));
    DeadLetter letter;
    letter.id = DeadLetterId::make(now());
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
    ASSERT_TRUE(succeeded(store.desk().rate({AnswerKind::kCopilot, "x", "ana", true, {}})));
    ASSERT_TRUE(succeeded(store.set_setting("a", "b")));
    ASSERT_TRUE(succeeded(store.keep_answer("key", {})));
  }
  void add_incident(TenantStore& store, const std::vector<AppendOutcome>& outcomes) {
    model::Incident incident;
    incident.seq = 1;
    incident.id = IncidentId::make(now());
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
  }
  void fill_both() {
    ASSERT_EQ(value_of(database().people().add_tenant({.name = "acme"})).number, kOther.value);
    fill(store(), 0);
    fill(database().tenant(kOther), 0);  // the same values
    for (const auto tenant : {kDefaultTenant, kOther}) wait_for_search(database().tenant(tenant));
    database_.reset();
  }
  // What the threads behind the stores write shall be there as well.
  static void wait_for_search(TenantStore& store) {
    for (int look = 0; look < 6000; ++look) {
      if (value_of(store.counts()).search_behind == 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "alerts are not put into full-text search";
  }
  Tables rows_of(TenantId tenant) {
    const auto db = GetParam().connect(dir_);
    Tables tables;
    for (const auto& table : GetParam().tables(*db, true)) {
      auto& found = tables[table];
      auto rows = db->prepare("SELECT " + GetParam().row_text(*db, table) + " FROM \"" + table +
                              "\" AS t WHERE tenant = ?1");
      for (rows.query(tenant.value); rows.next();) found.emplace_back(rows.text(0));
      EXPECT_TRUE(succeeded(rows.status())) << table;
      std::sort(found.begin(), found.end());
    }
    return tables;
  }
  std::int64_t number(std::string_view sql) {
    const auto db = GetParam().connect(dir_);
    auto row = db->prepare(sql);
    EXPECT_TRUE(row.query().next());
    return row.int64(0);
  }
  Result<RowsByTable> remove(TenantId tenant) {
    return GetParam().remove_tenant(dir_, tenant, {.actor = "root"}, now());
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, RemovalContract, testing::ValuesIn(backends()), backend_name);

TEST_P(RemovalContract, NothingOfItIsLeftAndTheOthersAreAsTheyWere) {
  fill_both();
  const auto mine = rows_of(kDefaultTenant);
  const auto before = rows_of(kOther);
  for (const char* table : {"alerts", "blocks", "incidents", "notes", "audit", "jobs", "settings", "holds"})
    EXPECT_FALSE(before.at(table).empty()) << table;
  const auto removed = value_of(remove(kOther));
  EXPECT_EQ(removed.at("alerts"), 20);
  auto left = rows_of(kOther);
  left.erase("tenant_locks");  // its number is not given again
  for (const auto& [table, rows] : left) EXPECT_TRUE(rows.empty()) << table;
  auto others = rows_of(kDefaultTenant);
  const auto after = others.at("audit");
  const auto& audit = mine.at("audit");
  for (const char* table : {"audit", "audit_ends"}) others.erase(table);
  for (const auto& [table, rows] : others) EXPECT_EQ(rows, mine.at(table)) << table;
  EXPECT_GT(after.size(), audit.size());  // it says so, and keeps what it said
  EXPECT_TRUE(std::includes(after.begin(), after.end(), audit.begin(), audit.end()));
}

TEST_P(RemovalContract, TablesThatKnowNoTenantHoldWhatTheOthersNeedAndNoMore) {
  fill_both();
  ASSERT_TRUE(remove(kOther));
  EXPECT_EQ(number("SELECT count(*) FROM alert_occurrences WHERE alert_seq NOT IN (SELECT seq FROM alerts)"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM intel_entries WHERE list NOT IN (SELECT number FROM intel_lists)"),
            0);
  const auto db = GetParam().connect(dir_);
  // Each is emptied by way of the rows that its own belong to, or holds nothing of a tenant.
  const std::set<std::string> known{
      "access_revision", "alert_keys", "alert_occurrences", "alert_text", "intel_entries",
      "people",          "probe",      "schema_steps",      "sessions",   "watermarks"};
  for (const auto& table : GetParam().tables(*db, false)) EXPECT_TRUE(known.contains(table)) << table;
}

TEST_P(RemovalContract, TheAuditSaysWhatWentAndWhereTheChainEnded) {
  fill_both();
  std::int64_t records = 0;
  {
    const auto db = GetParam().connect(dir_);
    auto row = db->prepare("SELECT number FROM audit_ends WHERE tenant = ?1");
    ASSERT_TRUE(row.query(kOther.value).next());
    records = row.int64(0);
  }
  ASSERT_TRUE(remove(kOther));
  reopen();
  AuditQuery query;
  const auto newest = value_of(store().audit().list(query)).items.front();
  EXPECT_EQ(newest.action, "tenant.remove");
  EXPECT_EQ(newest.object_id, "2");
  EXPECT_EQ(newest.actor, "root");
  EXPECT_NE(newest.before.find("\"audit_records\":" + std::to_string(records)), std::string::npos)
      << newest.before;
  EXPECT_NE(newest.before.find("\"alerts\":20"), std::string::npos) << newest.before;
  EXPECT_TRUE(newest.after.empty() || newest.after == "{}") << newest.after;
  for (const auto& end : value_of(database().chain_ends())) EXPECT_NE(end.tenant, kOther);
}

TEST_P(RemovalContract, TheAuditOfTheOthersIsStillOnlyAddedTo) {
  fill_both();
  ASSERT_TRUE(remove(kOther));
  const auto records = number("SELECT count(*) FROM audit");
  EXPECT_FALSE(GetParam().connect(dir_)->prepare("DELETE FROM audit").run());
  EXPECT_FALSE(GetParam().connect(dir_)->prepare("UPDATE audit SET actor = 'x'").run());
  EXPECT_EQ(number("SELECT count(*) FROM audit"), records);
}

TEST_P(RemovalContract, NobodyKeepsARoleInItAndItsNumberIsNotGivenAgain) {
  const Grant here{kDefaultTenant.value, model::Role::kViewer};
  ASSERT_EQ(value_of(database().people().add_tenant({.name = "acme"})).number, kOther.value);
  Person person;
  person.login = "ana";
  person.grants = {here, {kOther.value, model::Role::kAdmin}};
  ASSERT_TRUE(database().people().add_person(person));
  database_.reset();
  ASSERT_TRUE(remove(kOther));
  reopen();
  const auto people = value_of(database().people().people());
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].grants, std::vector<Grant>{here});
  EXPECT_EQ(value_of(database().people().tenants()).size(), 1U);
  EXPECT_EQ(value_of(database().people().add_tenant({.name = "acme"})).number, kOther.value + 1);
}

TEST_P(RemovalContract, TheDefaultTenantIsNotDeleted) {
  database_.reset();
  const auto refused = remove(kDefaultTenant);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kForbidden);
}

TEST_P(RemovalContract, TheDatabaseGoesOnAfterwards) {
  fill(database().tenant(kOther), 100);
  database_.reset();
  ASSERT_TRUE(remove(kOther));
  reopen();
  EXPECT_EQ(append_one(alerts(), make_alert(100, now())).kind, AppendKind::kCreated);
  EXPECT_EQ(value_of(store().counts()).alerts, 1);
  EXPECT_TRUE(value_of(alerts().find("vendor-100")));
}

TEST_P(RemovalContract, ItsRowsCanBeHandedOver) {
  fill_both();
  std::map<std::string, std::vector<std::string>> dumped;
  ASSERT_TRUE(succeeded(GetParam().dump_tenant(
      dir_, kOther, [&](std::string_view table, std::string_view json) -> Result<void> {
        dumped[std::string(table)].emplace_back(json);
        return {};
      })));
  for (const char* left_out : {"alerts", "blocks", "event_blocks", "answers", "counters"})
    EXPECT_FALSE(dumped.contains(left_out)) << left_out;
  ASSERT_EQ(dumped["settings"].size(), 1U);
  EXPECT_EQ(dumped["settings"][0], R"({"tenant":2,"key":"a","value":"b"})");
  ASSERT_EQ(dumped["holds"].size(), 1U);
  EXPECT_NE(dumped["holds"][0].find(R"("reason":"case 12")"), std::string::npos) << dumped["holds"][0];
  ASSERT_EQ(dumped["incidents"].size(), 1U);
  EXPECT_NE(dumped["incidents"][0].find(R"("alert_count":1,)"), std::string::npos) << dumped["incidents"][0];
  EXPECT_NE(dumped["incidents"][0].find(R"("merged_into":null)"), std::string::npos)
      << dumped["incidents"][0];
  const auto& ends = dumped["audit_ends"];
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].find("\\x"), std::string::npos) << ends[0];  // hex digits and no more
}

}  // namespace
}  // namespace tocsin::store::test
