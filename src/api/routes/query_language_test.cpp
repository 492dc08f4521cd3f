// The query language through the routes: lists, bulk changes, completion, saved views; and the database
// against the matcher.

#include <gtest/gtest.h>

#include <set>

#include "api/testing/fixture.h"
#include "query/matcher.h"
#include "query/query.h"
#include "query/testing/generator.h"

namespace tocsin::api {
namespace {

using test::ApiTest;
using test::Method;

class QueryLanguageRoutes : public ApiTest {
 protected:
  void SetUp() override {
    add_alert(
        R"({"source":"suricata","type":"scan","title":"Port scan","severity":"low","user":"alice","host":"web-01"})");
    add_alert(
        R"({"source":"wazuh","type":"malware","title":"Mimikatz found","severity":"critical","user":"bob","host":"dc-01","source_ip":"10.1.2.3"})");
    add_alert(
        R"({"source":"wazuh","type":"login","title":"Failed login","severity":"high","user":"alice","host":"web-02"})");
  }
  std::int64_t matches(std::string_view encoded) {
    return get("/api/v1/alerts?q=" + std::string(encoded)).at("/total").as_int64();
  }
};

TEST_F(QueryLanguageRoutes, ListsTakeTheWholeLanguage) {
  EXPECT_EQ(matches("user:alice"), 2);
  EXPECT_EQ(matches("user:alice+host:web-02"), 1);
  EXPECT_EQ(matches("-user:alice"), 1);
  EXPECT_EQ(matches("title:*MIMIKATZ*"), 1);
  EXPECT_EQ(matches("ip:cidr(10.0.0.0/8)"), 1);
  EXPECT_EQ(matches("mimikatz+OR+(severity%3E=high+source:wazuh)"), 2);
  EXPECT_EQ(matches("severity:%3E=high"), 2);
  EXPECT_EQ(matches("failed+log"), 1);
  const auto wrong = get("/api/v1/alerts?q=sevrity:high");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.text_at("/errors/0/pointer"), "q:1");
}

TEST_F(QueryLanguageRoutes, BulkTakesAQueryAndAChangeBesideIt) {
  auto reply = post("/api/v1/alerts/bulk",
                    R"({"query":"source:wazuh -severity:critical","status":"closed","dry_run":true})");
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/matched").as_int64(), 1);
  EXPECT_EQ(matches("status:closed"), 0);
  reply = post("/api/v1/alerts/bulk", R"({"query":"source:wazuh -severity:critical","status":"closed"})");
  EXPECT_EQ(reply.at("/changed").as_int64(), 1);
  EXPECT_EQ(matches("status:closed"), 1);
  EXPECT_EQ(post("/api/v1/alerts/bulk", R"({"query":"a","q":"a","status":"closed"})").status, 422);
  EXPECT_EQ(post("/api/v1/alerts/bulk", R"({"query":"a OR","status":"closed"})").status, 422);
  EXPECT_EQ(post("/api/v1/alerts/bulk", R"({"query":"a"})").status, 422);
}

TEST_F(QueryLanguageRoutes, IncidentsTakeItToo) {
  add_incident();
  const auto total = [&](std::string_view q) {
    return get("/api/v1/incidents?q=" + std::string(q)).at("/total").as_int64();
  };
  EXPECT_EQ(total("status:open+alert_count:3"), 1);
  EXPECT_EQ(total("-status:open+OR+alert_count%3E3"), 0);
  EXPECT_EQ(total("port+title:*scan"), 1);
}

TEST_F(QueryLanguageRoutes, TheTableAndTheMeaningAreTold) {
  const auto table = get("/api/v1/query-language");
  EXPECT_EQ(table.size_at("/alerts"), query::fields(query::Subject::kAlerts).size());
  EXPECT_EQ(table.text_at("/alerts/0/values/4"), "critical");
  const auto right = post("/api/v1/query-language/parse", R"({"q":"severity:>=high -host:a"})");
  EXPECT_TRUE(right.at("/valid").as_bool());
  EXPECT_EQ(right.text_at("/canonical"), "severity>=high -host:a");
  EXPECT_EQ(right.text_at("/tree/parts/0/low/value"), "high");
  EXPECT_EQ(right.text_at("/tree/parts/1/parts/0/field"), "host");
  const auto wrong = post("/api/v1/query-language/parse", R"({"q":"a sevrity:1","subject":"incidents"})");
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(wrong.at("/error/column").as_int64(), 3);
  EXPECT_EQ(post("/api/v1/query-language/parse", R"({"q":"a","subject":"x"})").status, 422);
}

TEST_F(QueryLanguageRoutes, ViewsAreSavedReplacedAndRemoved) {
  const auto added = post("/api/v1/views", R"({"name":"Mine","q":"assignee:@me","sort":"priority"})");
  ASSERT_EQ(added.status, 201) << added.text;
  const auto path = "/api/v1/views/" + added.text_at("/id");
  EXPECT_EQ(post("/api/v1/views", R"({"name":"Mine","q":""})").status, 409);
  EXPECT_EQ(post("/api/v1/views", R"({"name":"Mine","q":"status:open","subject":"incidents"})").status, 201);
  EXPECT_EQ(post("/api/v1/views", R"({"name":"Bad","q":"x:y"})").status, 422);
  EXPECT_EQ(call(Method::kPut, path, R"({"name":"Ours","q":"-has:assignee"})").text_at("/q"),
            "-has:assignee");
  EXPECT_EQ(get(path).text_at("/name"), "Ours");
  EXPECT_EQ(get("/api/v1/views").at("/total").as_int64(), 2);
  EXPECT_EQ(call(Method::kDelete, path).status, 204);
  EXPECT_EQ(get(path).status, 404);
}

// ---- the database against the matcher

class Differential : public ApiTest {
 protected:
  std::vector<model::Alert> store_alerts(query::test::Generator& generator, int count) {
    store::IngestBatch batch;
    for (int i = 0; i < count; ++i) {
      store::NewAlert added{random_alert(generator, clock_.now()), 0};
      added.fingerprint = hash64(added.alert.id.str());
      added.alert.fingerprint = to_hex(added.fingerprint);
      batch.alerts.push_back(std::move(added));
    }
    std::vector<model::Alert> alerts;
    for (const auto& added : batch.alerts) alerts.push_back(added.alert);
    EXPECT_TRUE(store::test::append(store_.alerts(), std::move(batch)));
    return alerts;
  }

