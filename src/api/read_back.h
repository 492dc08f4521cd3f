#pragma once
// A thread that finishes answers which need a read after the commit. Commits complete on the store's writer,
// which must not wait for a query of ours.

#include <functional>
#include <thread>

#include "base/queue.h"

namespace tocsin::api {

class ReadBack {
 public:
  ReadBack() : thread_([this] { run(); }) {}
  ~ReadBack() { waiting_.close(); }

  // Runs `work` soon; at once, on the caller's thread, when kMaxWaiting are waiting already.
  void run_soon(std::function<void()> work) {
    if (!waiting_.try_push(std::move(work))) work();  // NOLINT(bugprone-use-after-move): untouched when full
  }

  // The same, or false when as many are waiting: for work that the caller's thread must not do.
  bool try_run_soon(std::function<void()> work) { return waiting_.try_push(std::move(work)); }

 private:
  static constexpr std::size_t kMaxWaiting = 1024;

  void run() {
    while (!waiting_.closed() || waiting_.size() > 0) {
      for (auto& work : waiting_.pop_all(std::chrono::seconds(1), kMaxWaiting)) work();
    }
  }

  BoundedQueue<std::function<void()>> waiting_{kMaxWaiting};
  std::jthread thread_;
};

}  // namespace tocsin::api
