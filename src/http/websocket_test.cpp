
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "http/server.h"
#include "http/test_client.h"

namespace tocsin::http {
namespace {

using test::Client;
using test::eventually;

constexpr int kText = 1;
constexpr int kBinary = 2;
constexpr int kClose = 8;
constexpr int kPing = 9;
constexpr int kPong = 10;

struct Frame {
  int opcode = -1;  // -1: the connection ended
  std::string payload;
  int close_code() const {
    return payload.size() < 2
               ? 0
               : static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
  }
};

// Speaks just enough of RFC 6455; masks with zeros, which is allowed.
class WebSocketClient {
 public:
  WebSocketClient(std::uint16_t port, const std::string& headers, int receive_buffer = 0)
      : client_(port, receive_buffer) {
    client_.send("GET /ws?since=7 HTTP/1.1\r\n" + headers +
                 "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    upgrade_ = client_.answer();
  }

  const test::Answer& upgrade() const { return upgrade_; }

  bool send(int opcode, std::string_view payload) {
    std::string frame{static_cast<char>(0x80 | opcode)};
    if (payload.size() < 126) {
      frame += static_cast<char>(0x80 | payload.size());
    } else {
      const int width = payload.size() < 65'536 ? 2 : 8;  // the shorter form is a must where it is enough
      frame += static_cast<char>(0x80 | (width == 2 ? 126 : 127));
      for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
        frame += static_cast<char>(payload.size() >> shift & 0xFF);
      }
    }
    return client_.send(frame + std::string(4, '\0') + std::string(payload));
  }

  void leave() { client_.end_sending(); }

  std::string read(std::size_t bytes) { return client_.read(bytes); }

  Frame read() {
    const auto head = client_.read(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const auto width = size == 126 ? 2U : 8U;
      size = 0;
      for (const char byte : client_.read(width)) size = size << 8 | static_cast<unsigned char>(byte);
    }
    return {head[0] & 0x0F, client_.read(size)};
  }

 private:
  Client client_;
  test::Answer upgrade_;
};

class WebSocketTest : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(ServerOptions options) {
    options.open_mode = OpenModeRules{};
    server_ = std::make_unique<Server>(options, Router());
    WebSocketHandler handler;
    handler.on_open = [this](const auto& session, const Request& request) {
      session->send(
          std::make_shared<std::string>("hello " + std::string(request.query_param("since").value_or(""))));
      const std::lock_guard lock(mutex_);
      sessions_.push_back(session);
    };
    handler.on_text = [](const auto& session, std::string_view text) {
      if (text == "close") return session->close();
      if (text == "throw") throw std::runtime_error("inside");
      session->send(std::make_shared<std::string>("echo " + std::string(text)));
    };
    handler.on_close = [this](const auto&) { ++closed_; };
    server_->websocket("/ws", handler);
    ASSERT_TRUE(server_->start());
  }

  WebSocketClient connect(const std::string& headers = {}, int receive_buffer = 0) {
    return {server_->port(), "Host: localhost:" + std::to_string(server_->port()) + "\r\n" + headers,
            receive_buffer};
  }

  std::vector<std::shared_ptr<WebSocketSession>> sessions() {
    const std::lock_guard lock(mutex_);
    return sessions_;
  }

