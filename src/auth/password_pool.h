#pragma once
// The only threads on which passwords are hashed. Small and bounded, so that a flood of sign-ins waits here
// or is turned away, while the threads that serve everybody else go on.

#include <chrono>
#include <functional>
#include <memory>

#include "base/result.h"

namespace tocsin::auth {

struct PasswordPoolOptions {
  std::size_t threads = 2;   // 1..8; each needs the memory of one hash
  std::size_t waiting = 32;  // beyond it kBusy; 32 at 75 ms on two threads wait 1.2 s at most
};

// Thread-safe.
class PasswordPool {
 public:
  explicit PasswordPool(PasswordPoolOptions options = {});
  // Stops, and waits for the work that runs.
  ~PasswordPool();
  PasswordPool(const PasswordPool&) = delete;
  PasswordPool& operator=(const PasswordPool&) = delete;

  // Runs `work` on one of the threads, in order of arrival. kBusy when too many wait: answer 429. `work` must
  // not throw and must not wait for other work of the pool.
  Result<void> submit(std::function<void()> work);

  // Nothing more starts, what waits is dropped unrun. Does not wait.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::auth
