#include "outbound/credential.h"

namespace tocsin::outbound {
std::optional<SteadyTime> Breaker::admit(SteadyTime now) {
  if (state_ == State::kClosed) return std::nullopt;
  if (state_ == State::kOpen && now < until_) return until_;
  state_ = State::kHalfOpen;
  if (probing_) return now + limits_.open;
  probing_ = true;
  return std::nullopt;
}

void Breaker::succeeded() {
  if (state_ == State::kOpen) return;  // sent before it opened: that says nothing new
  state_ = State::kClosed;
  probing_ = false;
  failures_.clear();
}

void Breaker::failed(SteadyTime now) {
  if (state_ == State::kOpen) return;
  if (state_ == State::kHalfOpen) return open(now);
  failures_.push_back(now);
  while (failures_.front() + limits_.window < now) failures_.pop_front();
  if (failures_.size() >= limits_.failures) open(now);
}

void Breaker::undecided() {
  probing_ = false;
}

void Breaker::open(SteadyTime now) {
  state_ = State::kOpen;
  until_ = now + limits_.open;
  probing_ = false;
  failures_.clear();
}

}  // namespace tocsin::outbound
