#include "base/work_pool.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/this_thread.h"

namespace tocsin {

// On the stack of run(); guarded by the pool's mutex but for `work`.
struct WorkPool::Job {
  const std::size_t parts;
  const std::function<void(std::size_t)>& work;
  std::size_t next = 0;
  std::size_t done = 0;
  std::exception_ptr failed{};
  std::condition_variable finished{};

  // One part, with the lock given up meanwhile.
  void run_one(std::unique_lock<std::mutex>& lock) {
    const auto part = next++;
    lock.unlock();
    std::exception_ptr why;
    try {
      work(part);
    } catch (...) {
      why = std::current_exception();
    }
    lock.lock();
    if (why && !failed) failed = std::move(why);
    if (++done == parts) finished.notify_one();
  }
};

WorkPool::WorkPool(std::size_t helpers, const char* name) {
  for (std::size_t i = 0; i < helpers; ++i) {
    helpers_.emplace_back([this, name](const std::stop_token& stop) {
      name_this_thread(name);
      help(stop);
    });
  }
}

WorkPool::~WorkPool() {
  for (auto& helper : helpers_) helper.request_stop();
  helpers_.clear();
}

void WorkPool::run(std::size_t parts, const std::function<void(std::size_t)>& work) {
  if (helpers_.empty() || parts < 2) {
    for (std::size_t i = 0; i < parts; ++i) work(i);
    return;
  }
  Job job{.parts = parts, .work = work};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&job);
  for (std::size_t i = 0; i < std::min(parts - 1, helpers_.size()); ++i) wake_.notify_one();
  while (job.next < parts) job.run_one(lock);
  std::erase(waiting_, &job);
  job.finished.wait(lock, [&] { return job.done == parts; });
  if (job.failed) std::rethrow_exception(job.failed);
}

// The longest waiting goes to the back, so that several callers are helped in turn.
void WorkPool::help(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    auto* job = waiting_.front();
    waiting_.pop_front();
    if (job->next == job->parts) continue;
    if (job->next + 1 < job->parts) waiting_.push_back(job);
    job->run_one(lock);
  }
}

}  // namespace tocsin
