#include "api/baseline_keeper.h"

#include <gtest/gtest.h>

#include "api/testing/fixture.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kRule = R"(title: New Country
logsource: {category: application, service: generic}
detection:
  new: {baseline.user_country.known: true, baseline.user_country.first_seen: true}
  condition: new
)";

// A start of the server is a new keeper and a new detector over the same store.
class KeptBaselines : public test::ApiTest {
 protected:
  model::Event sign_in(std::string_view country, int day) {
    model::Event event;
    event.source = "app";
    event.occurred_at = clock_.now() - std::chrono::hours(24 * (60 - day));
    event.received_at = clock_.now();
    event.raw = R"({"event_type":"login","outcome":"success","user":"mara","country":")" +
                std::string(country) + "\"}";
    return event;
  }
  std::vector<model::Event> stored(std::string_view country, int first_day, int last_day) {
    std::vector<model::Event> events;
    for (int day = first_day; day <= last_day; ++day) events.push_back(sign_in(country, day));
    const auto seqs = store_.events().append(events);
    EXPECT_TRUE(seqs.ok());
    for (std::size_t i = 0; i < events.size(); ++i) events[i].seq = (*seqs)[i];
    return events;
  }
  detect::Detector started(BaselineKeeper& keeper, model::Seq until) {
    const auto catalog = std::make_shared<const detect::RuleCatalog>(
        detect::sigma::RuleSet::parse(kRule, "test.yml"), detect::SourceTable::built_in());
    auto detector = detect::Detector::create(catalog, nullptr, {.baselines = {.bounds = {}, .secret = 7}});
    EXPECT_TRUE(detector.ok());
    EXPECT_TRUE(keeper.give_past(*detector, nullptr, until).ok());
    return *std::move(detector);
  }
  std::size_t judge(detect::Detector& detector, const std::vector<model::Event>& events) {
    return detector.judge(events, clock_.now()).size();
  }
};

TEST_F(KeptBaselines, AreLearnedFromTheEventsThatAreKept) {
  const auto history = stored("PT", 1, 14);
  BaselineKeeper keeper(store_, clock_);
  auto detector = started(keeper, history.back().seq);
  EXPECT_EQ(judge(detector, stored("KR", 15, 15)), 1U);
}

TEST_F(KeptBaselines, AreReadBackWithWhatCameAfter) {
  BaselineKeeper keeper(store_, clock_);
  auto detector = started(keeper, 0);
  const auto history = stored("PT", 1, 14);
  EXPECT_EQ(judge(detector, history), 0U);
  keeper.keep_some(detector, history.back().seq);
  EXPECT_FALSE((*store_.setting("detection.baselines")).has_value());  // not yet
  clock_.advance(std::chrono::minutes(6));
  keeper.keep_some(detector, history.back().seq);
  ASSERT_TRUE((*store_.setting("detection.baselines")).has_value());
  const auto later = stored("ES", 15, 15);
  EXPECT_EQ(judge(detector, later), 1U);

  BaselineKeeper again(store_, clock_);
  auto restarted = started(again, later.back().seq);
  EXPECT_EQ(judge(restarted, stored("ES", 16, 16)), 0U);  // learned from the event after what was kept
  EXPECT_EQ(judge(restarted, stored("KR", 17, 17)), 1U);
}

TEST_F(KeptBaselines, AreLearnedAnewWhenTheirTextIsDamaged) {
  const auto history = stored("PT", 1, 14);
  ASSERT_TRUE(store_.set_setting("detection.baselines", "999999 user_country").ok());
  ASSERT_TRUE(store_.set_setting("detection.baseline/user_country", "learned\nbaseline 1\ne 1").ok());
  BaselineKeeper keeper(store_, clock_);
  auto detector = started(keeper, history.back().seq);
  EXPECT_EQ(judge(detector, stored("KR", 15, 15)), 1U);
}

}  // namespace
}  // namespace tocsin::api
