#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "http/gzip.h"
#include "http/test_client.h"

namespace tocsin::http {
namespace {

using test::Client;
using test::get;
using test::post;
using testing::HasSubstr;
using testing::Not;

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    Router router;
    router.add_async(Method::kPost, "/echo", [](Request request, Responder respond) {
      respond(json_response(200, std::move(request.body)));
    });
    router.add(Method::kPost, "/worker/{name}", [](const Request& request) {
      return json_response(200, std::string(request.path_param("name")) + ":" + request.body);
    });
    router.add(Method::kGet, "/large",
               [](const Request&) { return json_response(200, std::string(100'000, 'x')); });
    router.add(Method::kGet, "/query", [](const Request& request) {
      return json_response(200, std::string(request.query_param("q").value_or("absent")));
    });
    router.add(Method::kGet, "/throws",
               [](const Request&) -> Response { throw std::runtime_error("inside 42"); });
    router.add_async(Method::kGet, "/throws_async",
                     [](Request, Responder) { throw std::runtime_error("inside 43"); });
    router.add_async(Method::kGet, "/drops", [](Request, Responder) {});
    router.add_async(Method::kGet, "/twice", [](Request, Responder respond) {
      respond(json_response(200, "first"));
      respond(json_response(200, "second"));
    });
    router.add_async(Method::kGet, "/thread", [this](Request, Responder respond) {
      threads_.emplace_back(
          [respond = std::move(respond)] { respond(json_response(200, "\"from a thread\"")); });
    });
    ServerOptions options;
    options.max_body_bytes = 1 << 20;
    options.html_csp = "default-src 'self'";
    options.hooks.on_fault = [this](std::string_view event, std::string_view detail, std::string_view) {
      const std::lock_guard lock(mutex_);
      faults_.push_back(std::string(event) + " " + std::string(detail));
    };
    options.hooks.on_request = [this](const RequestRecord& record) {
      const std::lock_guard lock(mutex_);
      records_.push_back(std::string(to_text(record.method)) + " " + std::string(record.pattern) + " " +
                         std::to_string(record.status));
    };
    server_ = std::make_unique<Server>(options, std::move(router));
    const auto started = server_->start();
    ASSERT_TRUE(started) << to_string(started.error());
  }

  void TearDown() override {
    server_->stop(std::chrono::seconds(5));
    EXPECT_EQ(server_->stats().connections, 0U);
    EXPECT_EQ(server_->stats().buffered_bytes, 0U);
  }

  Client client() const { return Client(server_->port()); }

  std::vector<std::jthread> threads_;
  std::mutex mutex_;
  std::vector<std::string> faults_;
  std::vector<std::string> records_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
  auto c = client();
  for (int i = 0; i < 100; ++i) {
    const auto answer = c.ask(post("/echo", std::to_string(i)));
    ASSERT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body, std::to_string(i));
  }
  EXPECT_EQ(server_->stats().connections, 1U);
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  auto c = client();
  std::string all;
  for (int i = 0; i < 200; ++i) {
    all += i % 3 == 0 ? post("/worker/w", std::to_string(i)) : post("/echo", std::to_string(i));
    if (i % 7 == 0) all += get("/thread");
  }
  ASSERT_TRUE(c.send(all));
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(c.answer().body, (i % 3 == 0 ? "w:" : "") + std::to_string(i));
    if (i % 7 == 0) {
      ASSERT_EQ(c.answer().body, "\"from a thread\"");
    }
  }
}

TEST_F(ServerTest, BodiesComeInAnyPieces) {
  auto c = client();
  const std::string body(300'000, 'b');
  EXPECT_EQ(c.ask(post("/echo", body)).body, body);
  const auto request = post("/echo", "piecemeal");
  for (const char byte : request) ASSERT_TRUE(c.send({&byte, 1}));
  EXPECT_EQ(c.answer().body, "piecemeal");
}

TEST_F(ServerTest, ChunkedBodiesAreJoined) {
  auto c = client();
  const auto answer = c.ask(
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
  EXPECT_EQ(answer.body, "abcdefg");
  EXPECT_EQ(c.ask(post("/echo", "next")).body, "next");
}

TEST_F(ServerTest, TellsClientsThatAskToGoOn) {
  auto c = client();
  const auto go_on =
      c.ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(go_on.status, 100);
  EXPECT_EQ(c.ask("abc").body, "abc");
  auto refused = client();
  const auto too_large = refused.ask(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
  EXPECT_EQ(too_large.status, 413);
}

TEST_F(ServerTest, UnknownPathsAndMethodsAreProblems) {
  auto c = client();
  const auto missing = c.ask(get("/nowhere/<script>"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.headers.at("content-type"), "application/problem+json");
  EXPECT_THAT(missing.body, Not(HasSubstr("script")));
  EXPECT_THAT(missing.body, HasSubstr(missing.headers.at("x-trace-id")));
  const auto wrong = c.ask(get("/echo"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "POST, OPTIONS");
  EXPECT_EQ(c.ask(post("/nowhere", "{\"a\":1}")).status, 404);
  EXPECT_EQ(c.ask(post("/echo", "same connection")).body, "same connection");
}

TEST_F(ServerTest, OptionsSaysWhatAPathTakesAndSendsNoCorsHeaders) {
  auto c = client();
  c.send(
      "OPTIONS /large HTTP/1.1\r\nHost: x\r\nOrigin: http://evil\r\nAccess-Control-Request-Method: "
      "GET\r\n\r\n");
  const auto answer = c.answer();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD, OPTIONS");
  for (const auto& [name, value] : answer.headers) EXPECT_THAT(name, Not(HasSubstr("access-control")));
}

TEST_F(ServerTest, HeadIsGetWithoutTheContent) {
  auto c = client();
  c.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto head = c.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "100000");
  EXPECT_EQ(c.ask(post("/echo", "next")).body, "next");
}

TEST_F(ServerTest, LargeAnswersAreZippedWhenTheClientTakesIt) {
  auto c = client();
  const auto zipped = c.ask(get("/large", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(zipped.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(zipped.headers.at("vary"), "Accept-Encoding");
  EXPECT_LT(zipped.body.size(), 2'000U);
  EXPECT_EQ(*gunzip(zipped.body, 200'000), std::string(100'000, 'x'));
  EXPECT_EQ(c.ask(get("/large")).body.size(), 100'000U);
}

TEST_F(ServerTest, ZippedBodiesAreInflatedForAllKindsOfHandlers) {
  auto c = client();
  const auto body = gzip(std::string(50'000, 'z'));
  EXPECT_EQ(c.ask(post("/echo", body, "Content-Encoding: gzip\r\n")).body, std::string(50'000, 'z'));
  EXPECT_EQ(c.ask(post("/worker/a", body, "Content-Encoding: gzip\r\n")).body,
            "a:" + std::string(50'000, 'z'));
}

TEST_F(ServerTest, ABombIsRefusedAndTheConnectionGoesOn) {
  auto c = client();
  const auto bomb = gzip(std::string(64 << 20, 'a'));
  EXPECT_EQ(c.ask(post("/echo", bomb, "Content-Encoding: gzip\r\n")).status, 413);
  EXPECT_EQ(c.ask(post("/echo", "not gzip", "Content-Encoding: gzip\r\n")).status, 400);
  EXPECT_EQ(c.ask(post("/echo", "x", "Content-Encoding: br\r\n")).status, 415);
  EXPECT_EQ(c.ask(post("/echo", "next")).body, "next");
}

TEST_F(ServerTest, FailuresOfHandlersTellNothing) {
  auto c = client();
  for (const auto* path : {"/throws", "/throws_async", "/drops"}) {
    const auto answer = c.ask(get(path));
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr("inside"))) << path;
  }
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(faults_, testing::ElementsAre("handler_failed inside 42", "handler_failed inside 43"));
}

TEST_F(ServerTest, OnlyTheFirstAnswerCounts) {
  auto c = client();
  EXPECT_EQ(c.ask(get("/twice")).body, "first");
  EXPECT_EQ(c.ask(get("/query?q=a%20b")).body, "a b");
}

TEST_F(ServerTest, MalformedRequestsAreProblemsAndEndTheConnection) {
  for (const auto* text :
       {"GARBAGE\r\n\r\n", "GET / HTTP/7.0\r\n\r\n", "GET / HTTP/1.1\r\nHost x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    auto c = client();
    const auto answer = c.ask(text);
    EXPECT_EQ(answer.status, 400) << text;
    EXPECT_EQ(answer.headers.at("connection"), "close");
    c.end_sending();
    EXPECT_TRUE(c.closed_by_server());
  }
}

TEST_F(ServerTest, BadTargetsAndMissingHostsAre400) {
  auto c = client();
  for (const auto* path : {"/%zz", "/%00", "/../etc/passwd", "/a/%2e%2e/b", "/query?q=%"}) {
    EXPECT_EQ(c.ask(get(path)).status, 400) << path;
  }
  EXPECT_EQ(c.ask("GET /query HTTP/1.1\r\n\r\n").status, 400);
}

TEST_F(ServerTest, Http10EndsTheConnectionUnlessAskedToKeepIt) {
  auto c = client();
  EXPECT_EQ(c.ask("GET /query HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").headers.at("connection"),
            "keep-alive");
  EXPECT_EQ(c.ask("GET /query HTTP/1.0\r\n\r\n").headers.at("connection"), "close");
  EXPECT_TRUE(c.closed_by_server());
}

TEST_F(ServerTest, TraceIdsFollowTheCaller) {
  auto c = client();
  const auto answer =
      c.ask(get("/nowhere", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));
  EXPECT_EQ(answer.headers.at("x-trace-id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_THAT(answer.body, HasSubstr(R"("trace_id":"0af7651916cd43dd8448eb211c80319c")"));
}

TEST_F(ServerTest, ReportsRequestsByPatternNeverByPath) {
  auto c = client();
  c.ask(post("/worker/secret-name", "x"));
  c.ask(get("/nowhere"));
  c.ask(get("/query"));
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(records_, testing::IsSupersetOf({"POST /worker/{name} 200", "GET  404"}));
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 16; ++i) {
      clients.emplace_back([&, i] {
        auto c = client();
        for (int k = 0; k < 100; ++k) {
          const auto body = std::to_string(i * 1000 + k);
          if (c.ask(post(k % 2 == 0 ? "/echo" : "/worker/w", body)).body.ends_with(body)) ++good;
        }
      });
    }
  }
  EXPECT_EQ(good, 1'600);
}

TEST(ServerStart, SaysWhatIsWrong) {
  ServerOptions bad_address;
  bad_address.address = "nonsense";
  EXPECT_EQ(Server(bad_address, Router()).start().error().kind, ErrorKind::kInvalidInput);
  Server first({}, Router());
  ASSERT_TRUE(first.start());
  ServerOptions taken;
  taken.port = first.port();
  EXPECT_EQ(Server(taken, Router()).start().error().kind, ErrorKind::kUnavailable);
}

TEST(ServerThreads, SeveralIoThreadsServeConnectionsInTurn) {
  ServerOptions options;
  options.io_threads = 3;
  Router router;
  std::mutex mutex;
  std::set<std::thread::id> seen;
  router.add_async(Method::kGet, "/", [&](Request, Responder respond) {
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
    respond(json_response(200, "{}"));
  });
  Server server(options, std::move(router));
  ASSERT_TRUE(server.start());
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<Client>(server.port()));
    EXPECT_EQ(clients.back()->ask(get("/")).status, 200);
  }
  EXPECT_EQ(seen.size(), 3U);
}

}  // namespace
}  // namespace tocsin::http
