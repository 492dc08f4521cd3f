#pragma once
// Something that listens on the intake's I/O thread. Every member but the constructor and `address` runs
// there.

#include <memory>
#include <string>

#include "base/result.h"
#include "intake/batch_builder.h"

namespace tocsin::intake {

// What the program around wants to know, and what a listener works with. Outlives it.
struct ListenerContext {
  asio::io_context& io;
  const ListenerOptions& options;
  Channel& channel;
  BatchBuilder& builder;
  const Clock& clock;
};

class Listener {
 public:
  virtual ~Listener() = default;
  // "127.0.0.1:5514", with the port that was got.
  virtual std::string address() const = 0;
  virtual void start() = 0;
  // Takes nothing new, reads what has already reached this machine, then ends.
  virtual void stop() = 0;
  virtual bool stopped() const = 0;
  virtual void abort() = 0;  // ends now
  virtual void on_tick() {}  // once a second
};

// kInvalidInput or kUnavailable when the address or the certificate cannot be used.
Result<std::unique_ptr<Listener>> make_tcp_listener(const ListenerContext& context);
Result<std::unique_ptr<Listener>> make_tls_listener(const ListenerContext& context);
Result<std::unique_ptr<Listener>> make_udp_listener(const ListenerContext& context);

}  // namespace tocsin::intake
