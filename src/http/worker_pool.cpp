#include "http/worker_pool.h"

namespace tocsin::http {

WorkerPool::WorkerPool(std::size_t threads, std::size_t max_queued) : jobs_(max_queued) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  stop();
}

void WorkerPool::stop() {
  jobs_.close();
  threads_.clear();
}

void WorkerPool::work() {
  while (true) {
    if (auto job = jobs_.pop(std::chrono::seconds(10))) {
      (*job)();
    } else if (jobs_.closed()) {
      return;
    }
  }
}

}  // namespace tocsin::http
