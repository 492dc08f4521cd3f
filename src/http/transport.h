#pragma once
// A client's socket, with TLS or without. Reads and writes do not block; without TLS they cost what the
// socket costs. On its loop's thread.
//
// Also the stream below a WebSocket: Beast asks for next_layer, async_read_some and async_write_some.

#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <string_view>

#include "http/tls.h"

namespace tocsin::http {

class Transport {
 public:
  using Socket = asio::ip::tcp::socket;
  using next_layer_type = Socket;
  using executor_type = Socket::executor_type;
  using error_code = boost::system::error_code;

  Transport(Socket socket, TlsSession tls);

  bool secure() const noexcept { return tls_ != nullptr; }
  Socket& next_layer() noexcept { return socket_; }
  const Socket& next_layer() const noexcept { return socket_; }
  executor_type get_executor() { return socket_.get_executor(); }

  // One try. would_block: wait for wanted(), then try again with the same bytes.
  void handshake(error_code& ec);
  bool met_plain_http() const noexcept { return met_plain_http_; }  // of a handshake that failed
  std::size_t read_some(asio::mutable_buffer to, error_code& ec);
  std::size_t write_some(const std::array<asio::const_buffer, 2>& from, error_code& ec);
  Socket::wait_type wanted() const noexcept { return wanted_; }
  // Says that nothing more is sent (close_notify). Best effort.
  void end_sending();

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& to, Token&& token);
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token);

 private:
  template <class Try>
  struct Operation;
  template <class Try, class Token>
  auto run(Try attempt, Token& token) {
    return asio::async_compose<Token, void(error_code, std::size_t)>(
        Operation<Try>{*this, std::move(attempt)}, token, socket_);
  }
  bool may_use_tls(error_code& ec);
  std::size_t tls_read(void* to, std::size_t size, error_code& ec);
  std::size_t tls_write(const void* from, std::size_t size, error_code& ec);
  std::size_t tls_write(const std::array<asio::const_buffer, 2>& from, error_code& ec);
  error_code outcome(int result);

  Socket socket_;
  TlsSession tls_;
  Socket::wait_type wanted_ = Socket::wait_read;
  bool met_plain_http_ = false;
};

// Tries; waits while it would block; completes, never within the call that began it.
template <class Try>
struct Transport::Operation {
  Transport& transport;
  Try attempt;
  error_code result{};
  std::size_t count = 0;
  enum class Step { kBegin, kWaited, kDone } step = Step::kBegin;

  template <class Self>
  void operator()(Self& self, error_code ec = {}) {
    if (step == Step::kDone) return self.complete(result, count);
    if (!ec) count = attempt(transport, ec);
    if (ec == asio::error::would_block) {
      step = Step::kWaited;
      return transport.socket_.async_wait(transport.wanted(), std::move(self));
    }
    result = ec;
    if (step == Step::kWaited) return self.complete(result, count);
    step = Step::kDone;
    asio::post(transport.get_executor(), std::move(self));
  }
};

template <class Buffers, class Token>
auto Transport::async_read_some(const Buffers& to, Token&& token) {
  if (!tls_) return socket_.async_read_some(to, std::forward<Token>(token));
  const auto attempt = [to](Transport& self, error_code& ec) -> std::size_t {
    for (auto it = asio::buffer_sequence_begin(to); it != asio::buffer_sequence_end(to); ++it) {
      const asio::mutable_buffer one(*it);
      if (one.size() > 0) return self.tls_read(one.data(), one.size(), ec);
    }
    return 0;
  };
  return run(attempt, token);
}

template <class Buffers, class Token>
auto Transport::async_write_some(const Buffers& from, Token&& token) {
  if (!tls_) return socket_.async_write_some(from, std::forward<Token>(token));
  // Frame and payload in one record.
  const auto attempt = [from](Transport& self, error_code& ec) -> std::size_t {
    std::array<char, SSL3_RT_MAX_PLAIN_LENGTH> record;
    const auto size = asio::buffer_copy(asio::buffer(record), from);
    return size == 0 ? 0 : self.tls_write(record.data(), size, ec);
  };
  return run(attempt, token);
}

// How a WebSocket ends its stream; found by Beast.
void teardown(boost::beast::role_type role, Transport& transport, boost::system::error_code& ec);

template <class Handler>
void async_teardown(boost::beast::role_type role, Transport& transport, Handler&& handler) {
  transport.end_sending();
  boost::beast::websocket::async_teardown(role, transport.next_layer(), std::forward<Handler>(handler));
}

}  // namespace tocsin::http
