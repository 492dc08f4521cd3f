// g++ 12 runs a co_await on the right of && or ?: whatever stands on the left; each stands in its own
// statement here.
#include "http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/gzip.h"
#include "http/refusals.h"
#include "http/response_head.h"
#include "http/text.h"
#include "http/trace.h"
#include "http/websocket.h"
#include "model/access.h"

namespace tocsin::http {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kLinger{5};
constexpr int kReadsInARow = 16;  // then others on this thread get their turn

std::string address_of(const tcp::socket& socket) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  return ec ? std::string() : endpoint.address().to_string();
}

}  // namespace

template <class Handler>
struct Connection::WaiterOf final : Connection::Waiter {
  explicit WaiterOf(Handler given) : handler(std::move(given)) {}
  void resume() override { std::move(handler)(); }
  Handler handler;
};

struct Connection::StartWaiting {
  Connection* connection;
  template <class Handler>
  void operator()(Handler&& handler) const {
    connection->waiter_ = std::make_unique<WaiterOf<std::decay_t<Handler>>>(std::forward<Handler>(handler));
  }
};

Connection::Connection(Transport transport, IoLoop& loop, Shared& shared)
    : transport_(std::move(transport)),
      loop_(loop),
      shared_(shared),
      place_(shared.connections),
      handshake_(shared.handshakes),
      buffered_(shared.buffered_bytes),
      parser_({shared.options.max_header_bytes, shared.options.max_body_bytes}),
      remote_address_(address_of(transport_.next_layer())) {
  place_.hold(1);
  if (transport_.secure()) handshake_.hold(1);
}

Connection::~Connection() {
  loop_.remove(*this);
}

void Connection::start(std::shared_ptr<Connection> self) {
  auto& context = self->loop_.context();
  self->loop_.add(*self);
  asio::co_spawn(
      context, [self = std::move(self)]() -> asio::awaitable<void> { co_await self->run(); }, asio::detached);
}

void Connection::on_tick(TimePoint at) {
  if (at < deadline_) return;
  timed_out_ = true;
  deadline_ = TimePoint::max();
  error_code ignored;
  transport_.next_layer().cancel(ignored);
}

void Connection::on_stop() {
  error_code ignored;
  if (idle_) transport_.next_layer().cancel(ignored);
}

void Connection::abort() {
  error_code ignored;
  transport_.next_layer().close(ignored);
  on_answer();  // await_answer sees that there is none
}

void Connection::on_answer() {
  if (const auto waiter = std::move(waiter_)) waiter->resume();
}

asio::awaitable<void> Connection::run() {
  error_code ignored;
  transport_.next_layer().non_blocking(true, ignored);
  transport_.next_layer().set_option(tcp::no_delay(true), ignored);
  try {
    co_await serve();
  } catch (const std::exception& broken) {
    shared_.fault("connection_failed", broken.what(), trace_id_);
  }
  if (exchange_) exchange_->detach();
}

asio::awaitable<void> Connection::serve() {
  if (transport_.secure()) {
    const bool secured = co_await shake_hands();
    if (!secured) co_return;
  }
  while (co_await serve_one()) {
  }
  transport_.end_sending();
  if (linger_) co_await linger();
}

// True when another request may follow.
asio::awaitable<bool> Connection::serve_one() {
  if (!co_await read_head()) co_return false;
  begin_request();
  auto admission = admit(shared_, parser_);
  pattern_ = admission.match.pattern;
  caller_ = parser_.request().principal;
  if (admission.websocket != nullptr && !input_.empty()) {
    admission.refusal =
        problem_response(refusal(400, "Bad request", "Frames may only follow the answer 101."), trace_id_);
  }
  if (admission.refusal) co_return co_await refuse(*std::move(admission.refusal));
  if (admission.websocket != nullptr) {
    start_websocket(std::move(transport_), loop_, shared_, std::move(parser_.request()), parser_.target(),
                    *admission.websocket);
    co_return false;
  }
  const auto state = feed();
  bool whole = state == State::kDone && take_memory();
  if (!whole) whole = co_await read_body(state);  // a coroutine less for a small request
  if (!whole) co_return false;
  const auto& request = parser_.request();
  bytes_in_ = request.body.size();
  if (auto refusal = check_body(shared_, request)) co_return co_await refuse(*std::move(refusal));
  if (equal_ignoring_case(request.header("Content-Encoding"), "gzip")) {
    if (auto refusal = co_await inflate()) co_return co_await refuse(*std::move(refusal));
  }
  co_return co_await handle(std::move(admission.match));
}

// --- Reading

// Adds what has come in, without waiting. False when there is nothing or the stream has ended.
bool Connection::read_available() {
  error_code ec;
  auto& scratch = loop_.scratch();
  const auto count = transport_.read_some(asio::buffer(scratch), ec);
  if (ec) {
    ended_ = ec != asio::error::would_block;
    return false;
  }
  input_.add(std::string_view(scratch).substr(0, count));
  return true;
}

