// Each mutating method of each store writes one record, on behalf of whoever called it, and a change that
// failed writes none.

#include <gtest/gtest.h>

#include "store/audit_head.h"
#include "store/backend_test.h"

namespace tocsin::store::test {
namespace {

const Origin kAna{"ana", ActorKind::kPerson, "10.1.2.3", "trace-7", "false alarm after all"};

class AuditContract : public BackendTest {
 protected:
  AuditStore& audit() { return store().audit(); }
  std::int64_t count() { return value_of(audit().end()).number; }
  AuditRecord last() { return value_of(audit().find(count())).value_or(AuditRecord()); }

  // Runs the change as ana and gives the one record that it wrote.
  template <class Change>
  AuditRecord record_of(const char* action, Change change) {
    const auto before = count();
    {
      const Acting acting(kAna);
      change();
    }
    EXPECT_EQ(count(), before + 1) << action;
    const auto record = last();
    EXPECT_EQ(record.action, action);
    EXPECT_EQ(record.actor, "ana") << action;
    EXPECT_EQ(record.actor_kind, ActorKind::kPerson) << action;
    EXPECT_EQ(record.address, "10.1.2.3") << action;
    EXPECT_EQ(record.trace_id, "trace-7") << action;
    EXPECT_EQ(record.reason, "false alarm after all") << action;
    EXPECT_EQ(record.at, now()) << action;
    EXPECT_EQ(record.hash, hash_of(record)) << action;
    return record;
  }
  template <class Change>
  void expect_none(const char* what, Change change) {
    const auto before = count();
    change();
    EXPECT_EQ(count(), before) << what;
  }

