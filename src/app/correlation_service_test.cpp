#include "app/correlation_service.h"

#include <gtest/gtest.h>

#include <future>

#include "app/memory_store.h"
#include "correlate/fake_stream.h"

namespace tocsin::app {
namespace {

using correlate::RecordBuilder;
using model::Seq;
using model::Severity;

class FixedClock final : public Clock {
 public:
  Timestamp now() const override { return from_unix_nanos(correlate::kStart); }
};

class CorrelationServiceTest : public ::testing::Test {
 protected:
  CorrelationServiceTest() { make_service(); }

  void make_service(CorrelationOptions options = {}) {
    CorrelationHooks hooks;
    hooks.title = [](const model::Alert& lead, const model::Incident& incident) {
      return lead.title + " x" + std::to_string(incident.alert_count);
    };
    hooks.publish = [this](const std::vector<model::Incident>& incidents) {
      const std::lock_guard lock(published_mutex_);
      published_.insert(published_.end(), incidents.begin(), incidents.end());
      if (wanted_) std::exchange(wanted_, {})->set_value();
    };
    service_.reset();
    service_ = std::make_unique<CorrelationService>(store_, clock_, options, std::move(hooks));
  }

  std::string add(model::LinkRecord link) {
    model::Alert alert;
    alert.id = AlertId::make(clock_.now());
    alert.title = "alert";
    alert.severity = link.severity;
    const auto id = alert.id.str();
    store_.alerts().add(std::move(alert), std::move(link));
    return id;
  }
  void add_stream(std::size_t count, std::uint32_t seed) {
    correlate::FakeStream stream({.alerts = count, .seed = seed, .hosts = 300});
    for (std::size_t i = 0; i < count; ++i) add(stream.next());
  }
  api::Correlation::Report rebuild(bool dry_run = false) {
    auto report = service_->rebuild(dry_run);
    EXPECT_TRUE(report.ok());
    return report ? *report : api::Correlation::Report{};
  }
  model::Incident incident(Seq seq) { return incidents().incidents.at(seq); }
  MemoryIncidents& incidents() { return store_.incidents(); }
  std::size_t standing() {
    std::size_t count = 0;
    for (const auto& [seq, one] : incidents().incidents) count += !one.merged_into;
    return count;
  }
  // An incident of `count` alerts of one user and host; the ids of its alerts.
  std::vector<std::string> add_story(const std::string& name, int count, std::int64_t minute = 0) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
      ids.push_back(
          add(RecordBuilder(1, minute + i).user("u" + name).host("h" + name).severity(Severity::kHigh)));
    }
    return ids;
  }

  FixedClock clock_;
  MemoryStore store_;
  std::mutex published_mutex_;
  std::vector<model::Incident> published_;
  std::optional<std::promise<void>> wanted_;
  std::unique_ptr<CorrelationService> service_;
};

TEST_F(CorrelationServiceTest, RebuildOpensOneIncidentForTwoAlikeAlerts) {
  add_story("a", 2);
  const auto report = rebuild();
  EXPECT_EQ(report.incidents_created, 1);
  EXPECT_EQ(report.clusters, 1);
  EXPECT_EQ(report.alerts_correlated, 2);
  EXPECT_EQ(incident(1).title, "alert x2");
  EXPECT_EQ(incidents().judged, 2);
}

TEST_F(CorrelationServiceTest, APriorityThatAPersonSetDecidesWhetherItNeedsReview) {
  add_story("a", 2);
  rebuild();
  ASSERT_FALSE(incident(1).requires_review);
  auto& stored = incidents().incidents.at(1);
  stored.decided = true;  // as PATCH does
  stored.priority = 95;
  const auto described = service_->describe(stored.id);
  ASSERT_TRUE(described.ok());
  EXPECT_TRUE(described->requires_review);
  EXPECT_EQ(described->priority, 95);
  EXPECT_NE(described->review_reason.find("priority 95 is at or above 80"), std::string::npos);
  EXPECT_EQ(rebuild().incidents_changed, 0);
}

TEST_F(CorrelationServiceTest, ARebuildCountsWhatTheLivePartOpened) {
  add_story("a", 2);
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(standing(), 1U);
  const auto first = rebuild();
  EXPECT_EQ(first.incidents_created, 1);
  EXPECT_EQ(first.incidents_changed, 0);
  const auto second = rebuild();
  EXPECT_EQ(second.incidents_created, 0);
  EXPECT_EQ(second.clusters, 1);
}

TEST_F(CorrelationServiceTest, LiveInAnyPiecesEqualsARebuild) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    CorrelationOptions options;
    options.chunk_alerts = 7 + seed * 131;
    make_service(options);
    for (int part = 0; part < 3; ++part) {
      add_stream(400, seed * 10 + static_cast<std::uint32_t>(part));
      ASSERT_TRUE(service_->catch_up());
    }
    const auto before = incidents().memberships;
    EXPECT_EQ(rebuild().incidents_changed, 0);
    EXPECT_EQ(incidents().memberships, before);
  }
}