// Waits for input and takes it in one step: what fits into `first_` costs one system call, where waiting
// first costs two.
asio::awaitable<bool> Connection::await_input() {
  error_code ec;
  input_.keep();
  std::size_t count = 0;
  if (transport_.secure()) {
    count = co_await await_record(ec);
  } else {
    count = co_await transport_.next_layer().async_read_some(asio::buffer(first_),
                                                             asio::redirect_error(asio::use_awaitable, ec));
  }
  ended_ = ec && ec != asio::error::operation_aborted;
  if (ec || timed_out_) co_return false;
  input_.add({first_.data(), count});
  co_return true;
}

// False at the end of the stream, at the deadline, or when an idle connection is to stop.
asio::awaitable<bool> Connection::receive() {
  bool got = false;
  // While stopping, idle connections do not wait; what has come in by then is still served.
  if (!ended_ && !(idle_ && loop_.stopping())) got = co_await await_input();
  const bool last_look = idle_ && loop_.stopping() && !ended_;
  co_return got || (last_look && read_available());
}

Connection::State Connection::feed() {
  std::size_t consumed = 0;
  const auto state = parser_.put(input_.view(), consumed);
  input_.consume(consumed);
  return state;
}

asio::awaitable<bool> Connection::read_head() {
  parser_.reset();
  timed_out_ = over_memory_ = false;
  idle_ = input_.empty();
  deadline_ = steady_clock::now() + shared_.options.idle_timeout;
  if (idle_) {
    const bool more = co_await receive();
    if (!more) co_return false;
  }
  idle_ = false;
  begun_ = steady_clock::now();
  deadline_ = begun_ + shared_.options.header_timeout;
  auto state = feed();
  while (state == State::kNeedMore) {
    if (!co_await receive()) break;
    state = feed();
  }
  deadline_ = TimePoint::max();
  if (state == State::kHeadDone) co_return true;
  begin_request();
  co_await answer_failure(state);
  co_return false;
}

// Goes on from `state`, which is what the bytes at hand came to.
asio::awaitable<bool> Connection::read_body(State state) {
  const bool untouched = parser_.request().body.empty() && input_.empty();
  if (state == State::kNeedMore && untouched && parser_.expects_continue()) {
    if (!co_await write_all({"HTTP/1.1 100 Continue\r\n\r\n", {}})) co_return false;
  }
  const auto begun = steady_clock::now();
  while (state == State::kNeedMore && take_memory()) {
    deadline_ = shared_.transfer_deadline(begun, parser_.request().body.size());
    if (!co_await receive()) break;
    state = feed();
    for (int i = 0; i < kReadsInARow && state == State::kNeedMore && read_available(); ++i) state = feed();
  }
  deadline_ = TimePoint::max();
  bytes_in_ = parser_.request().body.size();
  if (state == State::kDone && take_memory()) co_return true;
  co_await answer_failure(state);
  co_return false;
}

// Counts the body against what all bodies together may hold.
bool Connection::take_memory() {
  over_memory_ = buffered_.hold(parser_.request().body.size()) > shared_.options.max_buffered_bytes;
  return !over_memory_;
}

void Connection::begin_request() {
  auto& request = parser_.request();
  request.remote_address = remote_address_;
  request.secure = transport_.secure();
  request.trace_id = trace_id_ = trace_id_from(request.header("traceparent"));
  takes_gzip_ = accepts_gzip(request.header("Accept-Encoding"));
  method_ = request.method;
  pattern_ = {};
  caller_ = nullptr;
  bytes_in_ = 0;
}

// --- Answering

// Why the request could not be read to its end; absent when the client has left.
std::optional<Problem> Connection::reading_problem(State state) const {
  if (timed_out_) return refusal(408, "Too slow", "The request did not arrive in time.");
  if (over_memory_) return too_busy("Too many large requests at once.");
  if (state != State::kFailed) return std::nullopt;
  return refusal(parser_.failure_status(),
                 parser_.failure_status() == 413 ? "Too large" : "Unreadable request",
                 parser_.failure_reason());
}

asio::awaitable<void> Connection::answer_failure(State state) {
  const auto why = reading_problem(state);
  if (!why) co_return;
  timed_out_ = false;
  linger_ = true;
  co_await write(problem_response(*why, trace_id_), false);
}

// Answers without a handler. The connection goes on only when the whole body has come in by now.
asio::awaitable<bool> Connection::refuse(Response response) {
  const bool whole = feed() == State::kDone;
  linger_ = !whole;
  co_return co_await write(response, whole && parser_.keep_alive());
}

std::shared_ptr<Exchange> Connection::new_exchange() {
  exchange_ = std::make_shared<Exchange>(
      loop_, *this, Exchange::Traits{takes_gzip_, shared_.options.gzip_threshold, trace_id_});
  return exchange_;
}

