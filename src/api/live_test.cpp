#include "api/live.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "store/scoped.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::api {
namespace {

class Client final : public http::WebSocketSession {
 public:
  void send(std::shared_ptr<const std::string> text) override {
    messages.push_back(boost::json::parse(*text));
  }
  void close() override { closed = true; }

  std::vector<std::string> types() const {
    std::vector<std::string> types;
    for (const auto& message : messages) types.emplace_back(message.at("type").as_string());
    return types;
  }
  std::int64_t last_seq() const { return messages.back().at("seq").as_int64(); }

  std::vector<boost::json::value> messages;
  bool closed = false;
};

class FixedClock final : public Clock {
 public:
  Timestamp now() const override { return *parse_time("2026-01-04T12:00:00Z"); }
};

using Types = std::vector<std::string>;

class LiveHubTest : public testing::Test {
 protected:
  LiveHubTest() {
    hub_.render_with({[] { return std::string(R"([{"id":"AL-1"}])"); },
                      [](std::string& out, const model::Alert& alert) {
                        out += R"({"id":")" + alert.title + "\"}";
                        return true;
                      }});
  }

  std::shared_ptr<Client> connect(const std::string& since = {}, bool alerts_only = false,
                                  const LiveHub::ViewPtr& view = {}) {
    auto client = std::make_shared<Client>();
    http::Request request;
    if (!since.empty()) request.query.emplace_back("since", since);
    (alerts_only ? hub_.alert_feed(view) : hub_.feed(view)).on_open(client, request);
    hub_.tick();
    return client;
  }
  void disconnect(const std::shared_ptr<Client>& client) { hub_.feed().on_close(client); }
  void store(std::size_t count, std::size_t shown) {
    std::vector<model::Alert> alerts(shown);
    for (std::size_t i = 0; i < shown; ++i) {
      alerts[i].id = AlertId::make(clock_.now());
      alerts[i].title = "alert-" + std::to_string(i);
      alerts[i].raw = "{}";
    }
    hub_.alerts_stored(std::move(alerts), count, static_cast<model::Seq>(count));
    hub_.tick();
  }

  FixedClock clock_;
  LiveHub hub_{clock_, {.alerts_per_interval = 3, .changes_per_interval = 2, .ring = 10, .max_clients = 2}};
};

TEST_F(LiveHubTest, GreetsWithTheNewestThreats) {
  const auto client = connect();
  ASSERT_EQ(client->types(), Types{"initial_batch"});
  EXPECT_EQ(client->messages[0].at_pointer("/data/0/id").as_string(), "AL-1");
  EXPECT_EQ(client->messages[0].at("timestamp").as_string(), "2026-01-04T12:00:00.000Z");
}

TEST_F(LiveHubTest, NewAlertsComeInBothShapes) {
  const auto client = connect();
  store(1, 1);
  EXPECT_EQ(client->types(), (Types{"initial_batch", "new_threat", "alert"}));
  EXPECT_EQ(client->messages[1].at_pointer("/data/id").as_string(), "alert-0");
  EXPECT_EQ(client->messages[2].at_pointer("/data/title").as_string(), "alert-0");
  EXPECT_EQ(client->messages[2].at("seq").as_int64(), client->messages[1].at("seq").as_int64() + 1);
}

TEST_F(LiveHubTest, UnderLoadTheNewestComeAndTheRestIsCounted) {
  const auto client = connect();
  store(1000, 50);
  EXPECT_EQ(client->messages.size(), 1U + 2 * 3 + 1);
  EXPECT_EQ(client->messages[1].at_pointer("/data/id").as_string(), "alert-47");
  const auto& stats = client->messages.back();
  EXPECT_EQ(stats.at("type").as_string(), "stats");
  EXPECT_EQ(stats.at_pointer("/data/alerts").as_int64(), 1000);
  EXPECT_EQ(stats.at_pointer("/data/skipped").as_int64(), 997);
}

TEST_F(LiveHubTest, IncidentsAndActionsAreAnnounced) {
  const auto client = connect();
  hub_.incident_changed({});
  hub_.action_logged({});
  hub_.tick();
  EXPECT_EQ(client->types(), (Types{"initial_batch", "incident", "action"}));
}

TEST_F(LiveHubTest, TooManyChangesAskForAResync) {
  const auto client = connect();
  for (int i = 0; i < 3; ++i) hub_.incident_changed({});
  hub_.tick();
  EXPECT_EQ(client->types(), (Types{"initial_batch", "incident", "incident", "resync"}));
}