TEST_F(CorrelationServiceTest, RebuildingTwiceWritesNothing) {
  add_stream(2000, 3);
  EXPECT_GT(rebuild().incidents_created, 20);
  const auto members = incidents().memberships;
  const auto versions = incidents().incidents;
  const auto again = rebuild();
  EXPECT_EQ(again.incidents_created, 0);
  EXPECT_EQ(again.incidents_changed, 0);
  EXPECT_EQ(incidents().memberships, members);
  for (const auto& [seq, one] : versions) EXPECT_EQ(incident(seq).version, one.version);
}

TEST_F(CorrelationServiceTest, EveryMembershipStandsInAnIncidentThatCountsIt) {
  add_stream(3000, 6);
  ASSERT_TRUE(service_->catch_up());
  for (const auto& [alert, member] : incidents().memberships) {
    EXPECT_FALSE(incident(member.incident).merged_into) << alert;
  }
  for (const auto& [seq, one] : incidents().incidents)
    EXPECT_EQ(one.alert_count == 0, one.merged_into.has_value());
  EXPECT_EQ(*store_.alerts().last_seq(), 3000);
}

TEST_F(CorrelationServiceTest, ADryRunWritesNothingAndSaysWhatWouldChange) {
  add_story("a", 3);
  const auto report = rebuild(true);
  EXPECT_TRUE(incidents().incidents.empty());
  EXPECT_EQ(report.incidents_created, 1);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].incident, "new");
  EXPECT_EQ(report.differences[0].change, "opens with 3 alerts");
  rebuild();
  EXPECT_TRUE(rebuild(true).differences.empty());
}

TEST_F(CorrelationServiceTest, VerdictsAndMembersOfDecidedIncidentsStay) {
  add_stream(1500, 2);
  rebuild();
  store::IncidentChange change;
  change.verdict = model::Verdict::kTruePositive;
  change.status = model::IncidentStatus::kClosed;
  ASSERT_TRUE(incidents().update(incident(1).id, change, {}));
  const auto members = *incidents().members(1, 10'000);
  add_stream(500, 2);
  EXPECT_EQ(rebuild().kept_decisions, 1);
  EXPECT_EQ(*incidents().members(1, 10'000), members);
  EXPECT_EQ(incident(1).verdict, model::Verdict::kTruePositive);
}

TEST_F(CorrelationServiceTest, AClosedIncidentNeverGrows) {
  add_story("a", 2);
  ASSERT_TRUE(service_->catch_up());
  store::IncidentChange change;
  change.status = model::IncidentStatus::kClosed;
  ASSERT_TRUE(incidents().update(incident(1).id, change, {}));
  add_story("a", 2, 3);
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(incident(1).alert_count, 2);
  EXPECT_EQ(incident(2).alert_count, 2);
}

TEST_F(CorrelationServiceTest, AnIncidentThatRetentionRemovedDoesNotComeBack) {
  add_story("a", 3);
  ASSERT_TRUE(service_->catch_up());
  ASSERT_EQ(incident(1).alert_count, 3);
  incidents().incidents.erase(1);
  std::erase_if(incidents().memberships, [](const auto& one) { return one.second.incident == 1; });
  add_story("a", 2, 5);
  ASSERT_TRUE(service_->catch_up());
  EXPECT_FALSE(incidents().incidents.contains(1));
  ASSERT_EQ(standing(), 1U);
  EXPECT_EQ(incidents().incidents.begin()->second.alert_count, 2);
}

TEST_F(CorrelationServiceTest, AMergeMovesAlertsAndNotesAndLeavesATombstone) {
  add_story("a", 2);
  add_story("b", 3);
  ASSERT_TRUE(service_->catch_up());
  ASSERT_TRUE(incidents().add_note(incident(2).id, "eve", "seen before"));
  const auto merged = service_->merge(incident(1).id, {incident(2).id}, "eve");
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->alert_count, 5);
  EXPECT_EQ(incident(2).merged_into, incident(1).id);
  EXPECT_EQ(incidents().notes(incident(1).id)->size(), 1U);
  ASSERT_EQ(incidents().made.size(), 1U);
  EXPECT_EQ(incidents().made[0].kind, store::Decision::Kind::kMerge);
  add_story("b", 1, 4);
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(incident(1).alert_count, 6) << "what links to the merged one joins the one that stayed";
  EXPECT_EQ(rebuild().incidents_changed, 0);
  EXPECT_EQ(incident(1).alert_count, 6);
}

TEST_F(CorrelationServiceTest, ASplitIsNeverUndone) {
  const auto ids = add_story("a", 4);
  ASSERT_TRUE(service_->catch_up());
  const auto made = service_->split(incident(1).id, {ids[3]}, "eve");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->seq, 2);
  EXPECT_EQ(made->alert_count, 1);
  EXPECT_EQ(incident(1).alert_count, 3);
  for (int i = 0; i < 2; ++i) {
    add_story("a", 1, 5 + i);
    ASSERT_TRUE(service_->catch_up());
    rebuild();
  }
  EXPECT_FALSE(incident(1).merged_into);
  EXPECT_FALSE(incident(2).merged_into);
  EXPECT_EQ(incidents().memberships.at(4).incident, 2);
  for (Seq alert = 1; alert <= 3; ++alert) EXPECT_EQ(incidents().memberships.at(alert).incident, 1);
}

TEST_F(CorrelationServiceTest, AnAnalystOpensAnIncidentOfLoneAlerts) {
  const auto lone = add(RecordBuilder(1).host("quiet").severity(Severity::kLow));
  const auto other = add(RecordBuilder(1).host("elsewhere").severity(Severity::kLow));
  const auto made = service_->open({lone, other}, "eve");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->alert_count, 2);
  EXPECT_TRUE(made->decided);
  EXPECT_EQ(rebuild().incidents_changed, 0);
  EXPECT_EQ(incident(1).alert_count, 2);
  const auto again = service_->open({lone}, "eve");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
}

