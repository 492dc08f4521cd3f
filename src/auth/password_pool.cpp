#include "auth/password_pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/queue.h"
#include "base/this_thread.h"

namespace tocsin::auth {

struct PasswordPool::State {
  explicit State(std::size_t capacity) : queue(capacity) {}

  void run() {
    name_this_thread("passwords");
    while (!stopping) {
      const auto work = queue.pop(std::chrono::milliseconds(500));
      if (work && !stopping) (*work)();
      if (!work && queue.closed()) return;
    }
  }

  BoundedQueue<std::function<void()>> queue;
  std::atomic<bool> stopping{false};
  std::vector<std::jthread> threads;
};

PasswordPool::PasswordPool(PasswordPoolOptions options) : state_(std::make_unique<State>(options.waiting)) {
  const auto count = std::clamp<std::size_t>(options.threads, 1, 8);
  for (std::size_t i = 0; i < count; ++i)
    state_->threads.emplace_back([state = state_.get()] { state->run(); });
}

PasswordPool::~PasswordPool() {
  stop();
}

void PasswordPool::stop() {
  state_->stopping = true;
  state_->queue.close();
}

Result<void> PasswordPool::submit(std::function<void()> work) {
  if (state_->queue.try_push(std::move(work))) return {};
  return error(ErrorKind::kBusy, "check password", "too many sign-ins wait", "try again in a few seconds");
}

}  // namespace tocsin::auth
