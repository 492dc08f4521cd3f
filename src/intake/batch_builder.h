#pragma once
// Gathers the messages of one listener into batches, by count, bytes and time. Belongs to the I/O thread.
//
// When the worker's queue is full the batch stays here and `blocked` is true: whoever reads for this listener
// waits for `ready` before it reads on, so what a sender has on its way stays in its kernel.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "intake/batch.h"
#include "intake/options.h"
#include "intake/worker.h"

namespace tocsin::intake {

namespace asio = boost::asio;

class BatchBuilder {
 public:
  BatchBuilder(asio::io_context& context, Channel& channel, Worker& worker, const Options& options)
      : channel_(channel),
        worker_(worker),
        options_(options),
        due_(context),
        space_(context, asio::steady_timer::time_point::max()) {}

  void add(std::string_view message, bool cut);
  bool blocked() const noexcept { return blocked_; }
  bool empty() const noexcept { return batch_.empty(); }
  // Returns at once unless blocked.
  asio::awaitable<void> ready();
  // Hands over what there is, if the worker has room.
  void flush();

 private:
  void flush_in_time();

  Channel& channel_;
  Worker& worker_;
  const Options& options_;
  MessageBatch batch_;
  asio::steady_timer due_;
  asio::steady_timer space_;  // never fires; cancelled when there is room again
  bool blocked_ = false;
};

}  // namespace tocsin::intake