TEST_F(LiveHubTest, ResumesWhereTheClientStopped) {
  const auto first = connect();
  const auto other = connect();
  store(1, 1);
  const auto seen = first->last_seq();
  disconnect(first);
  store(1, 1);
  const auto back = connect(std::to_string(seen));
  EXPECT_EQ(back->types(), (Types{"new_threat", "alert"}));
  EXPECT_EQ(back->messages[0].at("seq").as_int64(), seen + 1);
}

TEST_F(LiveHubTest, NothingMissedSendsNothing) {
  const auto first = connect();
  store(1, 1);
  const auto seen = first->last_seq();
  disconnect(first);
  EXPECT_TRUE(connect(std::to_string(seen))->messages.empty());
}

TEST_F(LiveHubTest, WhatHappenedWhileNobodyListenedIsAResync) {
  const auto first = connect();
  store(1, 1);
  const auto seen = first->last_seq();
  disconnect(first);
  store(1, 1);
  EXPECT_EQ(connect(std::to_string(seen))->types(), Types{"resync"});
}

TEST_F(LiveHubTest, AGapOlderThanTheRingIsAResync) {
  const auto watching = connect();
  for (int i = 0; i < 6; ++i) store(1, 1);  // 12 messages, the ring holds 10
  EXPECT_EQ(connect("1")->types(), Types{"resync"});
  EXPECT_EQ(hub_.clients(), 2U);
}

TEST_F(LiveHubTest, ANumberFromAnotherServerIsAResync) {
  EXPECT_EQ(connect("999")->types(), Types{"resync"});
  EXPECT_EQ(connect("x")->types(), Types{"resync"});
}

TEST_F(LiveHubTest, AlertFeedSendsAlertsOnly) {
  const auto client = connect({}, true);
  EXPECT_TRUE(client->messages.empty());
  hub_.incident_changed({});
  store(1, 1);
  ASSERT_EQ(client->messages.size(), 1U);
  EXPECT_EQ(client->messages[0].at_pointer("/alert/title").as_string(), "alert-0");
  EXPECT_EQ(client->messages[0].as_object().size(), 1U);
}

TEST_F(LiveHubTest, PingIsAnsweredAndOtherTextIgnored) {
  const auto client = connect();
  hub_.feed().on_text(client, R"({"type":"ping"})");
  hub_.feed().on_text(client, R"({"type":"drop"})");
  hub_.feed().on_text(client, "[[[[");
  EXPECT_EQ(client->types(), (Types{"initial_batch", "pong"}));
}

TEST_F(LiveHubTest, OneClientTooManyIsClosed) {
  const auto a = connect();
  const auto b = connect();
  const auto c = connect();
  EXPECT_FALSE(b->closed);
  EXPECT_TRUE(c->closed);
  EXPECT_EQ(hub_.clients(), 2U);
  disconnect(a);
  EXPECT_EQ(hub_.clients(), 1U);
}

