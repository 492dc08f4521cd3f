#include "app/sla_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app {
namespace {

using model::IncidentStatus;
using store::test::value_of;
using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr api::FirstLook kFirstLook = {1440, 480, 60, 30, 15};

class SlaWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::open_sqlite({.file = folder_.file("tocsin.db"), .clock = &clock_});
    ASSERT_TRUE(opened);
    database_ = *std::move(opened);
    store::IngestBatch batch;
    batch.alerts.push_back(store::test::make_alert(1, clock_.now()));
    value_of(store::test::append(store().alerts(), std::move(batch)));
    incident_.seq = 1;
    incident_.id = IncidentId::make(clock_.now());
    incident_.title = "Ransomware on web-01";
    incident_.severity = model::Severity::kCritical;
    incident_.created_at = incident_.updated_at = clock_.now();
    incident_.alert_count = 1;
    incident_.lead_alert = 1;
    ASSERT_TRUE(store().incidents().apply({.upserts = {incident_},
                                           .memberships = {{.alert = 1, .incident = 1}},
                                           .removed_memberships = {},
                                           .watermark = 1}));
  }
  store::TenantStore& store() { return database_->tenant(store::kDefaultTenant); }
  void look() {
    // A new one each time: what it wrote it must find in the store.
    SlaWatch watch(store(), clock_, {}, kFirstLook,
                   {.logged = [this](const model::ActionRecord&) { ++told_; },
                    .on_error = [](const Error& why) { ADD_FAILURE() << to_string(why); }});
    const auto done = watch.look();
    EXPECT_TRUE(done) << to_string(done.error());
  }
  void log(std::string_view action) {
    ASSERT_TRUE(store().incidents().log_action({.id = ActionId::make(clock_.now()),
                                                .incident = incident_.id,
                                                .actor = "ana",
                                                .action = std::string(action),
                                                .target = {},
                                                .detail = "waiting for the customer",
                                                .simulated = false,
                                                .created_at = clock_.now()}));
  }
  void change_status(IncidentStatus status) {
    store::IncidentChange change;
    change.status = status;
    change.actor = "ana";
    value_of(store().incidents().update(incident_.id, change));
  }
  // What the watch wrote, oldest first.
  std::vector<std::string> lines() {
    std::vector<std::string> found;
    const auto actions = value_of(store().incidents().actions(incident_.id, 100));
    for (auto line = actions.rbegin(); line != actions.rend(); ++line) {
      if (line->actor == "sla-clock") found.push_back(line->action + " " + line->target);
    }
    return found;
  }

  store::test::TempDir folder_;
  store::test::FakeClock clock_;
  std::unique_ptr<store::Database> database_;
  model::Incident incident_;
  int told_ = 0;
};

TEST_F(SlaWatchTest, ABreachIsWrittenOnceAndGoesUpStepByStep) {
  look();
  EXPECT_THAT(lines(), ElementsAre());
  clock_.advance(15min);
  look();
  EXPECT_THAT(lines(), ElementsAre()) << "due is not late";
  clock_.advance(1s);
  look();
  look();
  EXPECT_THAT(lines(), ElementsAre("sla_breached acknowledge", "sla_escalated soc_lead"));
  clock_.advance(1h);
  look();
  look();
  EXPECT_THAT(lines(), ElementsAre("sla_breached acknowledge", "sla_escalated soc_lead",
                                   "sla_escalated incident_manager"));
  EXPECT_EQ(told_, 3);
}

TEST_F(SlaWatchTest, WhoLooksInTimeKeepsTheFirstPromiseOnly) {
  clock_.advance(14min);
  change_status(IncidentStatus::kInProgress);
  clock_.advance(226min);  // four hours in all
  look();
  EXPECT_THAT(lines(), ElementsAre());
  clock_.advance(1s);
  look();
  EXPECT_THAT(lines(), ElementsAre("sla_breached resolve", "sla_escalated soc_lead"));
}

TEST_F(SlaWatchTest, NobodyIsToldOfWhatIsClosedOrStandsStill) {
  clock_.advance(10min);
  log(api::kSlaPaused);
  clock_.advance(48h);
  look();
  EXPECT_THAT(lines(), ElementsAre());
  log(api::kSlaResumed);
  clock_.advance(5min);
  look();
  EXPECT_THAT(lines(), ElementsAre()) << "fifteen minutes of running, due and not late";
  change_status(IncidentStatus::kClosed);
  clock_.advance(48h);
  look();
  EXPECT_THAT(lines(), ElementsAre());
}

TEST_F(SlaWatchTest, CountsInTheCalendarOfThePolicy) {
  auto policy = api::default_sla_policy(kFirstLook);
  api::SlaCalendar calendar{
      .name = "night", .time_zone = "UTC", .hours = {{1, 0, 1}}, .holidays = {}, .made = {}};
  calendar.made = value_of(respond::WorkingCalendar::make("UTC", calendar.hours, {}));
  policy.calendars.push_back(std::move(calendar));
  policy.by_severity[static_cast<std::size_t>(model::Severity::kCritical)].calendar = "night";
  policy.version = 1;
  ASSERT_TRUE(api::save_sla_policy(store(), policy));
  clock_.advance(24h * 7 * 14);  // fourteen Mondays of a minute each
  look();
  EXPECT_THAT(lines(), ElementsAre());
  clock_.advance(24h * 14);
  look();
  EXPECT_THAT(lines(), testing::Contains("sla_breached acknowledge"));
}

}  // namespace
}  // namespace tocsin::app
