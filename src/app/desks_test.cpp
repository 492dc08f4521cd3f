#include "app/desks.h"

#include <gtest/gtest.h>

#include <future>

#include "detect/engine/rule_library.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

class DesksTest : public testing::Test {
 protected:
  DesksTest() { settings_.data_dir = folder_.path(); }
  ~DesksTest() override {
    desks_.stop_taking();
    desks_.stop();
    database_->close();
  }
  void SetUp() override {
    ASSERT_TRUE(directory_.load());
    ASSERT_TRUE(desks_.open());
    ASSERT_TRUE(desks_.start());
  }
  store::TenantId add(const std::string& name) {
    const auto tenant = directory_.add_tenant({.name = name});
    EXPECT_TRUE(tenant.ok());
    return {tenant->number};
  }
  Result<api::Pipeline::Reply> send(store::TenantId tenant, std::string body) {
    TOCSIN_TRY(desk, desks_.of(tenant));
    std::promise<Result<api::Pipeline::Reply>> promise;
    desk->pipeline().ingest_alerts(
        {.body = std::move(body), .source = "api", .content_type = "application/json"},
        [&](auto reply) { promise.set_value(std::move(reply)); });
    return promise.get_future().get();
  }
  std::int64_t stored(store::TenantId tenant) { return (*database_->tenant(tenant).counts()).alerts; }
  void change(store::TenantId tenant, const std::function<void(store::Tenant&)>& edit) {
    auto known = directory_.tenant(tenant.value);
    ASSERT_TRUE(known);
    edit(*known);
    ASSERT_TRUE(directory_.update_tenant(*known));
    desks_.tenants_changed();
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  config::Settings settings_;
  observe::Log log_{observe::Level::kError, clock_};
  std::unique_ptr<store::Database> database_ =
      *store::open_sqlite({.file = folder_.file("tocsin.db"), .clock = &clock_});
  auth::Directory directory_{database_->people(), clock_};
  std::unique_ptr<detect::RuleLibrary> rules_ = *detect::RuleLibrary::open({.bundled = false}, {});
  WorkPool match_helpers_{1, "match"};
  SharedParts shared_{.settings = settings_,
                      .clock = clock_,
                      .log = log_,
                      .database = *database_,
                      .rules = *rules_,
                      .match_helpers = match_helpers_,
                      .open_mode = [] { return true; },
                      .not_ready = [] { return std::vector<std::string>{}; }};
  Desks desks_{shared_, directory_};
};

TEST_F(DesksTest, WhatOneTenantTakesIsNoOthers) {
  const auto acme = add("acme");
  const auto other = add("other");
  ASSERT_TRUE(send(acme, R"([{"id":"1","message":"one"},{"id":"2","message":"two"}])"));
  ASSERT_TRUE(send(other, R"([{"id":"1","message":"one"}])"));
  EXPECT_EQ(stored(acme), 2);
  EXPECT_EQ(stored(other), 1);
  EXPECT_EQ(stored(store::kDefaultTenant), 0);
  EXPECT_EQ(desks_.sum(&PipelineCounters::created), 3U);
  EXPECT_EQ(desks_.open_count(), 3U);
  EXPECT_NE((*desks_.of(acme))->desk().services, (*desks_.of(other))->desk().services);
}

TEST_F(DesksTest, AnUnknownOrSuspendedTenantHasNone) {
  EXPECT_EQ(desks_.of({77}).error().kind, ErrorKind::kNotFound);
  const auto acme = add("acme");
  ASSERT_TRUE(desks_.of(acme));
  change(acme, [](store::Tenant& tenant) { tenant.suspended = true; });
  EXPECT_EQ(desks_.of(acme).error().kind, ErrorKind::kNotFound);
  change(acme, [](store::Tenant& tenant) { tenant.suspended = false; });
  EXPECT_TRUE(desks_.of(acme));
}

TEST_F(DesksTest, AQuotaBoundsItsTenantAndNobodyElse) {
  const auto acme = add("acme");
  ASSERT_TRUE(desks_.of(acme));
  change(acme, [](store::Tenant& tenant) { tenant.alerts_per_second = 1; });
  EXPECT_TRUE(send(acme, R"([{"id":"1","message":"one"}])"));
  const auto refused = send(acme, R"([{"id":"2","message":"two"}])");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kBusy);
  EXPECT_EQ(stored(acme), 1);
  EXPECT_TRUE(send(store::kDefaultTenant, R"([{"id":"2","message":"two"}])"));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(send(acme, R"([{"id":"2","message":"two"}])"));
  EXPECT_EQ(stored(acme), 2);
}

TEST_F(DesksTest, EventsCountForTheQuotaAndWhatRulesMakeOfThemDoesNot) {
  const auto acme = add("acme");
  const auto desk = desks_.of(acme);
  ASSERT_TRUE(desk);
  auto* events = (*desk)->desk().services->settings.events;
  EXPECT_TRUE(events->admit(1'000'000));  // no bound yet
  change(acme, [](store::Tenant& tenant) { tenant.alerts_per_second = 10; });
  EXPECT_TRUE(events->admit(10));
  EXPECT_EQ(events->admit(1).error().kind, ErrorKind::kBusy);
  EXPECT_EQ(send(acme, R"([{"id":"1","message":"one"}])").error().kind, ErrorKind::kBusy);
  model::Alert made;
  made.source = "detection";
  made.source_id = "EV-1-00000000";
  made.title = "made of an event";
  EXPECT_TRUE((*desk)->pipeline().submit({made}));
  EXPECT_EQ(stored(acme), 1);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(events->admit(10));
}

TEST_F(DesksTest, WhoHasNoRoomLeftIsRefusedUntilThereIs) {
  const auto acme = add("acme");
  ASSERT_TRUE(send(acme, R"([{"id":"1","message":"one"}])"));
  ASSERT_TRUE(send(acme, R"([{"id":"2","message":"two"}])"));
  change(acme, [](store::Tenant& tenant) { tenant.storage_bytes = 1; });
  EXPECT_EQ(send(acme, R"([{"id":"3","message":"three"}])").error().kind, ErrorKind::kStorageFull);
  EXPECT_EQ(stored(acme), 2);
  EXPECT_TRUE(send(store::kDefaultTenant, R"([{"id":"3","message":"three"}])"));
  change(acme, [](store::Tenant& tenant) { tenant.storage_bytes = 1 << 30; });
  EXPECT_TRUE(send(acme, R"([{"id":"3","message":"three"}])"));
}

TEST_F(DesksTest, ANoticeOfAnotherProcessOpensTheTenant) {
  const auto acme = add("acme");
  EXPECT_EQ(desks_.open_count(), 1U);
  store::Notice notice;
  notice.tenant = acme;
  notice.alerts_up_to = 1;
  desks_.hear(notice);
  EXPECT_EQ(desks_.open_count(), 2U);
}

TEST_F(DesksTest, NothingOpensWhileTheServerStops) {
  const auto acme = add("acme");
  desks_.stop_taking();
  EXPECT_EQ(desks_.of(acme).error().kind, ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace tocsin::app
