#include "http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "http/connection.h"
#include "http/io_loop.h"
#include "http/response_head.h"
#include "http/shared.h"
#include "http/tls.h"

namespace tocsin::http {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

// Deadlines are kept to within an eighth.
std::chrono::milliseconds tick_of(const ServerOptions& options) {
  const auto shortest = std::min(
      {options.header_timeout, options.idle_timeout, options.transfer_grace, options.handshake_timeout});
  return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
}

Error cannot_listen(const ServerOptions& options, ErrorKind kind, std::string message, std::string hint) {
  return error(kind, "listen on " + options.address + ":" + std::to_string(options.port), std::move(message),
               std::move(hint));
}

// Best effort, and no coroutine: a server that is full must not work for those it turns away.
void turn_away(tcp::socket& socket) {
  constexpr std::string_view kBody =
      R"({"type":"about:blank","title":"Too busy","status":503,"detail":"Too many connections.","hint":"","trace_id":""})";
  static const std::string answer =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 1\r\n"
      "Cache-Control: no-store\r\nConnection: close\r\n" +
      std::string(kSecurityHeaders) + "Content-Length: " + std::to_string(kBody.size()) + "\r\n\r\n" +
      std::string(kBody);
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(answer), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, Router router) : shared(std::move(options), std::move(router)) {
    const auto count = std::max<std::size_t>(1, shared.options.io_threads);
    for (std::size_t i = 0; i < count; ++i)
      loops.push_back(std::make_unique<IoLoop>(tick_of(shared.options)));
  }

  Result<void> listen();
  asio::awaitable<void> accept();
  Result<void> read_certificate();
  void admit_socket(tcp::socket socket, IoLoop& loop);
  bool is_full() const;
  bool wait_until_empty(std::chrono::steady_clock::time_point deadline) const;

  Shared shared;
  std::vector<std::unique_ptr<IoLoop>> loops;
  std::unique_ptr<TlsKeeper> tls;  // on the first loop, like the acceptor
  std::unique_ptr<tcp::acceptor> acceptor;
  bool running = false;
};

Result<void> Server::Impl::listen() {
  auto& options = shared.options;
  error_code ec;
  const auto address =
      asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, ec);
  if (ec) {
    return cannot_listen(options, ErrorKind::kInvalidInput, "this is no IP address",
                         "give one such as 127.0.0.1 or ::1");
  }
  acceptor = std::make_unique<tcp::acceptor>(loops.front()->context());
  const tcp::endpoint endpoint(address, options.port);
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    return cannot_listen(options, ErrorKind::kUnavailable, ec.message(),
                         "choose another port with --listen, or stop the program that has it");
  }
  options.port = acceptor->local_endpoint().port();
  if (options.open_mode && options.open_mode->port == 0) options.open_mode->port = options.port;
  return {};
}

asio::awaitable<void> Server::Impl::accept() {
  asio::steady_timer pause(loops.front()->context());
  for (std::size_t turn = 0; acceptor->is_open(); ++turn) {
    auto& loop = *loops[turn % loops.size()];
    error_code ec;
    auto socket =
        co_await acceptor->async_accept(loop.context(), asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) {
      admit_socket(std::move(socket), loop);
    } else if (acceptor->is_open()) {
      // Out of file descriptors, as a rule: trying again at once would only burn CPU.
      shared.fault("accept_failed", ec.message());
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
  }
}

Result<void> Server::Impl::read_certificate() {
  if (!shared.options.tls) return {};
  TOCSIN_TRY(identity, load_identity(*shared.options.tls));
  std::signal(SIGPIPE, SIG_IGN);
  tls = std::make_unique<TlsKeeper>(*shared.options.tls, std::move(identity), shared.options.hooks);
  loops.front()->add(*tls);
  return {};
}

bool Server::Impl::is_full() const {
  return shared.connections.load() >= shared.options.max_connections ||
         shared.handshakes.load() >= shared.options.max_handshakes;
}

void Server::Impl::admit_socket(tcp::socket socket, IoLoop& loop) {
  if (is_full()) {
    shared.refused.fetch_add(1);
    if (!tls) turn_away(socket);
    return;
  }
  // Counts as a connection from here on, so that the bound holds however many wait to be started.
  auto connection = std::make_shared<Connection>(
      Transport(std::move(socket), tls ? tls->new_session() : nullptr), loop, shared);
  asio::post(loop.context(),
             [connection = std::move(connection)]() mutable { Connection::start(std::move(connection)); });
}

bool Server::Impl::wait_until_empty(std::chrono::steady_clock::time_point deadline) const {
  while (shared.connections.load() > 0) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

Server::Server(ServerOptions options, Router router)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router))) {}

Server::~Server() {
  stop(std::chrono::milliseconds(0));
}

void Server::websocket(std::string path, WebSocketHandler handler) {
  impl_->shared.websockets.emplace(std::move(path), std::move(handler));
}

Result<void> Server::start() {
  TOCSIN_CHECK(impl_->read_certificate());
  TOCSIN_CHECK(impl_->listen());
  asio::co_spawn(impl_->loops.front()->context(), impl_->accept(), asio::detached);
  for (const auto& loop : impl_->loops) loop->start();
  impl_->running = true;
  return {};
}

std::uint16_t Server::port() const {
  return impl_->shared.options.port;
}

std::string Server::address() const {
  const auto& host = impl_->shared.options.address;
  const bool bracket = host.find(':') != std::string::npos;
  return (bracket ? "[" + host + "]" : host) + ":" + std::to_string(port());
}

void Server::stop(std::chrono::milliseconds deadline) {
  if (!std::exchange(impl_->running, false)) return;
  const auto until = std::chrono::steady_clock::now() + deadline;
  asio::post(impl_->loops.front()->context(), [this] {
    error_code ignored;
    impl_->acceptor->close(ignored);
  });
  for (const auto& loop : impl_->loops) loop->begin_stop();
  if (!impl_->wait_until_empty(until)) {
    for (const auto& loop : impl_->loops) loop->abort_clients();
  }
  for (const auto& loop : impl_->loops) loop->join();
  impl_->shared.workers.stop();
}

Server::Stats Server::stats() const {
  const auto& shared = impl_->shared;
  return {shared.connections.load(), shared.open_websockets.load(), shared.workers.queued(),
          shared.refused.load(), shared.buffered_bytes.load()};
}

}  // namespace tocsin::http