  std::mutex mutex_;
  std::vector<std::shared_ptr<WebSocketSession>> sessions_;
  std::atomic<int> closed_{0};
  std::unique_ptr<Server> server_;
};

TEST_F(WebSocketTest, EchoesText) {
  auto c = connect();
  ASSERT_EQ(c.upgrade().status, 101);
  EXPECT_EQ(c.read().payload, "hello 7");
  c.send(kText, "abc");
  EXPECT_EQ(c.read().payload, "echo abc");
  const std::string large(60'000, 'x');
  c.send(kText, large);
  EXPECT_TRUE(c.read().payload == "echo " + large);
}

TEST_F(WebSocketTest, AnswersPingsAndCloses) {
  auto c = connect();
  c.read();
  c.send(kPing, "p");
  const auto pong = c.read();
  EXPECT_EQ(pong.opcode, kPong);
  EXPECT_EQ(pong.payload, "p");
  c.send(kText, "close");
  const auto close = c.read();
  EXPECT_EQ(close.opcode, kClose);
  EXPECT_EQ(close.close_code(), 1000);
  c.send(kClose, close.payload);
  EXPECT_EQ(c.read().opcode, -1);
  c.leave();
  EXPECT_TRUE(eventually([&] { return closed_ == 1 && server_->stats().connections == 0; }));
}

TEST_F(WebSocketTest, PingsByItself) {
  server_->stop(std::chrono::seconds(1));
  ServerOptions options;
  options.ws_ping = std::chrono::milliseconds(50);
  start(options);
  auto c = connect();
  c.read();
  EXPECT_EQ(c.read().opcode, kPing);
  // Never answered: the server takes the client for gone.
  Frame frame;
  do {
    frame = c.read();
  } while (frame.opcode == kPing);
  EXPECT_NE(frame.opcode, kText);
  EXPECT_TRUE(eventually([&] { return closed_ == 1; }));
}

TEST_F(WebSocketTest, MessagesOverTheLimitEndTheSession) {
  auto c = connect();
  c.read();
  c.send(kText, std::string(65 * 1024, 'x'));
  const auto close = c.read();
  EXPECT_EQ(close.opcode, kClose);
  EXPECT_EQ(close.close_code(), 1009);
}

TEST_F(WebSocketTest, TakesTextOnlyAndOnlyUtf8) {
  auto binary = connect();
  binary.read();
  binary.send(kBinary, "abc");
  EXPECT_EQ(binary.read().close_code(), 1003);
  auto broken = connect();
  broken.read();
  broken.send(kText, "\xff\xfe");
  EXPECT_EQ(broken.read().close_code(), 1007);
}

TEST_F(WebSocketTest, ForeignOriginsAndHostsAreRefused) {
  EXPECT_EQ(connect("Origin: http://evil.example\r\n").upgrade().status, 403);
  EXPECT_EQ(connect("Origin: null\r\n").upgrade().status, 403);
  EXPECT_EQ(connect("Origin: http://localhost:" + std::to_string(server_->port()) + "\r\n").upgrade().status,
            101);
  EXPECT_EQ(WebSocketClient(server_->port(), "Host: evil.example\r\n").upgrade().status, 403);
}

TEST_F(WebSocketTest, AnUpgradeHasNoBody) {
  EXPECT_EQ(connect("Content-Type: application/json\r\nContent-Length: 3\r\n").upgrade().status, 400);
  EXPECT_EQ(connect("Transfer-Encoding: chunked\r\n").upgrade().status, 400);
  EXPECT_EQ(connect("Content-Length: 0\r\n").upgrade().status, 101);
}

TEST_F(WebSocketTest, PlainRequestsAreToldToUpgrade) {
  Client c(server_->port());
  EXPECT_EQ(
      c.ask("GET /ws HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) + "\r\n\r\n").status,
      426);
  Client other(server_->port());
  EXPECT_EQ(other
                .ask("GET /other HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) +
                     "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .status,
            404);
}

TEST_F(WebSocketTest, BroadcastsReachEveryoneInOrder) {
  constexpr int kClients = 40;
  constexpr int kMessages = 50;
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(new WebSocketClient(connect()));
    EXPECT_EQ(clients.back()->read().payload, "hello 7");
  }
  for (int m = 0; m < kMessages; ++m) {
    const auto text = std::make_shared<const std::string>(std::to_string(m));
    for (const auto& session : sessions()) session->send(text);
  }
  for (const auto& client : clients) {
    for (int m = 0; m < kMessages; ++m) ASSERT_EQ(client->read().payload, std::to_string(m));
  }
}

TEST_F(WebSocketTest, AClientThatReadsTooSlowlyIsClosed) {
  auto slow = connect({}, 4'096);
  slow.read();
  auto quick = connect();
  quick.read();
  const auto all = sessions();
  const auto text = std::make_shared<const std::string>(64 * 1024, 'x');
  // The slow one takes nothing: its queue passes the bound once the system's buffers are full.
  for (int i = 0; i < 20'000 && closed_ == 0; ++i) {
    all[0]->send(text);
    std::this_thread::yield();
  }
  EXPECT_TRUE(eventually([&] { return closed_ == 1; }));
  all[0]->send(text);
  quick.send(kText, "still here");
  EXPECT_EQ(quick.read().payload, "echo still here");
}

TEST_F(WebSocketTest, AFailingHandlerEndsItsSessionOnly) {
  auto c = connect();
  c.read();
  c.send(kText, "throw");
  EXPECT_EQ(c.read().opcode, -1);
  EXPECT_TRUE(eventually([&] { return closed_ == 1; }));
  EXPECT_EQ(connect().upgrade().status, 101);
}

TEST_F(WebSocketTest, StopSaysGoingAway) {
  auto c = connect();
  c.read();
  std::jthread stopper([&] { server_->stop(std::chrono::seconds(10)); });
  const auto close = c.read();
  EXPECT_EQ(close.opcode, kClose);
  EXPECT_EQ(close.close_code(), 1001);
  c.send(kClose, close.payload);
  EXPECT_EQ(c.read().opcode, -1);
  c.leave();
}

TEST_F(WebSocketTest, WhatWasSentBeforeACloseArrives) {
  auto c = connect();
  c.read();
  const auto session = sessions().front();
  for (int i = 0; i < 100; ++i) session->send(std::make_shared<const std::string>(std::to_string(i)));
  session->close();
  session->send(std::make_shared<const std::string>("late"));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(c.read().payload, std::to_string(i));
  EXPECT_EQ(c.read().close_code(), 1000);
}

TEST_F(WebSocketTest, AClientThatDoesNotTakeTheCloseIsCutOff) {
  server_->stop(std::chrono::seconds(1));
  ServerOptions options;
  options.transfer_grace = std::chrono::milliseconds(50);
  options.max_ws_queue_bytes = 64 << 20;
  start(options);
  auto c = connect({}, 4'096);
  c.read();
  const auto session = sessions().front();
  session->send(std::make_shared<const std::string>(32 << 20, 'x'));
  session->close();
  EXPECT_TRUE(eventually([&] { return closed_ == 1 && server_->stats().connections == 0; }));
}

TEST_F(WebSocketTest, AClientThatEndsBesideAPendingWriteIsGone) {
  server_->stop(std::chrono::seconds(1));
  ServerOptions options;
  options.max_ws_queue_bytes = 64 << 20;
  start(options);
  auto c = connect({}, 4'096);
  c.read();
  sessions().front()->send(std::make_shared<const std::string>(32 << 20, 'x'));
  EXPECT_FALSE(c.read(2).empty()) << "the write is under way";
  c.leave();
  EXPECT_TRUE(eventually([&] { return closed_ == 1 && server_->stats().connections == 0; }));
}

TEST_F(WebSocketTest, HandlesOutliveTheServer) {
  auto c = connect();
  c.read();
  const auto all = sessions();
  server_.reset();
  all.front()->send(std::make_shared<const std::string>("late"));
  all.front()->close();
  EXPECT_EQ(closed_, 1);
}

}  // namespace
}  // namespace tocsin::http
