#include "http/transport.h"

#include <openssl/err.h>

namespace tocsin::http {

namespace beast = boost::beast;

Transport::Transport(Socket socket, TlsSession tls) : socket_(std::move(socket)), tls_(std::move(tls)) {
  if (!tls_) return;
  SSL_set_fd(tls_.get(), socket_.native_handle());
  SSL_set_accept_state(tls_.get());
}

// What became of a call: wanted_ is set when it would block.
Transport::error_code Transport::outcome(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_NONE:
      return {};
    case SSL_ERROR_WANT_READ:
      wanted_ = Socket::wait_read;
      return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
      wanted_ = Socket::wait_write;
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    default:
      return asio::error::connection_reset;
  }
}

// OpenSSL knows the descriptor by its number, which is somebody else's once the socket is closed.
bool Transport::may_use_tls(error_code& ec) {
  ERR_clear_error();
  ec = socket_.is_open() ? error_code() : error_code(asio::error::bad_descriptor);
  return !ec;
}

void Transport::handshake(error_code& ec) {
  if (!may_use_tls(ec)) return;
  ec = outcome(SSL_do_handshake(tls_.get()));
  const int reason = ERR_GET_REASON(ERR_peek_error());
  met_plain_http_ = ec && (reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST);
}

std::size_t Transport::tls_read(void* to, std::size_t size, error_code& ec) {
  std::size_t count = 0;
  if (may_use_tls(ec)) ec = outcome(SSL_read_ex(tls_.get(), to, size, &count));
  return ec ? 0 : count;
}

std::size_t Transport::tls_write(const void* from, std::size_t size, error_code& ec) {
  std::size_t count = 0;
  if (may_use_tls(ec)) ec = outcome(SSL_write_ex(tls_.get(), from, size, &count));
  return ec ? 0 : count;
}

// A small answer goes out as one record.
std::size_t Transport::tls_write(const std::array<asio::const_buffer, 2>& from, error_code& ec) {
  std::array<char, SSL3_RT_MAX_PLAIN_LENGTH> record;
  if (from[0].size() == 0) return from[1].size() == 0 ? 0 : tls_write(from[1].data(), from[1].size(), ec);
  const auto size = asio::buffer_copy(asio::buffer(record), from);
  return tls_write(record.data(), size, ec);
}

std::size_t Transport::read_some(asio::mutable_buffer to, error_code& ec) {
  if (tls_) return tls_read(to.data(), to.size(), ec);
  wanted_ = Socket::wait_read;
  return socket_.read_some(to, ec);
}

std::size_t Transport::write_some(const std::array<asio::const_buffer, 2>& from, error_code& ec) {
  wanted_ = Socket::wait_write;
  return tls_ ? tls_write(from, ec) : socket_.write_some(from, ec);
}

void Transport::end_sending() {
  error_code closed;
  if (tls_ && SSL_in_init(tls_.get()) == 0 && may_use_tls(closed)) SSL_shutdown(tls_.get());
}

void teardown(beast::role_type role, Transport& transport, boost::system::error_code& ec) {
  transport.end_sending();
  beast::websocket::teardown(role, transport.next_layer(), ec);
}

}  // namespace tocsin::http
