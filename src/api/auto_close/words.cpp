#include "api/auto_close/words.h"

#include <cmath>

#include "base/json_text.h"

namespace tocsin::api {

std::string number_text(double number) {
  std::string text;
  append_json_number(text, std::round(number * 1000) / 1000);
  return text;
}

std::string percent_text(double share) {
  return number_text(share * 100) + " %";
}

std::string refusal_text(const triage::Choice& choice, const triage::Promise& promise) {
  std::string text = std::to_string(choice.needed) +
                     " more decided alerts are needed: alerts of low or medium severity that people called "
                     "true positive, each in an incident or at a moment of its own. There are " +
                     std::to_string(choice.real);
  if (choice.missed > 0) {
    text += ", and the machine was nearly sure that " + std::to_string(choice.missed) +
            " of them were nothing, which asks for more than it would otherwise";
  }
  return text + ". With that many it can be vouched that at most " + percent_text(promise.missed) +
         " of what is real is closed, with a confidence of " + percent_text(promise.confidence);
}

std::string stop_text(triage::StopReason reason, const triage::Achieved& achieved,
                      const triage::Promise& promise, const AutoCloseState& state) {
  switch (reason) {
    case triage::StopReason::kMiss:
      return "People called " + std::to_string(achieved.missed) + " of " + std::to_string(achieved.real) +
             " decisions real that are closed by this policy: the missed share may be up to " +
             percent_text(achieved.upper) + ", and at most " + percent_text(promise.missed) + " was accepted";
    case triage::StopReason::kDrift:
      return "The last " + std::to_string(state.block.count()) +
             " alerts are judged unlike those before the threshold was chosen: the distance of their "
             "probabilities is " +
             number_text(state.drift) + ", and " + number_text(triage::kDriftDistance) + " is drift";
    case triage::StopReason::kReviews:
      return "Only " + std::to_string(state.reviews.decided) + " of " + std::to_string(state.reviews.due) +
             " alerts that were kept open for review were decided by a person in time: nobody can tell how "
             "good the closing is";
  }
  return {};
}

}  // namespace tocsin::api
