// A connection's side of TLS.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/connection.h"
#include "http/refusals.h"
#include "http/response_head.h"
#include "http/trace.h"

namespace tocsin::http {

using boost::system::error_code;
using std::chrono::steady_clock;

// Waits until what the transport could not do may be tried again.
asio::awaitable<bool> Connection::wait_for_transport() {
  error_code ec;
  input_.keep();
  co_await transport_.next_layer().async_wait(transport_.wanted(),
                                              asio::redirect_error(asio::use_awaitable, ec));
  co_return !ec && !timed_out_;
}

asio::awaitable<bool> Connection::shake_hands() {
  error_code ec;
  deadline_ = steady_clock::now() + shared_.options.handshake_timeout;
  transport_.handshake(ec);
  while (ec == asio::error::would_block) {
    if (!co_await wait_for_transport()) break;
    transport_.handshake(ec);
  }
  deadline_ = TimePoint::max();
  handshake_.hold(0);
  if (transport_.met_plain_http()) refuse_plain_http();
  co_return !ec;
}

// Past TLS, in the only language that this client speaks.
void Connection::refuse_plain_http() {
  auto response = problem_response(refusal(400, "This port speaks TLS", "The request came as plain HTTP.",
                                           "Use https:// in front of the address."),
                                   make_trace_id());
  head_.clear();
  append_head(head_, response, {.date = loop_.date(), .keep_alive = false});
  head_ += response.body;
  error_code ignored;
  auto& socket = transport_.next_layer();
  // What stays unread would make the system throw the answer away.
  socket.read_some(asio::buffer(loop_.scratch()), ignored);
  socket.write_some(asio::buffer(head_), ignored);
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

// TLS may hold decrypted bytes that the socket knows nothing of, so it is asked first.
asio::awaitable<std::size_t> Connection::await_record(error_code& ec) {
  auto count = transport_.read_some(asio::buffer(first_), ec);
  while (ec == asio::error::would_block) {
    const bool ready = co_await wait_for_transport();
    ec = ready ? error_code() : error_code(asio::error::operation_aborted);
    if (ready) count = transport_.read_some(asio::buffer(first_), ec);
  }
  co_return count;
}

}  // namespace tocsin::http