TEST_F(CorrelationServiceTest, AfterAMachinesMergeTheTitleComesFromTheNewLead) {
  add(RecordBuilder(1, 5).user("a").host("x").severity(Severity::kHigh));
  add(RecordBuilder(1, 5).user("b").host("y").severity(Severity::kCritical));
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(standing(), 2U);
  add(RecordBuilder(1, 6).user("a").host("x").user("b").host("y"));
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(standing(), 1U);
  EXPECT_EQ(incident(2).merged_into, incident(1).id);
  EXPECT_EQ(incident(1).lead_alert, 2);
  EXPECT_EQ(incident(1).title, "alert x3");
  EXPECT_EQ(incident(2).title, "alert x1");
  EXPECT_EQ(rebuild().incidents_changed, 0);
}

TEST_F(CorrelationServiceTest, WrongDecisionsAreRefused) {
  const auto ids = add_story("a", 2);
  ASSERT_TRUE(service_->catch_up());
  const auto id = incident(1).id;
  EXPECT_EQ(service_->split(id, ids, "eve").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(service_->split(id, {}, "eve").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(service_->split(id, {"AL-nothing"}, "eve").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(service_->merge(id, {id}, "eve").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(service_->merge(id, {}, "eve").error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(service_->merge(id, {IncidentId::make({})}, "eve").error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(incidents().made.empty());
}

TEST_F(CorrelationServiceTest, IdsAreNeverUsedAgain) {
  std::map<Seq, std::string> ids;
  for (std::uint32_t round = 1; round <= 4; ++round) {
    CorrelationOptions options;
    options.correlate.window = std::chrono::minutes(round % 2 == 0 ? 2 : 30);
    make_service(options);
    add_stream(300, round);
    rebuild();
    for (const auto& [seq, id] : ids) EXPECT_EQ(incident(seq).id.str(), id);
    for (const auto& [seq, one] : incidents().incidents) ids[seq] = one.id.str();
  }
}

TEST_F(CorrelationServiceTest, AFullDiskDelaysAndLosesNothing) {
  add_story("a", 2);
  incidents().refuse = 1;
  EXPECT_EQ(service_->catch_up().error().kind, ErrorKind::kStorageFull);
  EXPECT_TRUE(incidents().incidents.empty());
  add_story("a", 1, 3);
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(incident(1).alert_count, 3);
  EXPECT_EQ(incidents().incidents.size(), 1U);
}

TEST_F(CorrelationServiceTest, ARestartGoesOnWithTheOpenIncidents) {
  add_story("a", 40);
  ASSERT_TRUE(service_->catch_up());
  CorrelationOptions options;
  options.restored_alerts = 5;  // the incident began before what is restored
  make_service(options);
  add_story("a", 1, 41);
  ASSERT_TRUE(service_->catch_up());
  EXPECT_EQ(standing(), 1U);
  EXPECT_EQ(incident(1).alert_count, 41);
  EXPECT_EQ(incident(1).title, "alert x41");
  EXPECT_EQ(incident(1).lead_alert, 1);
}

TEST_F(CorrelationServiceTest, TheLiveThreadPublishesWhatItWrote) {
  wanted_.emplace();
  auto published = wanted_->get_future();
  service_->start();
  add_story("a", 2);
  service_->notify();
  ASSERT_EQ(published.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  service_->stop();
  const std::lock_guard lock(published_mutex_);
  ASSERT_FALSE(published_.empty());
  EXPECT_EQ(published_.front().seq, 1);
}

TEST_F(CorrelationServiceTest, InManualModeOnlyARebuildJudges) {
  ASSERT_TRUE(store_.set_setting("correlation.mode", "manual"));
  service_->start();
  add_story("a", 2);
  service_->notify();
  service_->stop();
  EXPECT_TRUE(incidents().incidents.empty());
  EXPECT_EQ(rebuild().incidents_created, 1);
}

}  // namespace
}  // namespace tocsin::app