  std::string put_alert(std::int64_t n) { return append_one(alerts(), make_alert(n, now())).id.str(); }
  model::Incident put_incident(Seq seq, std::vector<Seq> members = {}) {
    model::Incident incident;
    incident.seq = seq;
    incident.id = IncidentId::make(now());
    CorrelationDelta delta;
    delta.upserts = {incident};
    for (const auto alert : members) delta.memberships.push_back({.alert = alert, .incident = seq});
    EXPECT_TRUE(succeeded(incidents().apply(delta)));
    return incident;
  }
};

bool has(const std::string& json, std::string_view part) {
  return json.find(part) != json.npos;
}

TEST_P(AuditContract, AChangedAlertTellsWhatItWas) {
  const auto id = put_alert(1);
  AlertChange change;
  change.status = model::AlertStatus::kClosed;
  change.verdict = model::Verdict::kFalsePositive;
  const auto record = record_of("alert.update", [&] { value_of(alerts().update(id, change)); });
  EXPECT_EQ(record.object_kind, "alert");
  EXPECT_EQ(record.object_id, id);
  EXPECT_EQ(record.before, R"({"status":"new","verdict":"undecided"})");
  EXPECT_EQ(record.after, R"({"status":"closed","verdict":"false_positive"})");
  expect_none("the same again", [&] { value_of(alerts().update(id, change)); });
  expect_none("unknown", [&] { EXPECT_FALSE(alerts().update("AL-none", change)); });
  expect_none("stale", [&] { EXPECT_FALSE(alerts().update(id, change, 99)); });
}

TEST_P(AuditContract, AChangeOfManyAlertsIsOneRecordWithTheirIds) {
  std::vector<std::string> ids;
  for (std::int64_t n = 0; n < 150; ++n) ids.push_back(put_alert(n));
  AlertChange change;
  change.assignee = "bob";
  value_of(alerts().update(ids[0], change));
  change.assignee = "carol";
  auto asked = ids;
  asked.push_back("AL-none");
  const auto record = record_of("alert.update", [&] { value_of(alerts().update_many(asked, change)); });
  EXPECT_EQ(record.object_id, "");
  EXPECT_EQ(record.before, R"({"assignee":[{"value":"bob","alerts":1},{"value":null,"alerts":149}]})");
  EXPECT_TRUE(has(record.after, R"("assignee":"carol")"));
  EXPECT_TRUE(has(record.after, R"("count":150)"));
  EXPECT_TRUE(has(record.after, ids[99]));
  EXPECT_FALSE(has(record.after, ids[100])) << "ids are bounded";
  expect_none("none is known", [&] { value_of(alerts().update_many({"AL-none"}, change)); });
}

TEST_P(AuditContract, WhatComesInIsCountedForItsSenderAndSource) {
  {
    const Acting acting({.actor = "edr", .kind = ActorKind::kKey, .address = "10.9.9.9"});
    value_of(append(alerts(), make_batch(0, 8, now())));
    auto again = make_batch(0, 4, now());
    for (auto& alert : again.alerts) *alert.alert.source_id += "-again";
    value_of(append(alerts(), std::move(again)));
    expect_none("duplicates", [&] { value_of(append(alerts(), make_batch(0, 8, now()))); });
  }
  EXPECT_EQ(value_of(alerts().list({})).total, 8);
  AuditQuery query;
  query.action = "ingest.batch";
  query.object = "suricata";
  const auto page = value_of(audit().list(query));
  std::int64_t created = 0, repeated = 0;
  for (const auto& record : page.items) {
    EXPECT_EQ(record.actor, "edr");
    EXPECT_EQ(record.actor_kind, ActorKind::kKey);
    EXPECT_EQ(record.object_kind, "source");
    created += has(record.after, R"("alerts":2)") ? 2 : 0;
    repeated += has(record.after, R"("occurrences":1)") ? 1 : 0;
    EXPECT_TRUE(has(record.after, R"("sha256":")"));
  }
  EXPECT_EQ(created, 2);
  EXPECT_EQ(repeated, 1);
}

TEST_P(AuditContract, EventsLettersAndJobs) {
  auto record = record_of("ingest.events", [&] {
    model::Event event;
    event.source = "aws";
    event.raw = "{}";
    value_of(store().events().append({event, event}));
  });
  EXPECT_TRUE(has(record.after, R"("events":2,"first_seq":1,"last_seq":2)"));
  DeadLetter letter;
  letter.id = DeadLetterId::make(now());
  letter.source = "wazuh";
  letter.body = "{";
  letter.reason = "at byte 1";
  auto& letters = store().dead_letters();
  record = record_of("dead_letter.put", [&] { EXPECT_TRUE(succeeded(letters.put({letter}))); });
  EXPECT_EQ(record.object_id, letter.id.str());
  EXPECT_TRUE(has(record.after, R"("reason":"at byte 1")"));
  record =
      record_of("dead_letter.mark", [&] { EXPECT_TRUE(succeeded(letters.mark(letter.id, true, "ok"))); });
  EXPECT_EQ(record.before, R"({"resolved":false,"reason":"at byte 1","attempts":1})");
  EXPECT_EQ(record.after, R"({"resolved":true,"reason":"ok","attempts":2})");
  expect_none("unknown", [&] { EXPECT_FALSE(letters.mark(DeadLetterId::make(now()), true, "")); });

  Job job;
  job.kind = "send";
  job.payload = "{}";
  job.dedupe_key = "once";
  job.max_attempts = 1;
  JobId id;
  record = record_of("job.enqueue", [&] { id = value_of(store().jobs().enqueue(job)); });
  EXPECT_EQ(record.object_id, id.str());
  const std::vector<std::string> kinds{"send"};
  expect_none("a twin, a lease, a failure", [&] {
    value_of(store().jobs().enqueue(job));
    value_of(store().jobs().lease(kinds, 1, std::chrono::seconds(1)));
    EXPECT_TRUE(succeeded(store().jobs().fail(id, "broken")));
  });
  record = record_of("job.retry", [&] { EXPECT_TRUE(succeeded(store().jobs().retry(id))); });
  EXPECT_EQ(record.before, R"({"state":"dead","attempts":1})");
  EXPECT_EQ(record.after, R"({"state":"waiting","attempts":0})");
  expect_none("not dead", [&] { EXPECT_FALSE(store().jobs().retry(id)); });
  record = record_of("job.discard", [&] { EXPECT_TRUE(succeeded(store().jobs().discard(id))); });
  EXPECT_EQ(record.object_id, id.str());
  expect_none("gone", [&] { EXPECT_FALSE(store().jobs().discard(id)); });
}

TEST_P(AuditContract, IncidentsNotesAndDecisions) {
  put_alert(1);
  const auto first = put_incident(1, {1});
  const auto second = put_incident(2);
  IncidentChange change;
  change.status = model::IncidentStatus::kTriaged;
  change.analyst_notes = "seen";
  auto record = record_of("incident.update", [&] { value_of(incidents().update(first.id, change)); });
  EXPECT_EQ(record.object_id, first.id.str());
  EXPECT_EQ(record.before, R"({"status":"open","decided":false,"analyst_notes":null,"version":1})");
  EXPECT_EQ(record.after, R"({"status":"triaged","decided":true,"analyst_notes":"seen","version":2})");
  expect_none("stale", [&] { EXPECT_FALSE(incidents().update(first.id, change, 1)); });

  model::Note note;
  record = record_of("note.add", [&] { note = value_of(incidents().add_note(first.id, "ana", "one")); });
  EXPECT_EQ(record.object_id, note.id.str());
  EXPECT_EQ(record.after, R"({"incident":")" + first.id.str() + R"(","text":"one"})");
  record = record_of("note.edit", [&] { value_of(incidents().edit_note(first.id, note.id, "ana", "two")); });
  EXPECT_EQ(record.before, R"({"text":"one","revision":1})");
  EXPECT_EQ(record.after, R"({"text":"two","revision":2})");
  expect_none("stale", [&] { EXPECT_FALSE(incidents().edit_note(first.id, note.id, "ana", "x", 1)); });

  Decision merge;
  merge.incident = 1;
  merge.other_incident = 2;
  record = record_of("incident.merge", [&] { value_of(incidents().decide(merge, {})); });
  EXPECT_EQ(record.object_id, first.id.str());
  EXPECT_TRUE(has(record.after, second.id.str()));
  Decision split = merge;
  split.kind = Decision::Kind::kSplit;
  split.alerts = {1};
  record = record_of("incident.split", [&] { value_of(incidents().decide(split, {})); });
  EXPECT_TRUE(has(record.after, R"("count":1,"ids":["1"])"));
  Decision open;
  open.kind = Decision::Kind::kOpen;
  open.incident = 2;
  record_of("incident.open", [&] { value_of(incidents().decide(open, {})); });
  model::ActionRecord action;
  action.id = ActionId::make(now());
  action.incident = first.id;
  action.action = "simulate_remediate";
  record = record_of("incident.action", [&] { EXPECT_TRUE(succeeded(incidents().log_action(action))); });
  EXPECT_EQ(record.object_id, first.id.str());
  expect_none("correlation", [&] { put_incident(3); });
}

TEST_P(AuditContract, IndicatorsAssetsUsersAndFiles) {
  IntelList list;
  list.name = "feed";
  list.imported_by = "ana";
  auto& intel = store().intel();
  IntelEntry entry{.ioc = {model::IocKind::kIp, "203.0.113.7"}};
  auto record = record_of("intel.put", [&] { list = value_of(intel.put(list, {entry})); });
  EXPECT_EQ(record.before, "");
  EXPECT_TRUE(has(record.after, R"("entries":1)"));
  record = record_of("intel.put", [&] { list = value_of(intel.put(list, {})); });
  EXPECT_TRUE(has(record.before, R"("entries":1)"));
  record = record_of("intel.remove", [&] { EXPECT_TRUE(succeeded(intel.remove(list.id))); });
  EXPECT_EQ(record.after, "");
  expect_none("unknown", [&] { EXPECT_FALSE(intel.remove(list.id)); });

  auto& assets = store().assets();
  Asset asset;
  asset.name = "web1";
  asset.owner = "ops";
  record = record_of("asset.put", [&] { value_of(assets.put({asset}, PutMode::kAdd)); });
  EXPECT_TRUE(has(record.after, R"("owner":"ops")"));
  const auto id = value_of(assets.find_by_name("web1"))->meta.id;
  expect_none("the name is taken", [&] { EXPECT_FALSE(assets.put({asset}, PutMode::kAdd)); });
  asset.owner = "dev";
  record = record_of("asset.replace", [&] { value_of(assets.replace(id, asset, std::nullopt)); });
  EXPECT_EQ(record.object_id, id);
  EXPECT_EQ(record.before, R"({"owner":"ops","version":1})");
  EXPECT_EQ(record.after, R"({"owner":"dev","version":2})");
  Asset other;
  other.name = "web2";
  record = record_of("asset.put", [&] { value_of(assets.put({asset, other}, PutMode::kReplace)); });
  EXPECT_TRUE(has(record.after, R"("created":1,"updated":1,"removed":0)"));
  EXPECT_TRUE(has(record.after, "web2"));
  record = record_of("asset.remove", [&] { EXPECT_TRUE(succeeded(assets.remove(id, std::nullopt))); });
  EXPECT_TRUE(has(record.before, R"("owner":"dev")"));
  expect_none("gone", [&] { EXPECT_FALSE(assets.remove(id, std::nullopt)); });

  auto& users = store().users();
  User user;
  user.name = "alice";
  record = record_of("user.put", [&] { value_of(users.put({user}, PutMode::kMerge)); });
  const auto user_id = value_of(users.find_by_name("alice"))->meta.id;
  EXPECT_EQ(record.object_id, user_id);
  user.privileged = true;
  record = record_of("user.replace", [&] { value_of(users.replace(user_id, user, std::nullopt)); });
  EXPECT_EQ(record.before, R"({"privileged":null,"version":1})");
  record_of("user.remove", [&] { EXPECT_TRUE(succeeded(users.remove(user_id, std::nullopt))); });

  auto& files = store().references();
  ReferenceFile file;
  file.kind = "warning_list";
  file.name = "top";
  file.body = "a.example";
  record = record_of("reference.put", [&] { file = value_of(files.put(file)); });
  EXPECT_TRUE(has(record.after, R"("body_bytes":9)"));
  record = record_of("reference.remove", [&] { EXPECT_TRUE(succeeded(files.remove(file.id))); });
  EXPECT_EQ(record.object_id, file.id.str());
  expect_none("gone", [&] { EXPECT_FALSE(files.remove(file.id)); });
}

TEST_P(AuditContract, FeedbackSettingsAndTheRest) {
  Feedback feedback;
  feedback.alert_id = put_alert(1);
  feedback.verdict = model::Verdict::kTruePositive;
  feedback.body = "{}";
  auto record = record_of("feedback.add", [&] { EXPECT_TRUE(succeeded(store().add_feedback(feedback))); });
  EXPECT_EQ(record.object_id, *feedback.alert_id);
  record = record_of("feedback.add", [&] {
    EXPECT_TRUE(succeeded(store().desk().rate({AnswerKind::kCopilot, "x", "ana", true, {}})));
  });
  EXPECT_EQ(record.after, R"({"answer_kind":"copilot","helpful":true})");
  record = record_of("setting.set", [&] { EXPECT_TRUE(succeeded(store().set_setting("a", "1"))); });
  EXPECT_EQ(record.before, "");
  record = record_of("setting.set", [&] { EXPECT_TRUE(succeeded(store().set_setting("a", "2"))); });
  EXPECT_EQ(record.object_id, "a");
  EXPECT_EQ(record.before, R"({"value":"1"})");
  EXPECT_EQ(record.after, R"({"value":"2"})");
  expect_none("bookkeeping", [&] {
    EXPECT_TRUE(succeeded(store().set_setting("intake.position.x", "7")));
    EXPECT_TRUE(succeeded(store().keep_answer("key", {})));
    EXPECT_TRUE(succeeded(audit().add_head({.number = 1})));
  });
  record_of("audit.export", [&] {
    EXPECT_TRUE(succeeded(audit().add({AuditAction::kAuditExport, "all", {}, {}})));
  });
}

TEST_P(AuditContract, OfASecretSettingTheFirstLineAloneIsRecorded) {
  const auto set = [&](const char* value) { EXPECT_TRUE(succeeded(store().set_setting("secret.x", value))); };
  auto record = record_of("secret.set", [&] { set("shown\nsealed-1"); });
  EXPECT_TRUE(has(record.after, R"("value":"shown")")) << record.after;
  record = record_of("secret.rotate", [&] { set("shown\nsealed-2"); });
  record = record_of("secret.set", [&] { set("other\nsealed-3"); });
  for (const auto& side : {record.before, record.after}) EXPECT_FALSE(has(side, "sealed")) << side;
  record = record_of("secret.remove", [&] { set(""); });
  EXPECT_FALSE(has(record.before, "sealed")) << record.before;
}

TEST_P(AuditContract, LongValuesAreCutAndSaySo) {
  const std::string big(100'000, 'x');
  const auto record =
      record_of("setting.set", [&] { EXPECT_TRUE(succeeded(store().set_setting("a", big))); });
  EXPECT_LE(record.after.size(), kAuditSideBytes);
  EXPECT_TRUE(has(record.after, R"("bytes":100000)"));
  Asset asset;
  for (int i = 0; i < 100; ++i) asset.tags.push_back(std::string(1000, 'y'));
  asset.name = "many";
  const auto tags = record_of("asset.put", [&] { value_of(store().assets().put({asset}, PutMode::kAdd)); });
  EXPECT_LE(tags.after.size(), kAuditSideBytes);
  EXPECT_TRUE(has(tags.after, R"("count":100)"));
}

TEST_P(AuditContract, ChainsOfTenantsAreTheirOwnAndGoOnAfterAReopening) {
  EXPECT_TRUE(succeeded(store().set_setting("a", "1")));
  EXPECT_TRUE(succeeded(database().tenant({2}).set_setting("a", "1")));
  reopen();
  EXPECT_TRUE(succeeded(database().tenant({2}).set_setting("a", "2")));
  const auto ends = value_of(database().chain_ends());
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].number, 1);
  EXPECT_EQ(ends[1].number, 2);
  const auto second = *value_of(database().tenant({2}).audit().find(2));
  EXPECT_EQ(second.prev_hash, value_of(database().tenant({2}).audit().find(1))->hash);
  EXPECT_EQ(second.hash, ends[1].hash);
  EXPECT_EQ(value_of(audit().find(1))->prev_hash, first_prev_hash());
  EXPECT_EQ(value_of(audit().find(1))->actor, "tocsin") << "nobody spoke for it";
}

TEST_P(AuditContract, PagesFollowOneAnotherUnderEachFilter) {
  for (int i = 0; i < 30; ++i) {
    const Acting acting({.actor = i % 2 == 0 ? "ana" : "bob", .kind = ActorKind::kPerson});
    if (i % 3 == 0) clock_.advance(std::chrono::seconds(1));
    EXPECT_TRUE(succeeded(store().set_setting("key" + std::to_string(i % 5), "value" + std::to_string(i))));
  }
  const auto from = now() - std::chrono::seconds(4);
  const std::vector<std::pair<AuditQuery, std::size_t>> queries{
      {{}, 30},
      {{.actor = "ana"}, 15},
      {{.action = "setting.set"}, 30},
      {{.object = "key1"}, 6},
      {{.actor = "bob", .object = "key1"}, 3},
      {{.from = from}, 15},
      {{.until = from}, 15},
      {{.text = "VALUE2"}, 12},
      {{.text = "value2 bob"}, 6},
      {{.actor = "nobody"}, 0},
  };
  for (auto [query, expected] : queries) {
    query.limit = 4;
    std::vector<std::int64_t> numbers;
    do {
      const auto page = value_of(audit().list(query));
      EXPECT_EQ(page.total, static_cast<std::int64_t>(expected));
      for (const auto& record : page.items) numbers.push_back(record.number);
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    EXPECT_EQ(numbers.size(), expected);
    EXPECT_TRUE(std::is_sorted(numbers.rbegin(), numbers.rend()));
    EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end());
  }
  EXPECT_FALSE(audit().list({.cursor = "nonsense"}));
}

INSTANTIATE_TEST_SUITE_P(Backends, AuditContract, testing::ValuesIn(backends()), backend_name);

}  // namespace
}  // namespace tocsin::store::test
