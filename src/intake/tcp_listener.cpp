// Syslog over TCP (RFC 6587) and TLS (RFC 5425).

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "intake/listener.h"

namespace tocsin::intake {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::chrono::milliseconds kAcceptPause{200};  // when the process is out of descriptors
constexpr std::size_t kMaxDrainBytes = 64U << 20;       // of one connection at the stop

// Awaits `operation` without exceptions: its error goes to `code`.
auto into(error_code& code) {
  return asio::redirect_error(asio::use_awaitable, code);
}

Error setup_error(const ListenerOptions& options, const std::string& what, std::string hint) {
  return error(ErrorKind::kInvalidInput, "listen for " + options.name, what, std::move(hint));
}

Result<tcp::acceptor> open_acceptor(asio::io_context& io, const ListenerOptions& options) {
  error_code code;
  const auto address = asio::ip::make_address(options.host, code);
  if (code) return setup_error(options, "'" + options.host + "' is not an address", "give an IP address");
  tcp::acceptor acceptor(io);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(asio::socket_base::reuse_address(true), code);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (code) {
    return setup_error(options, options.host + ":" + std::to_string(options.port) + ": " + code.message(),
                       "is another program listening there?");
  }
  return acceptor;
}

tcp::socket& socket_of(tcp::socket& stream) {
  return stream;
}
tcp::socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

class Session {
 public:
  virtual ~Session() = default;
  virtual void end_reading() = 0;  // at the stop: only what is already here
  virtual void close() = 0;
  virtual void close_if_idle(SteadyTime now) = 0;
};

template <class Stream>
class SessionOf final : public Session {
 public:
  SessionOf(const ListenerContext& context, Stream stream)
      : context_(context),
        stream_(std::move(stream)),
        frames_(context.options.framing, context.options.max_message_bytes) {}

  asio::awaitable<void> run() {
    error_code code;
    co_await handshake(code);
    std::vector<char> buffer(kReadBytes);
    while (!code && may_read()) {
      co_await context_.builder.ready();
      heard_at_ = std::chrono::steady_clock::now();
      const auto size = co_await stream_.async_read_some(asio::buffer(buffer), into(code));
      if (code == asio::error::operation_aborted && ending_) code.clear();
      if (!push({buffer.data(), size})) break;
      drained_ += ending_ ? size : 0;
    }
    frames_.finish([this](std::string_view message, bool cut) {
      context_.builder.add(message, cut || ending_);  // at our stop the sender was not done
    });
    note_end(code);
    close();
  }

  void end_reading() override {
    ending_ = true;
    error_code ignored;
    socket_of(stream_).cancel(ignored);
  }
  void close() override {
    error_code ignored;
    socket_of(stream_).close(ignored);
  }
  // A reader that waits for the store is not idle; its sender may be.
  void close_if_idle(SteadyTime now) override {
    if (context_.builder.blocked()) heard_at_ = now;
    if (now - heard_at_ > context_.options.idle) close();
  }

 private:
  asio::awaitable<void> handshake(error_code& code) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      co_await stream_.async_handshake(asio::ssl::stream_base::server, into(code));
      if (code) note("TLS handshake: " + code.message());
    }
    co_return;
  }

  bool may_read() {
    if (!ending_) return true;
    error_code code;
    return drained_ < kMaxDrainBytes && socket_of(stream_).available(code) > 0 && !code;
  }

  auto adder() {
    return [this](std::string_view message, bool cut) { context_.builder.add(message, cut); };
  }

  bool push(std::string_view bytes) {
    if (frames_.push(bytes, adder())) return true;
    note("octet counting: a count is not a number; the connection was closed");
    return false;
  }

  void note_end(const error_code& code) {
    const bool usual = !code || code == asio::error::eof || code == asio::error::operation_aborted ||
                       code == asio::ssl::error::stream_truncated || code == asio::error::bad_descriptor;
    if (!usual && !noted_) note("read: " + code.message());
  }
  void note(const std::string& what) {
    noted_ = true;
    context_.channel.stats.error(context_.clock.now(), what);
  }

  const ListenerContext& context_;
  Stream stream_;
  FrameReader frames_;
  SteadyTime heard_at_ = std::chrono::steady_clock::now();
  std::size_t drained_ = 0;
  bool ending_ = false;
  bool noted_ = false;
};

