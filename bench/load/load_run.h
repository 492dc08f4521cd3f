#pragma once
// Closed-loop load over HTTP/1.1 keep-alive: each connection posts, waits for the answer, posts again. One
// thread, epoll.

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "load/alert_writer.h"
#include "load/latencies.h"

namespace tocsin::bench {

// Whose answers are read: ours tells duplicates from new ones, the stand-in answers 200 to everything it
// stored.
enum class Dialect { kTocsin, kPeer };

struct LoadOptions {
  std::string host = "127.0.0.1";  // an IPv4 address
  std::uint16_t port = 8000;
  std::string path = "/api/v1/alerts";
  Dialect dialect = Dialect::kTocsin;
  std::uint32_t connections = 8;
  std::uint32_t batch = 100;              // alerts in a post; 1 posts a bare object
  std::uint64_t alerts = 0;               // stop after so many; 0: no such end
  std::chrono::milliseconds duration{0};  // stop after that long; 0: no such end
  std::uint64_t first_number = 0;         // of the first alert
};

struct LoadReport {
  std::uint64_t requests = 0;  // answered, 429 not counted
  std::uint64_t accepted = 0;  // alerts
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
  std::uint64_t busy = 0;    // answers 429; the same body was sent again
  std::uint64_t errors = 0;  // other statuses, and connections lost in the middle of a post
  std::string first_error;
  std::uint64_t bytes_sent = 0;
  double seconds = 0;
  double cpu_seconds = 0;  // of this process
  Latencies latencies;     // of answered posts
};

// kUnavailable when nothing listens there. When a hundred connections were lost in a row it ends early; what
// was acknowledged by then is in the report, and the losses are among its errors.
Result<LoadReport> run_load(const AlertWriter& writer, const LoadOptions& options);

}  // namespace tocsin::bench
