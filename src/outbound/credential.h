#pragma once
// What one credential may still do: its rate (token bucket) and its health (circuit breaker). Pure: time
// comes from outside. Not thread-safe.

#include <deque>
#include <optional>

#include "base/token_bucket.h"
#include "outbound/outbound.h"

namespace tocsin::outbound {

class Breaker {
 public:
  enum class State { kClosed, kOpen, kHalfOpen };
  explicit Breaker(const CredentialLimits& limits) : limits_(limits) {}

  // Absent: go on, and tell the outcome to exactly one of the three below. Else when to try again. Of those
  // who come when the time is over one is let through; the others wait for what becomes of it.
  std::optional<SteadyTime> admit(SteadyTime now);
  void succeeded();
  void failed(SteadyTime now);
  void undecided();  // it says nothing about the other side: refused by our policy, cancelled

  State state() const noexcept { return state_; }

 private:
  void open(SteadyTime now);

  CredentialLimits limits_;
  State state_ = State::kClosed;
  bool probing_ = false;
  SteadyTime until_{};
  std::deque<SteadyTime> failures_;  // within the window; at most limits_.failures
};

struct Credential {
  Credential(const CredentialLimits& limits, SteadyTime now)
      : bucket(limits.per_second, limits.burst, now), breaker(limits) {}
  TokenBucket bucket;
  Breaker breaker;
  std::size_t users = 0;  // requests not finished
};

}  // namespace tocsin::outbound
