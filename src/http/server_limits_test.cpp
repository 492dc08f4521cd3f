#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "http/gzip.h"
#include "http/server.h"
#include "http/test_client.h"

namespace tocsin::http {
namespace {

using std::chrono::milliseconds;
using test::Client;
using test::eventually;
using test::get;
using test::post;

constexpr milliseconds kLong{600'000};

// Every limit out of the way; each test sets the one it is about.
ServerOptions roomy() {
  ServerOptions options;
  options.header_timeout = options.idle_timeout = options.transfer_grace = kLong;
  return options;
}

// A server whose routes wait until the test lets them go.
struct Fixture {
  explicit Fixture(ServerOptions options) {
    Router router;
    router.add_async(Method::kPost, "/echo", [](Request request, Responder respond) {
      respond(json_response(200, std::to_string(request.body.size())));
    });
    router.add(Method::kGet, "/blocked", [this](const Request&) {
      ++entered;
      gate.get_future().wait();
      return json_response(200, "{}");
    });
    router.add_async(Method::kGet, "/held", [this](Request, Responder respond) {
      const std::lock_guard lock(mutex);
      held.push_back(std::move(respond));
    });
    router.add(Method::kGet, "/huge",
               [](const Request&) { return json_response(200, std::string(64 << 20, 'x')); });
    server = std::make_unique<Server>(std::move(options), std::move(router));
    EXPECT_TRUE(server->start());
  }

  std::size_t held_count() {
    const std::lock_guard lock(mutex);
    return held.size();
  }

  void release() {
    std::vector<Responder> all;
    {
      const std::lock_guard lock(mutex);
      all.swap(held);
    }
    for (auto& respond : all) respond(json_response(200, "\"released\""));
  }

  std::promise<void> gate;
  std::atomic<int> entered{0};
  std::mutex mutex;
  std::vector<Responder> held;
  std::unique_ptr<Server> server;
};

TEST(ServerLimits, BodiesOverTheLimitAre413BeforeTheyAreRead) {
  auto options = roomy();
  options.max_body_bytes = 1'000;
  Fixture f(options);
  Client declared(f.server->port());
  EXPECT_EQ(declared.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n").status,
            413);
  Client chunked(f.server->port());
  chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "200\r\n" + std::string(512, 'a') + "\r\n";
  EXPECT_EQ(chunked.ask(chunk + chunk).status, 413);
  Client good(f.server->port());
  EXPECT_EQ(good.ask(post("/echo", std::string(1'000, 'a'))).body, "1000");
}

TEST(ServerLimits, AClientThatSendsOnAfterA413StillGetsTheAnswer) {
  auto options = roomy();
  options.max_body_bytes = 1'000;
  Fixture f(options);
  Client c(f.server->port());
  ASSERT_TRUE(c.send(post("/echo", std::string(8 << 20, 'a'))));
  EXPECT_EQ(c.answer().status, 413);
  c.end_sending();
  EXPECT_TRUE(c.closed_by_server());
}

TEST(ServerLimits, HeadsOverTheLimitAre431) {
  Fixture f(roomy());
  Client c(f.server->port());
  EXPECT_EQ(c.ask(get("/x", "A: " + std::string(17'000, 'a') + "\r\n")).status, 431);
}

TEST(ServerLimits, SlowHeadersAreCutOff) {
  auto options = roomy();
  options.header_timeout = milliseconds(80);
  Fixture f(options);
  Client c(f.server->port());
  c.send("GET / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_EQ(c.answer().status, 408);
  c.end_sending();
  EXPECT_TRUE(c.closed_by_server());
}

TEST(ServerLimits, ADripOfHeaderBytesDoesNotHelp) {
  auto options = roomy();
  options.header_timeout = milliseconds(100);
  Fixture f(options);
  Client c(f.server->port());
  // One byte after the other, for as long as the server listens.
  std::jthread drip([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && c.send("A")) std::this_thread::yield();
  });
  EXPECT_THAT(c.answer().status, testing::AnyOf(408, 431));
}

TEST(ServerLimits, SlowBodiesAreCutOff) {
  auto options = roomy();
  options.transfer_grace = milliseconds(80);
  options.min_rate = 1 << 20;
  Fixture f(options);
  Client c(f.server->port());
  c.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  EXPECT_EQ(c.answer().status, 408);
  EXPECT_TRUE(eventually([&] { return f.server->stats().buffered_bytes == 0; }));
}

TEST(ServerLimits, ClientsThatDoNotReadTheirAnswerAreCutOff) {
  auto options = roomy();
  options.transfer_grace = milliseconds(80);
  options.min_rate = 1 << 30;
  Fixture f(options);
  Client c(f.server->port(), 4'096);
  c.send(get("/huge"));
  EXPECT_TRUE(eventually([&] { return f.server->stats().connections == 1; }));
  EXPECT_TRUE(eventually([&] { return f.server->stats().connections == 0; }));
}

TEST(ServerLimits, IdleConnectionsAreClosed) {
  auto options = roomy();
  options.idle_timeout = milliseconds(60);
  Fixture f(options);
  Client never_asked(f.server->port());
  Client asked(f.server->port());
  EXPECT_EQ(asked.ask(post("/echo", "abc")).body, "3");
  EXPECT_EQ(asked.read_to_end(), "");
  EXPECT_EQ(never_asked.read_to_end(), "");
}

TEST(ServerLimits, ConnectionsOverTheLimitAre503) {
  auto options = roomy();
  options.max_connections = 2;
  Fixture f(options);
  {
    Client a(f.server->port());
    Client b(f.server->port());
    EXPECT_EQ(a.ask(post("/echo", "")).status, 200);
    EXPECT_EQ(b.ask(post("/echo", "")).status, 200);
    Client c(f.server->port());
    const auto answer = c.answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.headers.at("retry-after"), "1");
    EXPECT_TRUE(c.closed_by_server());
    EXPECT_EQ(f.server->stats().refused_connections, 1U);
  }
  EXPECT_TRUE(eventually([&] { return f.server->stats().connections == 0; }));
  Client again(f.server->port());
  EXPECT_EQ(again.ask(post("/echo", "")).status, 200);
}

TEST(ServerLimits, AFullWorkerQueueIs429AndTakesNothing) {
  auto options = roomy();
  options.worker_threads = 1;
  options.max_queued_jobs = 1;
  Fixture f(options);
  Client running(f.server->port());
  running.send(get("/blocked"));
  ASSERT_TRUE(eventually([&] { return f.entered == 1; }));
  Client waiting(f.server->port());
  waiting.send(get("/huge"));
  ASSERT_TRUE(eventually([&] { return f.server->stats().queued_jobs == 1; }));
  Client refused(f.server->port());
  const auto answer = refused.ask(get("/blocked"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  EXPECT_EQ(refused.ask(post("/echo", "x", "Content-Encoding: gzip\r\n")).status, 429);
  EXPECT_EQ(refused.ask(post("/echo", "abc")).body, "3") << "asynchronous routes go on";
  f.gate.set_value();
  EXPECT_EQ(running.answer().status, 200);
  EXPECT_EQ(waiting.answer().status, 200);
  EXPECT_EQ(f.entered, 1);
}

TEST(ServerLimits, AllBodiesTogetherHaveALimit) {
  auto options = roomy();
  options.max_buffered_bytes = 150'000;
  Fixture f(options);
  Client first(f.server->port());
  first.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n" + std::string(100'000, 'a'));
  ASSERT_TRUE(eventually([&] { return f.server->stats().buffered_bytes == 100'000; }));
  Client second(f.server->port());
  second.send(post("/echo", std::string(100'000, 'b')));
  EXPECT_EQ(second.answer().status, 429);
  EXPECT_EQ(first.ask("a").body, "100001");
}

TEST(ServerStop, FinishesWhatItAccepted) {
  Fixture f(roomy());
  Client held(f.server->port());
  held.send(get("/held") + get("/held"));
  Client idle(f.server->port());
  EXPECT_EQ(idle.ask(post("/echo", "")).status, 200);
  ASSERT_TRUE(eventually([&] { return f.held_count() == 1; }));
  std::jthread stopper([&] { f.server->stop(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_FALSE(Client(f.server->port()).connected() &&
               Client(f.server->port()).ask(get("/held")).status == 200);
  f.release();
  EXPECT_EQ(held.answer().body, "\"released\"");
  ASSERT_TRUE(eventually([&] { return f.held_count() == 1; }));
  f.release();
  EXPECT_EQ(held.answer().headers.at("connection"), "close");
  EXPECT_TRUE(held.closed_by_server());
}

TEST(ServerStop, CutsOffWhatIsLeftAtTheDeadline) {
  Fixture f(roomy());
  Client held(f.server->port());
  held.send(get("/held"));
  Client half(f.server->port());
  half.send("GET / HT");
  ASSERT_TRUE(eventually([&] { return f.held_count() == 1 && f.server->stats().connections == 2; }));
  f.server->stop(milliseconds(20));
  EXPECT_EQ(f.server->stats().connections, 0U);
  EXPECT_EQ(held.read_to_end(), "");
  EXPECT_EQ(half.read_to_end(), "");
  f.release();  // too late, and harmless
}

TEST(ServerStop, LateAnswersAfterTheServersEndAreHarmless) {
  Fixture f(roomy());
  Client held(f.server->port());
  held.send(get("/held"));
  ASSERT_TRUE(eventually([&] { return f.held_count() == 1; }));
  f.server.reset();
  f.release();
  EXPECT_EQ(held.read_to_end(), "");
}

TEST(ServerOpenMode, HoldsForEveryRequest) {
  auto options = roomy();
  options.open_mode = OpenModeRules{0, {{"/text/", {"text/plain"}}}};
  Router router;
  for (const auto* path : {"/api", "/text/cef"}) {
    router.add(Method::kPost, path, [](const Request&) { return json_response(200, "{}"); });
  }
  Server server(options, std::move(router));
  ASSERT_TRUE(server.start());
  const auto status = [&](const std::string& headers, const std::string& path = "/api",
                          const std::string& body = {}) {
    Client c(server.port());
    return c
        .ask("POST " + path + " HTTP/1.1\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
             "\r\n\r\n" + body)
        .status;
  };
  const auto host = "Host: localhost:" + std::to_string(server.port()) + "\r\n";
  EXPECT_EQ(status(host), 200);
  EXPECT_EQ(status(host + "Content-Type: application/x-www-form-urlencoded\r\n"), 200) << "no body, no type";
  EXPECT_EQ(status(host + "Content-Type: application/x-www-form-urlencoded\r\n", "/api", "a=b"), 415);
  EXPECT_EQ(status(host + "Content-Type: application/json\r\n", "/api", "{}"), 200);
  EXPECT_EQ(status(host + "Content-Type: text/plain\r\n", "/api", "{}"), 415);
  EXPECT_EQ(status(host + "Content-Type: text/plain\r\n", "/text/cef", "CEF:0"), 200);
  EXPECT_EQ(status(host + "Content-Type: text/plain\r\nOrigin: http://evil\r\n", "/text/cef", "CEF:0"), 403);
  EXPECT_EQ(status("Host: evil.example:" + std::to_string(server.port()) + "\r\n"), 403);
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status(host + "X-Forwarded-For: 1.2.3.4\r\n"), 403);
  EXPECT_EQ(status(host, "http://evil.example/api"), 403);
  Client chunked(server.port());
  EXPECT_EQ(
      chunked.ask("POST /api HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status,
      200);
  EXPECT_EQ(
      chunked.ask("POST /api HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n")
          .status,
      415);
}

}  // namespace
}  // namespace tocsin::http
