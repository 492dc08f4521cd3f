#pragma once
// The HTTP/1.1 and WebSocket server: Boost.Asio coroutines behind plain values (http.h).
//
// Threads: `io_threads` run connections, each connection on one of them for its whole life; `worker_threads`
// run Handlers. AsyncHandlers and WebSocket callbacks run on the connection's I/O thread and must not block.
// Whatever a client does, memory stays bounded: connections, header and body sizes, all buffered bodies
// together, waiting jobs and WebSocket queues have limits, and every wait has a deadline.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/http.h"
#include "http/open_mode.h"
#include "http/rate_limiter.h"

namespace tocsin::http {

// What became of one request; for metrics and the access log. Views live for the call.
struct RequestRecord {
  Method method = Method::kOther;
  std::string_view pattern;  // of the route; empty when none matched. Never the raw path.
  int status = 0;
  std::chrono::microseconds duration{0};  // from the first byte read to the last byte written
  std::uint64_t bytes_in = 0;             // body as it came
  std::uint64_t bytes_out = 0;            // body as it went
  std::string_view trace_id;
  std::string_view client{};  // address
  std::string_view caller{};  // name of who was found to send it; empty: nobody
};

struct ServerHooks {
  // On an I/O thread; must not block. May be empty.
  std::function<void(const RequestRecord&)> on_request;
  // Something that the client is not told: an exception in a handler, a failing accept. Any thread.
  std::function<void(std::string_view event, std::string_view detail, std::string_view trace_id)> on_fault;
  // Something worth a line that is no fault: a certificate was read anew. Any thread.
  std::function<void(std::string_view event, std::string_view detail)> on_notice;
};

// Read again when they change; a new pair that is no good is told (on_fault) and the old one kept.
struct TlsFiles {
  std::string certificate_file;  // PEM, the server's first, then its chain
  std::string key_file;          // PEM, without a passphrase
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address, or "localhost"
  std::uint16_t port = 0;             // 0: any free one
  std::size_t io_threads = 1;
  std::size_t worker_threads = 2;
  std::size_t max_queued_jobs = 512;   // waiting for a worker; beyond: 429
  std::size_t max_connections = 1024;  // beyond: 503
  std::optional<TlsFiles> tls;         // absent: plain HTTP
  std::size_t max_handshakes = 256;    // of TLS, under way at once; beyond: closed
  std::chrono::milliseconds handshake_timeout{10'000};
  std::uint32_t max_header_bytes = 16 * 1024;
  std::uint64_t max_body_bytes = 32ULL << 20;       // also after inflating
  std::uint64_t max_buffered_bytes = 256ULL << 20;  // bodies of all requests in work; beyond: 429
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};
  // A body (in) and an answer (out) may take this long plus one second for each `min_rate` bytes moved.
  std::chrono::milliseconds transfer_grace{10'000};
  std::uint64_t min_rate = 16 * 1024;
  std::size_t gzip_threshold = 1024;  // smaller answers are sent as they are
  std::size_t max_ws_message_bytes = 64 * 1024;
  std::size_t max_ws_queue = 256;  // messages that one client may be behind
  std::size_t max_ws_queue_bytes = 8u << 20;
  std::chrono::milliseconds ws_ping{30'000};  // a client silent for twice as long is gone
  Rate client_rate;                           // of requests from one address; beyond: 429
  bool limit_loopback = false;                // the rate holds for this machine's own programs too
  // Sent with text/html answers that do not set their own; empty: none.
  std::string html_csp;
  std::optional<OpenModeRules> open_mode;
  // Judges who sends a request, once its route is known and before its body is read: sets request.principal,
  // or answers. On an I/O thread; must not block. Empty: everyone may do all.
  std::function<std::optional<Response>(Request& request, std::string_view pattern, bool websocket)>
      authorize;
  ServerHooks hooks;
};

class Server {
 public:
  Server(ServerOptions options, Router router);
  ~Server();  // stops at once if it still runs
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Upgrades at exactly this path. Before start().
  void websocket(std::string path, WebSocketHandler handler);

  // Listens and returns. kInvalidInput for a bad address or certificate, kUnavailable when it cannot be
  // bound. With TLS the process ignores SIGPIPE from here on: OpenSSL writes to sockets that clients have
  // closed.
  Result<void> start();

  std::uint16_t port() const;   // the actual one, after start()
  std::string address() const;  // "127.0.0.1:8000", "[::1]:8000"

  // Closes the listener, finishes the requests already begun, closes WebSockets with 1001; what is left at
  // the deadline is cut off. Returns when all threads have ended; a Handler that still runs is waited for.
  // Not to be called from a handler.
  void stop(std::chrono::milliseconds deadline);

  struct Stats {
    std::size_t connections = 0;  // open now, WebSockets among them
    std::size_t websockets = 0;
    std::size_t queued_jobs = 0;
    std::uint64_t refused_connections = 0;
    std::uint64_t buffered_bytes = 0;
  };
  Stats stats() const;  // thread-safe

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::http
