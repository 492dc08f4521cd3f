#pragma once
// The threads that may block: they run Handlers and inflate bodies.

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "base/queue.h"

namespace tocsin::http {

class WorkerPool {
 public:
  using Job = std::function<void()>;  // must not throw

  WorkerPool(std::size_t threads, std::size_t max_queued);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or stop() was called.
  bool try_run(Job job) { return jobs_.try_push(std::move(job)); }
  std::size_t queued() const { return jobs_.size(); }

  // Runs what is queued, then ends the threads. Idempotent.
  void stop();

 private:
  void work();

  BoundedQueue<Job> jobs_;
  std::vector<std::jthread> threads_;
};

}  // namespace tocsin::http
