#include "intake/batch_builder.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tocsin::intake {

void BatchBuilder::add(std::string_view message, bool cut) {
  if (batch_.empty()) {
    batch_ = MessageBatch(channel_);
    flush_in_time();
  }
  batch_.add(message, cut);
  const bool full = batch_.size() >= options_.batch_messages || batch_.bytes() >= options_.batch_bytes;
  if (full && !blocked_) flush();
}

void BatchBuilder::flush_in_time() {
  due_.expires_after(options_.batch_time);
  due_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) flush();
  });
}

void BatchBuilder::flush() {
  if (!batch_.empty()) {
    blocked_ = !worker_.try_push(std::move(batch_));
    if (blocked_) return;
    batch_ = MessageBatch(channel_);
    due_.cancel();
  }
  space_.cancel();
}

asio::awaitable<void> BatchBuilder::ready() {
  while (blocked_) {
    boost::system::error_code cancelled;
    co_await space_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

}  // namespace tocsin::intake