class TcpListener final : public Listener {
 public:
  TcpListener(const ListenerContext& context, tcp::acceptor acceptor, std::unique_ptr<asio::ssl::context> tls)
      : context_(context), acceptor_(std::move(acceptor)), tls_(std::move(tls)) {
    const auto endpoint = acceptor_.local_endpoint();
    const auto host = endpoint.address().to_string();
    address_ = (endpoint.address().is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(endpoint.port());
  }

  std::string address() const override { return address_; }
  void start() override { asio::co_spawn(context_.io, accept(), asio::detached); }

  void stop() override {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    for (auto* session : sessions_) session->end_reading();
  }
  bool stopped() const override { return sessions_.empty() && !accepting_; }
  void abort() override {
    for (auto* session : sessions_) session->close();
  }
  void on_tick() override {
    const auto now = std::chrono::steady_clock::now();
    for (auto* session : sessions_) session->close_if_idle(now);
  }

 private:
  asio::awaitable<void> accept() {
    accepting_ = true;
    while (!stopping_) {
      error_code code;
      auto socket = co_await acceptor_.async_accept(into(code));
      if (stopping_) break;
      if (code) {
        context_.channel.stats.error(context_.clock.now(), "accept: " + code.message());
        asio::steady_timer pause(context_.io, kAcceptPause);
        co_await pause.async_wait(into(code));
      } else if (sessions_.size() >= context_.options.max_connections) {
        context_.channel.stats.error(context_.clock.now(), "refused a connection: max_connections are open");
      } else {
        serve(std::move(socket));
      }
    }
    accepting_ = false;
  }

  void serve(tcp::socket socket) {
    if (tls_) {
      asio::co_spawn(context_.io, run(TlsStream(std::move(socket), *tls_)), asio::detached);
    } else {
      asio::co_spawn(context_.io, run(std::move(socket)), asio::detached);
    }
  }

  template <class Stream>
  asio::awaitable<void> run(Stream stream) {
    SessionOf<Stream> session(context_, std::move(stream));
    const auto place = sessions_.insert(sessions_.end(), &session);
    context_.channel.stats.connections(+1);
    co_await session.run();
    context_.channel.stats.connections(-1);
    sessions_.erase(place);
  }

  const ListenerContext context_;
  tcp::acceptor acceptor_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::string address_;
  std::list<Session*> sessions_;
  bool accepting_ = false;
  bool stopping_ = false;
};

// ---- TLS ----

Result<std::unique_ptr<asio::ssl::context>> open_tls(const ListenerOptions& options) {
  using asio::ssl::context;
  auto tls = std::make_unique<context>(context::tls_server);
  error_code code;
  tls->set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 | context::no_tlsv1 |
                       context::no_tlsv1_1,
                   code);
  // A sender of syslog never reads. A TLS 1.3 ticket that lies unread when it closes would turn its close
  // into a reset, and the kernel would throw away what it had sent last.
  SSL_CTX_set_num_tickets(tls->native_handle(), 0);
  tls->use_certificate_chain_file(options.certificate_file, code);
  if (code) return setup_error(options, options.certificate_file + ": " + code.message(), "a PEM file");
  tls->use_private_key_file(options.key_file, context::pem, code);
  if (code) {
    return setup_error(options, options.key_file + ": " + code.message(),
                       "the PEM key of the certificate, readable by the server");
  }
  if (options.client_ca_file.empty()) return tls;
  tls->load_verify_file(options.client_ca_file, code);
  if (code) return setup_error(options, options.client_ca_file + ": " + code.message(), "a PEM file");
  tls->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, code);
  return tls;
}

}  // namespace

Result<std::unique_ptr<Listener>> make_tcp_listener(const ListenerContext& context) {
  TOCSIN_TRY(acceptor, open_acceptor(context.io, context.options));
  return std::unique_ptr<Listener>(std::make_unique<TcpListener>(context, std::move(acceptor), nullptr));
}

Result<std::unique_ptr<Listener>> make_tls_listener(const ListenerContext& context) {
  TOCSIN_TRY(tls, open_tls(context.options));
  TOCSIN_TRY(acceptor, open_acceptor(context.io, context.options));
  return std::unique_ptr<Listener>(
      std::make_unique<TcpListener>(context, std::move(acceptor), std::move(tls)));
}

}  // namespace tocsin::intake
