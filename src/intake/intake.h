#pragma once
// The way in for logs: syslog listeners and followed files. Off unless something is configured.
//
//   sockets (one I/O thread) ─┐
//   files (one thread) ───────┴─► batches ─► worker: normalise ─► Sink
//
// What was read from a TCP or TLS connection is stored, or counted as dropped when a stop had to be short.
// UDP loses what the kernel had no room for, and says how much. Files are read again from the last position
// that the store has committed.

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "intake/options.h"
#include "intake/sink.h"
#include "observe/source_stats.h"

namespace tocsin::intake {

class Intake {
 public:
  // Binds every listener; kInvalidInput names the one that cannot be. What is borrowed outlives it.
  static Result<std::unique_ptr<Intake>> create(Options options, Sink& sink, PositionStore& positions,
                                                const Clock& clock);
  virtual ~Intake() = default;

  virtual void start() = 0;
  // Takes nothing new and drains what was received, within Options::stop_deadline.
  virtual void stop() = 0;

  struct ChannelReport {
    std::string name;
    std::string transport;  // tcp, udp, tls, file
    std::string address;    // "127.0.0.1:5514", or the paths
    std::string source;     // what its messages are read as
    std::chrono::seconds expected_interval{0};
    observe::SourceReport report;
  };
  // Thread-safe.
  virtual std::vector<ChannelReport> report() const = 0;
};

// True when the options ask for nothing.
inline bool is_off(const Options& options) {
  return options.listeners.empty() && options.files.empty();
}

}  // namespace tocsin::intake
