#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include "http/test_client.h"
#include "http/websocket.h"

namespace tocsin::http {
namespace {

using namespace std::string_literals;
using asio::ip::tcp;
using test::eventually;

// One session on a loop of its own that is told to stop during the handshake: where Beast must not be asked
// to close yet.
class WebSocketStopTest : public testing::Test {
 protected:
  WebSocketStopTest() {
    options_.transfer_grace = std::chrono::milliseconds(50);
    handler_.on_open = [](const auto& session, const Request&) {
      session->send(std::make_shared<std::string>("hello"));
    };
    handler_.on_close = [this](const auto&) { ++closed_; };
  }

  // `early`: what the client sends before the answer 101 reaches it.
  void start(std::string_view early) {
    ASSERT_TRUE(client_.connected() && client_.send(early));
    auto socket = std::make_shared<tcp::socket>(acceptor_.accept());
    socket->wait(early.empty() ? tcp::socket::wait_write : tcp::socket::wait_read);
    shared_ = std::make_unique<Shared>(options_, Router());
    asio::post(loop_.context(), [this, socket] {
      loop_.begin_stop();  // runs after this, and before the handshake's write is reported
      start_websocket(Transport(std::move(*socket), nullptr), loop_, *shared_, upgrade(), "/ws", handler_);
    });
    loop_.start();
    EXPECT_EQ(client_.answer().status, 101);
  }

  static Request upgrade() {
    Request request;
    request.headers = {{"Host", "x"},
                       {"Connection", "Upgrade"},
                       {"Upgrade", "websocket"},
                       {"Sec-WebSocket-Version", "13"},
                       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    return request;
  }

  bool ended() {
    return eventually([&] { return closed_ == 1 && shared_->connections == 0; });
  }

  ServerOptions options_;
  WebSocketHandler handler_;
  std::atomic<int> closed_{0};
  std::unique_ptr<Shared> shared_;
  IoLoop loop_{std::chrono::milliseconds(5)};
  tcp::acceptor acceptor_{loop_.context(), {asio::ip::address_v4::loopback(), 0}};
  test::Client client_{acceptor_.local_endpoint().port()};
};

TEST_F(WebSocketStopTest, WaitsForTheHandshakeAndForWhatWasSent) {
  start("");
  EXPECT_EQ(client_.read(7), "\x81\x05hello");
  EXPECT_EQ(client_.read(4), "\x88\x02\x03\xE9"s) << "1001";
  client_.send("\x88\x82\0\0\0\0\x03\xE9"s);
  EXPECT_TRUE(client_.closed_by_server());
  client_.end_sending();
  EXPECT_TRUE(ended());
}

TEST_F(WebSocketStopTest, DoesNotHangOnAClientThatLeavesWithoutAWord) {
  start("");
  EXPECT_EQ(client_.read(11).size(), 11U);
  client_.end_sending();
  EXPECT_TRUE(ended());
}

TEST_F(WebSocketStopTest, DoesNotHangOnABrokenFrameBesideTheClose) {
  start("no frame");
  EXPECT_EQ(client_.read(7), "\x81\x05hello");
  EXPECT_TRUE(ended());
}

}  // namespace
}  // namespace tocsin::http
