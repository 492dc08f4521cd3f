#pragma once
// A rate with bursts. Pure: time comes from outside. Not thread-safe.

#include <chrono>
#include <optional>

namespace tocsin {

class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Starts full. At least a thousandth a second, and a burst of one.
  TokenBucket(double per_second, double burst, Time now);

  // Takes one token, or says when there will be one.
  std::optional<Time> take(Time now);

  // No tokens before `until`, and one then: the other side said when to come back.
  void pause(Time until);

 private:
  double per_second_;
  double burst_;
  double tokens_;
  Time counted_at_;
};

}  // namespace tocsin