// Inflates the body on a worker. Absent when that went well.
asio::awaitable<std::optional<Response>> Connection::inflate() {
  struct Work {
    std::string input;
    std::size_t max_bytes;
    Result<std::string> output{Error{}};
  };
  auto& body = parser_.request().body;
  auto work = std::make_shared<Work>(Work{std::move(body), shared_.options.max_body_bytes});
  const auto exchange = new_exchange();
  const bool queued = shared_.workers.try_run([work, exchange] {
    work->output = gunzip(work->input, work->max_bytes);
    exchange->finish();
  });
  if (!queued) co_return problem_response(too_busy("Too many requests are waiting."), trace_id_);
  const bool done = co_await await_answer(*exchange);
  if (!done || !work->output) co_return to_response(work->output.error(), trace_id_);
  body = *std::move(work->output);
  if (!take_memory()) co_return problem_response(too_busy("Too many large requests at once."), trace_id_);
  co_return std::nullopt;
}

asio::awaitable<bool> Connection::handle(Router::Match match) {
  const auto exchange = new_exchange();
  if (!hand_over(match, exchange)) {
    co_return co_await refuse(problem_response(too_busy("Too many requests are waiting."), trace_id_));
  }
  if (!co_await await_answer(*exchange)) co_return false;
  co_return co_await write(exchange->response(), parser_.keep_alive());
}

bool Connection::hand_over(const Router::Match& match, const std::shared_ptr<Exchange>& exchange) {
  auto& request = parser_.request();
  if (match.async_handler != nullptr) {
    call_async(*match.async_handler, exchange);
    return true;
  }
  return shared_.workers.try_run(
      [&shared = shared_, handler = match.handler, exchange, taken = std::move(request)] {
        try {
          exchange->answer((*handler)(taken));
        } catch (const std::exception& broken) {
          shared.fault("handler_failed", broken.what(), taken.trace_id);
          exchange->fail();
        }
      });
}

void Connection::call_async(const AsyncHandler& handler, const std::shared_ptr<Exchange>& exchange) {
  try {
    handler(std::move(parser_.request()), Exchange::make_responder(exchange));
  } catch (const std::exception& broken) {
    shared_.fault("handler_failed", broken.what(), trace_id_);
    exchange->fail();
  }
}

asio::awaitable<bool> Connection::await_answer(Exchange& exchange) {
  input_.keep();
  exchange.await_begins();
  while (!exchange.done() && !loop_.aborting()) {
    co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(StartWaiting{this},
                                                                         asio::use_awaitable);
  }
  co_return exchange.done();
}

// --- Writing

asio::awaitable<bool> Connection::write(const Response& response, bool keep_alive) {
  // While stopping, requests that came in one go are all answered. HTTP/1.0 has no chunks: the end of the
  // connection ends the body.
  keep_alive = keep_alive && !(loop_.stopping() && input_.empty());
  keep_alive = keep_alive && !(response.next_piece && parser_.is_http_1_0());
  head_.clear();
  append_head(head_, response,
              {.trace_id = trace_id_,
               .date = loop_.date(),
               .html_csp = shared_.options.html_csp,
               .keep_alive = keep_alive,
               .http_1_0 = parser_.is_http_1_0(),
               .secure = transport_.secure()});
  const bool bare = method_ == Method::kHead || response.status == 204 || response.status == 304;
  const auto body = bare ? std::string_view() : body_of(response);
  Outgoing out{head_, body};
  bool sent = out.send_some(transport_);
  if (sent && !out.done()) sent = co_await write_all(out);
  auto bytes_out = body.size();
  if (sent && !bare && response.next_piece) sent = co_await write_pieces(response, bytes_out);
  report(response.status, bytes_out);
  if (exchange_) exchange_->detach();
  exchange_.reset();
  buffered_.hold(0);
  co_return sent&& keep_alive;
}

asio::awaitable<bool> Connection::write_all(Outgoing out) {
  const auto begun = steady_clock::now();
  const auto total = out.left();
  bool sent = out.send_some(transport_);
  while (sent && !out.done()) {
    deadline_ = shared_.transfer_deadline(begun, total - out.left());
    sent = co_await wait_for_transport();
    if (sent) sent = out.send_some(transport_);
  }
  deadline_ = TimePoint::max();
  co_return sent;
}

void Connection::report(int status, std::size_t bytes_out) {
  if (!shared_.options.hooks.on_request) return;
  const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begun_);
  const std::string_view caller = caller_ ? std::string_view(caller_->name) : std::string_view();
  shared_.options.hooks.on_request(
      {method_, pattern_, status, taken, bytes_in_, bytes_out, trace_id_, remote_address_, caller});
}

// Closing while the client still sends would make its system throw our answer away: say that we are done, and
// read on for a while.
asio::awaitable<void> Connection::linger() {
  error_code ec;
  transport_.next_layer().shutdown(tcp::socket::shutdown_send, ec);
  timed_out_ = false;
  deadline_ = steady_clock::now() + kLinger;
  while (!ec) {
    transport_.read_some(asio::buffer(loop_.scratch()), ec);
    if (ec == asio::error::would_block) ec = {};
    if (ec) break;
    if (!co_await wait_for_transport()) break;
  }
}

}  // namespace tocsin::http
