#include "base/token_bucket.h"

#include <algorithm>

namespace tocsin {
namespace {

using Seconds = std::chrono::duration<double>;

}  // namespace

TokenBucket::TokenBucket(double per_second, double burst, Time now)
    : per_second_(std::max(per_second, 1e-3)),
      burst_(std::max(burst, 1.0)),
      tokens_(burst_),
      counted_at_(now) {}

std::optional<TokenBucket::Time> TokenBucket::take(Time now) {
  if (now < counted_at_) return counted_at_;  // paused
  tokens_ = std::min(burst_, tokens_ + Seconds(now - counted_at_).count() * per_second_);
  counted_at_ = now;
  // A hair less than one counts, so that who comes at the time it was told does not come too early.
  if (tokens_ < 1.0 - 1e-6) {
    return now + std::chrono::ceil<std::chrono::milliseconds>(Seconds((1.0 - tokens_) / per_second_));
  }
  tokens_ = std::max(0.0, tokens_ - 1.0);
  return std::nullopt;
}

void TokenBucket::pause(Time until) {
  if (until <= counted_at_) return;
  counted_at_ = until;
  tokens_ = 1.0;
}

}  // namespace tocsin
