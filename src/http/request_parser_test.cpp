#include "http/request_parser.h"

#include <gtest/gtest.h>

namespace tocsin::http {
namespace {

using State = RequestParser::State;

struct Parsed {
  State state = State::kNeedMore;
  int status = 0;
  Request request;
  std::string rest;
};

// Feeds the text in pieces of `step` bytes, as a socket would.
Parsed parse(std::string_view text, std::size_t step, RequestParser::Limits limits = {}) {
  RequestParser parser(limits);
  Parsed out;
  std::string unread;
  while (out.state != State::kDone && out.state != State::kFailed) {
    if (out.state == State::kNeedMore) {
      if (text.empty()) break;
      unread += text.substr(0, step);
      text.remove_prefix(std::min(step, text.size()));
    }
    std::size_t consumed = 0;
    out.state = parser.put(unread, consumed);
    unread.erase(0, consumed);
  }
  if (out.state == State::kFailed) out.status = parser.failure_status();
  out.request = parser.request();
  out.rest = unread + std::string(text);
  return out;
}

int failure(std::string_view text, RequestParser::Limits limits = {}) {
  const auto whole = parse(text, text.size(), limits);
  EXPECT_EQ(parse(text, 1, limits).status, whole.status) << text;
  return whole.status;
}

TEST(RequestParser, ReadsARequestHoweverItIsCut) {
  constexpr std::string_view kText =
      "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-Blank:  v \r\n\r\nhelloGET /";
  for (std::size_t step = 1; step <= kText.size(); ++step) {
    const auto out = parse(kText, step);
    ASSERT_EQ(out.state, State::kDone) << step;
    EXPECT_EQ(out.request.method, Method::kPost);
    EXPECT_EQ(out.request.body, "hello");
    EXPECT_EQ(out.request.header("x-blank"), "v");
    EXPECT_EQ(out.rest, "GET /");
  }
}

TEST(RequestParser, ReadsChunksAndDropsTheirTrailers) {
  constexpr std::string_view kText =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nOrigin: http://evil\r\nHost: evil\r\n\r\nnext";
  for (std::size_t step = 1; step <= kText.size(); ++step) {
    const auto out = parse(kText, step);
    ASSERT_EQ(out.state, State::kDone) << step;
    EXPECT_EQ(out.request.body, "abc0123456789");
    EXPECT_EQ(out.request.headers.size(), 2U);
    EXPECT_EQ(out.rest, "next");
  }
}

TEST(RequestParser, RefusesMalformedHeads) {
  for (const auto* text :
       {"GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTX/1.1\r\n\r\n",
        "G@T / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", " GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nA: b\x01\r\n\r\n", "GET /\x7f HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n\r\n"}) {
    EXPECT_EQ(failure(text), 400) << text;
  }
}

TEST(RequestParser, RefusesTransferCodingsItDoesNotKnow) {
  EXPECT_EQ(failure("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"), 501);
  EXPECT_EQ(failure("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 501);
  EXPECT_EQ(failure("POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n"), 501);
}

TEST(RequestParser, HeadsHaveALimit) {
  const RequestParser::Limits limits{256, 100, 10};
  EXPECT_EQ(failure("GET /" + std::string(300, 'a') + " HTTP/1.1\r\n\r\n", limits), 431);
  EXPECT_EQ(failure("GET / HTTP/1.1\r\nA: " + std::string(300, 'a') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(failure("GET / HTTP/1.1\r\nA: " + std::string(300, 'a'), limits), 431) << "cut short";
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 11; ++i) many += "A: b\r\n";
  EXPECT_EQ(failure(many + "\r\n", limits), 431);
}

TEST(RequestParser, BodiesHaveALimit) {
  const RequestParser::Limits limits{256, 10, 10};
  EXPECT_EQ(failure("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", limits), 413)
      << "before the body is there";
  const std::string chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(failure(chunked + "FFFFFF\r\n", limits), 413);
  EXPECT_EQ(failure(chunked + "6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n", limits), 413);
  EXPECT_EQ(failure(chunked + "5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n", limits), 0);
}

TEST(RequestParser, ChunkHeadersAndTrailersHaveALimit) {
  const RequestParser::Limits limits{256, 100, 10};
  const std::string chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(failure(chunked + "1;" + std::string(400, 'e'), limits), 431);
  EXPECT_EQ(failure(chunked + "0\r\nA: " + std::string(400, 'e'), limits), 431);
}

TEST(RequestParser, FoldedFieldsAreRefused) {
  EXPECT_EQ(failure("GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Content-Length: 5\r\n\r\n"), 400);
  EXPECT_EQ(failure("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(failure("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n\n a"), 0) << "bodies may";
}

TEST(RequestParser, ChunkExtensionsHaveALimitTogether) {
  const auto body = [](int chunks) {
    std::string text = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < chunks; ++i) text += "1;" + std::string(99, 'a') + "\r\n.\r\n";
    return text + "0\r\n\r\n";
  };
  EXPECT_EQ(failure(body(10), {1'000}), 0);
  EXPECT_EQ(failure(body(11), {1'000}), 431);
}

TEST(RequestParser, KnowsAWebSocketUpgrade) {
  RequestParser parser({});
  std::size_t consumed = 0;
  parser.put("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n",
             consumed);
  EXPECT_TRUE(parser.wants_websocket());
  parser.reset();
  parser.put("POST /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", consumed);
  EXPECT_FALSE(parser.wants_websocket());
}

}  // namespace
}  // namespace tocsin::http