  std::set<std::string> found(store::AlertQuery query) {
    std::set<std::string> ids;
    query.limit = 7;
    total_ = store_.alerts().list(query)->total;
    do {
      const auto page = store_.alerts().list(query);
      EXPECT_TRUE(page) << (page ? "" : to_string(page.error()));
      if (!page) return {};
      for (const auto& alert : page->items) EXPECT_TRUE(ids.insert(alert.id.str()).second);
      query.cursor = page->next_cursor;
    } while (!query.cursor.empty());
    return ids;
  }

  // As many different answers as wanted, so that a database that says all or nothing is found out.
  void compare(query::test::Generator& generator, const std::vector<model::Alert>& alerts, int queries) {
    int partly = 0;
    for (int i = 0; i < queries; ++i) {
      const auto tree = generator.condition();
      const auto subject = query::Subject::kAlerts;
      store::AlertQuery query;
      query.where = query::resolve(tree, subject, {clock_.now(), "bob"});
      query.sort = static_cast<store::AlertSort>(generator.below(4));
      const query::Matcher matcher(*query.where);
      std::set<std::string> expected;
      for (const auto& alert : alerts) {
        if (matcher.matches(alert)) expected.insert(alert.id.str());
      }
      ASSERT_EQ(found(query), expected) << query::print(tree, subject);
      ASSERT_EQ(total_, static_cast<std::int64_t>(expected.size())) << query::print(tree, subject);
      partly += !expected.empty() && expected.size() < alerts.size() ? 1 : 0;
    }
    EXPECT_GT(partly, queries / 3);
  }

  std::int64_t total_ = 0;  // that the first page told
};

TEST_F(Differential, TheDatabaseAndTheMatcherAgreeBeforeAndAfterIndexing) {
  query::test::Generator generator(query::Subject::kAlerts, 7);
  auto alerts = store_alerts(generator, 60);
  compare(generator, alerts, 1000);
  while (store_.counts()->search_behind > 0) std::this_thread::yield();
  compare(generator, alerts, 2000);
}

}  // namespace
}  // namespace tocsin::api