TEST_F(LiveHubTest, WithoutClientsNothingIsKept) {
  EXPECT_FALSE(hub_.listening());
  store(100'000, 50);
  const auto client = connect();
  EXPECT_EQ(client->types(), Types{"initial_batch"});
}

class Waiting final : public http::WebSocketSession {
 public:
  void send(std::shared_ptr<const std::string> text) override { first.set_value(*text); }
  void close() override {}
  std::promise<std::string> first;
};

TEST_F(LiveHubTest, ItsThreadSendsByItselfAndStops) {
  hub_.start();
  const auto client = std::make_shared<Waiting>();
  hub_.feed().on_open(client, {});
  auto greeting = client->first.get_future();
  ASSERT_EQ(greeting.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_TRUE(greeting.get().starts_with(R"({"type":"initial_batch")"));
  hub_.stop();
  hub_.incident_changed({});  // would set the promise twice, which throws, if the thread still ran
}

// A client of the source "a", beside one who sees everything.
class ViewTest : public LiveHubTest {
 protected:
  ViewTest() {
    store::SqliteOptions options;
    options.file = folder_.file("tocsin.db");
    options.clock = &times_;
    database_ = store::test::value_of(store::open_sqlite(options));
    view_ = std::make_shared<LiveHub::View>();
    view_->store = store::scoped_store(whole(), {.sources = {"a"}, .asset_groups = {}});
    view_->rendering = {.newest_threats = [] { return std::string(R"([{"id":"own"}])"); }, .threat = {}};
  }
  store::TenantStore& whole() { return database_->tenant(store::kDefaultTenant); }

  // Stores one alert a letter, with the letter as its source.
  std::vector<model::Alert> add(std::string_view sources) {
    std::vector<model::Alert> alerts;
    for (const char source : sources) {
      auto made = store::test::make_alert(++number_, times_.now());
      made.alert.source = std::string(1, source);
      made.alert.title = made.alert.source + std::to_string(number_);
      const auto stored = store::test::append_one(whole().alerts(), std::move(made));
      alerts.push_back(store::test::value_of(whole().alerts().by_seq(std::span(&stored.seq, 1))).at(0));
    }
    return alerts;
  }
  void publish(std::vector<model::Alert> alerts) {
    const auto count = alerts.size();
    const auto last = alerts.back().seq;
    hub_.alerts_stored(std::move(alerts), count, last);
    hub_.tick();
  }
  static std::vector<std::string> titles(const Client& client) {
    std::vector<std::string> titles;
    for (const auto& message : client.messages) {
      if (message.at("type").as_string() == "alert")
        titles.emplace_back(message.at_pointer("/data/title").as_string());
    }
    return titles;
  }

  store::test::TempDir folder_;
  store::test::FakeClock times_;
  std::unique_ptr<store::Database> database_;
  LiveHub::ViewPtr view_;
  std::int64_t number_ = 0;
};

TEST_F(ViewTest, HearsOfItsAlertsAlone) {
  const auto all = connect();
  const auto part = connect("", false, view_);
  EXPECT_EQ(part->messages[0].at_pointer("/data/0/id").as_string(), "own");
  publish(add("aba"));
  EXPECT_EQ(titles(*all), (Types{"a1", "b2", "a3"}));
  EXPECT_EQ(titles(*part), (Types{"a1", "a3"}));
  const auto hidden = add("b");
  hub_.alert_changed(hidden[0]);
  hub_.tick();
  EXPECT_EQ(titles(*all).size(), 4U);
  EXPECT_EQ(titles(*part).size(), 2U);
  const auto shown = add("a");
  hub_.alert_changed(shown[0]);
  hub_.tick();
  EXPECT_EQ(titles(*part).back(), "a5");
}

TEST_F(ViewTest, TheFeedOfAlertsAloneIsDividedToo) {
  const auto part = connect("", true, view_);
  publish(add("bab"));
  ASSERT_EQ(part->messages.size(), 1U);
  EXPECT_EQ(part->messages[0].at_pointer("/alert/title").as_string(), "a2");
}

TEST_F(ViewTest, WhatCameWhileNobodyLookedThroughItIsNoNews) {
  const auto last = add("aa").back().seq;
  hub_.alerts_stored({}, 2, last);  // without any client
  const auto all = connect();
  publish(add("a"));
  const auto part = connect("", false, view_);
  publish(add("a"));
  EXPECT_EQ(titles(*all), (Types{"a3", "a4"}));
  EXPECT_EQ(titles(*part), Types{"a4"});
}

TEST_F(ViewTest, AClientHearsOfWhatComesBeforeItIsGreeted) {
  publish(add("a"));
  const auto client = std::make_shared<Client>();
  hub_.alert_feed(view_).on_open(client, {});
  publish(add("ba"));
  ASSERT_EQ(client->messages.size(), 1U);
  EXPECT_EQ(client->messages[0].at_pointer("/alert/title").as_string(), "a3");
}

TEST_F(ViewTest, ABurstOfOthersIsNoNews) {
  const auto part = connect("", false, view_);
  auto burst = add("abbbbb");
  hub_.alerts_stored({burst.end() - 3, burst.end()}, burst.size(), burst.back().seq);
  hub_.tick();
  EXPECT_EQ(part->types(), (Types{"initial_batch", "alert"}));
  EXPECT_EQ(titles(*part), Types{"a1"});
}

TEST_F(ViewTest, MoreThanCanBeLookedAtIsReadAnew) {
  const auto part = connect("", false, view_);
  auto one = add("b");
  one[0].seq += 5000;
  publish(one);
  EXPECT_EQ(part->types(), (Types{"initial_batch", "resync"}));
}

TEST_F(ViewTest, WhoComesBackReadsAnew) {
  const auto all = connect();
  publish(add("ab"));
  const auto part = connect(std::to_string(all->last_seq()), false, view_);
  EXPECT_EQ(part->types(), Types{"resync"});
}

TEST_F(ViewTest, AnIncidentThatItDoesNotShowIsNotTold) {
  const auto all = connect();
  const auto part = connect("", false, view_);
  model::Incident unknown;
  unknown.id = IncidentId::make(times_.now());
  hub_.incident_changed(unknown);
  hub_.tick();
  EXPECT_EQ(all->types().back(), "incident");
  EXPECT_EQ(part->types(), Types{"initial_batch"});
}

}  // namespace
}  // namespace tocsin::api
