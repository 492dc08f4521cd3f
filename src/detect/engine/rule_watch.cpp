#include "detect/engine/rule_watch.h"

#include <utility>

namespace tocsin::detect {

std::optional<Result<RuleStatePtr>> RuleWatch::look(Timestamp now) {
  if (!is_due()) return std::nullopt;
  changing_.reset();
  looks_ = 0;
  return library_.reload(now);
}

bool RuleWatch::is_due() {
  const auto seen = library_.look();
  if (seen == library_.looked()) {
    if (std::exchange(changing_, std::nullopt)) looks_ = 0;
    const auto state = library_.state();
    return (state->problem || !state->kept.empty()) && ++looks_ >= kTryAgain;
  }
  if (!changing_) looks_ = 0;
  return std::exchange(changing_, seen) == seen || ++looks_ >= kMostLooks;
}

}  // namespace tocsin::detect
