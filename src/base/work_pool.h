#pragma once
// A few threads that help whoever has much to compute at once. The caller takes part: with no helper free it
// does all of it, so callers never wait for each other. Not for work that blocks.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tocsin {

// Thread-safe. Nobody runs anything on it when it is destroyed.
class WorkPool {
 public:
  // `name`: of its threads, as name_this_thread() shows it. With no helpers run() is a loop.
  WorkPool(std::size_t helpers, const char* name);
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;
  ~WorkPool();

  // Calls work(i) for each i below `parts`, several at a time, and returns when all are done. Parts are begun
  // in order. What one of them throws is thrown on, after the others.
  void run(std::size_t parts, const std::function<void(std::size_t)>& work);

 private:
  struct Job;
  void help(const std::stop_token& stop);

  std::mutex mutex_;  // guards what follows, and the jobs in it
  std::condition_variable_any wake_;
  std::deque<Job*> waiting_;  // they have parts that nobody has begun
  std::vector<std::jthread> helpers_;
};

}  // namespace tocsin
