#pragma once
// What all connections of one server share. Outlives them.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "http/server.h"
#include "http/worker_pool.h"

namespace tocsin::http {

struct Shared {
  Shared(ServerOptions given, Router routes)
      : options(std::move(given)),
        router(std::move(routes)),
        clients(options.client_rate),
        workers(options.worker_threads, options.max_queued_jobs) {}

  ServerOptions options;  // open_mode->port is filled in before the first connection
  Router router;
  mutable RateLimiter clients;
  std::map<std::string, WebSocketHandler, std::less<>> websockets;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> handshakes{0};  // of TLS, under way
  std::atomic<std::size_t> open_websockets{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> buffered_bytes{0};
  WorkerPool workers;  // last: its jobs use the others

  // For a body or an answer of which `moved` bytes have gone.
  std::chrono::steady_clock::time_point transfer_deadline(std::chrono::steady_clock::time_point begun,
                                                          std::uint64_t moved) const {
    return begun + options.transfer_grace + std::chrono::milliseconds(moved * 1000 / options.min_rate);
  }

  void fault(std::string_view event, std::string_view detail, std::string_view trace_id = {}) const {
    if (options.hooks.on_fault) options.hooks.on_fault(event, detail, trace_id);
  }
};

// Counts something that lives as long as this does.
template <class Number>
class Share {
 public:
  explicit Share(std::atomic<Number>& total) : total_(total) {}
  ~Share() { total_.fetch_sub(held_); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  // Makes this share `amount` and answers the new total.
  Number hold(Number amount) {
    const Number change = amount - held_;  // unsigned: wraps around, and back in the sum
    held_ = amount;
    return total_.fetch_add(change) + change;
  }

 private:
  std::atomic<Number>& total_;
  Number held_ = 0;
};

}  // namespace tocsin::http
