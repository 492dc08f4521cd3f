#pragma once
// Looks names up beside the client's thread, since getaddrinfo blocks.

#include <functional>
#include <thread>

#include "base/queue.h"
#include "outbound/outbound.h"

namespace tocsin::outbound {

using Addresses = Result<std::vector<Address>>;

class ResolverPool {
 public:
  using Done = std::function<void(Addresses)>;  // on a thread of the pool; must not throw

  ResolverPool(std::shared_ptr<Resolver> resolver, std::size_t threads, std::size_t max_queued);
  ~ResolverPool();  // waits for the lookups under way; forgets those that wait
  ResolverPool(const ResolverPool&) = delete;
  ResolverPool& operator=(const ResolverPool&) = delete;

  // False when too many wait; `done` is then not called.
  bool look_up(std::string host, Done done);

 private:
  struct Task {
    std::string host;
    Done done;
  };
  void work();

  std::shared_ptr<Resolver> resolver_;
  BoundedQueue<Task> tasks_;
  std::atomic<bool> stopping_{false};
  std::vector<std::jthread> threads_;
};

}  // namespace tocsin::outbound
