#include <sstream>

#include "api/testing/fixture.h"
#include "base/sha256.h"
#include "base/signing_key.h"
#include "store/audit_head.h"

namespace tocsin::api {
namespace {

class AuditRoutes : public test::ApiTest {
 protected:
  std::string alert(int n) {
    return post("/api/v1/alerts", R"({"source":"demo","alert_type":"scan","severity":"high","host":"h)" +
                                      std::to_string(n) + "\"}")
        .text_at("/id");
  }
  void close(const std::string& id) {
    EXPECT_EQ(patch("/api/v1/alerts/" + id, R"({"status":"closed","verdict":"false_positive"})").status, 200);
  }
};

TEST_F(AuditRoutes, AChangeOverHttpIsFoundUnderWhoMadeIt) {
  const auto id = alert(1);
  close(id);
  const auto reply = get("/api/v1/audit?object=" + id);
  ASSERT_EQ(reply.size_at("/items"), 1U) << reply.text;
  EXPECT_EQ(reply.text_at("/items/0/action"), "alert.update");
  EXPECT_EQ(reply.text_at("/items/0/actor"), "local-admin");
  EXPECT_EQ(reply.text_at("/items/0/actor_kind"), "person");
  EXPECT_EQ(reply.text_at("/items/0/trace_id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(reply.text_at("/items/0/before"), R"({"status":"new","verdict":"undecided"})");
  EXPECT_EQ(reply.at("/total").as_int64(), 1);
  const auto batch = get("/api/v1/audit?action=ingest.batch&object=demo");
  EXPECT_EQ(batch.text_at("/items/0/actor"), "local-admin") << "a delivery has its sender";
}

TEST_F(AuditRoutes, PagesAndFiltersAndWhatIsRefused) {
  for (int n = 0; n < 7; ++n) close(alert(n));
  const auto first = get("/api/v1/audit?action=alert.update&limit=5");
  EXPECT_EQ(first.size_at("/items"), 5U);
  EXPECT_EQ(first.at("/total").as_int64(), 7);
  const auto second =
      get("/api/v1/audit?action=alert.update&limit=5&cursor=" + first.text_at("/next_cursor"));
  EXPECT_EQ(second.size_at("/items"), 2U);
  EXPECT_TRUE(second.at("/next_cursor").is_null());
  EXPECT_EQ(get("/api/v1/audit?action=alert.update&text=FALSE_positive").size_at("/items"), 7U);
  EXPECT_EQ(get("/api/v1/audit?actor=nobody").size_at("/items"), 0U);
  EXPECT_EQ(get("/api/v1/audit?until=2001-01-01T00:00:00Z").size_at("/items"), 0U);
  for (const auto* bad : {"action=alert.updat", "from=yesterday", "limit=0", "cursor=x"})
    EXPECT_EQ(get("/api/v1/audit?" + std::string(bad)).status, 422) << bad;
  EXPECT_NE(get("/api/v1/audit?action=alert.updat").text.find("alert.update"), std::string::npos);
}

TEST_F(AuditRoutes, AnExportHasAllThatAHashIsCountedOver) {
  for (int n = 0; n < 3; ++n) close(alert(n));
  const auto reply = get("/api/v1/audit/export");
  EXPECT_EQ(reply.header("Content-Disposition"), "attachment; filename=\"audit.ndjson\"");
  std::istringstream text(reply.text);
  std::vector<boost::json::value> records;
  for (std::string line; std::getline(text, line);) records.push_back(boost::json::parse(line));
  ASSERT_GE(records.size(), 4U);
  for (std::size_t i = 0; i + 1 < records.size(); ++i)
    EXPECT_EQ(records[i].at("prev_hash"), records[i + 1].at("hash")) << "newest first, without a gap";
  store::AuditRecord record;
  const auto& last = records[0];
  const auto field = [&](const char* name) { return std::string(last.at(name).as_string()); };
  record.tenant.value = last.at("tenant").as_int64();
  record.number = last.at("number").as_int64();
  record.at = from_unix_nanos(last.at("at_ns").as_int64());
  record.actor_kind = store::ActorKind::kPerson;
  record.actor = field("actor");
  record.address = field("address");
  record.trace_id = field("trace_id");
  record.action = field("action");
  record.object_kind = field("object_kind");
  record.object_id = field("object_id");
  record.before = field("before");
  record.after = field("after");
  record.reason = field("reason");
  record.prev_hash = from_hex(field("prev_hash"));
  EXPECT_EQ(to_hex(hash_of(record)), field("hash"));
  EXPECT_EQ(get("/api/v1/audit?action=audit.export").size_at("/items"), 1U) << "the export is recorded";
  const auto csv = get("/api/v1/audit/export?format=csv&action=alert.update").text;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
  EXPECT_EQ(get("/api/v1/audit/export?format=xlsx").status, 422);
}

TEST_F(AuditRoutes, HeadsAreSignedWithTheKeyThatIsShown) {
  close(alert(1));
  const auto key = services_.settings.signing_key();
  ASSERT_TRUE(key);
  services_.settings.signing_key = [&] { return *key; };
  auto& audit = services_.store.audit();
  const auto head = store::sign_head(*audit.end(), services_.clock.now(), *key);
  ASSERT_TRUE(head);
  ASSERT_TRUE(audit.add_head(*head));
  const auto reply = get("/api/v1/audit/heads");
  const auto read = store::parse_heads(reply.text);
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->heads.size(), 1U);
  EXPECT_TRUE(store::is_signed_by(read->heads[0], *PublicKey::parse(read->public_keys.at(0))));
  EXPECT_EQ(reply.text_at("/end/hash"), to_hex(head->hash));
  EXPECT_TRUE(reply.at("/next_before").is_null());

  const auto checked = post("/api/v1/audit/verify", "");
  EXPECT_TRUE(checked.at("/sound").as_bool()) << checked.text;
  EXPECT_TRUE(checked.at("/complete").as_bool());
  EXPECT_EQ(checked.at("/heads").as_int64(), 1);
  auto forged = *head;
  forged.number += 100;
  services_.settings.audit_heads = [&] {
    return std::vector<store::AnchoredHead>{
        {*store::sign_head({{1}, forged.number, forged.hash}, forged.at, *key), "a file"}};
  };
  const auto rolled_back = post("/api/v1/audit/verify", "");
  EXPECT_FALSE(rolled_back.at("/sound").as_bool());
  EXPECT_NE(rolled_back.text.find("rolled back"), std::string::npos) << rolled_back.text;
}

TEST_F(AuditRoutes, WhatIsNotRecordedIsSaidWithTheReason) {
  const auto reply = get("/api/v1/audit/actions");
  EXPECT_EQ(reply.size_at("/actions"), store::audit_actions().size());
  EXPECT_EQ(reply.size_at("/left_out"), store::unaudited_writes().size());
}

}  // namespace
}  // namespace tocsin::api
