#include "app/background_thread.h"

#include <utility>

#include "base/this_thread.h"

namespace tocsin::app {

void BackgroundThread::Rest::until_notified(std::chrono::milliseconds most) {
  std::unique_lock lock(thread_.mutex_);
  thread_.wake_.wait_for(lock, stop_, most, [this] { return thread_.notified_; });
  thread_.notified_ = false;
}

void BackgroundThread::Rest::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(thread_.mutex_);
  thread_.wake_.wait_for(lock, stop_, time, [] { return false; });
}

void BackgroundThread::start(const char* name, std::function<void(Rest&)> body) {
  thread_ = std::jthread([this, name, body = std::move(body)](const std::stop_token& stop) {
    name_this_thread(name);
    Rest rest(*this, stop);
    body(rest);
  });
}

bool BackgroundThread::stop() {
  if (!thread_.joinable()) return false;
  thread_.request_stop();
  thread_.join();
  return true;
}

void BackgroundThread::notify() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(notified_, true)) return;  // it has not looked yet: one wake-up is enough
  }
  wake_.notify_one();
}

}  // namespace tocsin::app
