#pragma once
// Sentences about closing by a stated bound.

#include <string>

#include "api/auto_close/policy.h"

namespace tocsin::api {

std::string number_text(double number);  // at most three digits behind the point: "0.81"
std::string percent_text(double share);  // "1 %", "0.5 %"
// Why there is no threshold: what is missing for the promise.
std::string refusal_text(const triage::Choice& choice, const triage::Promise& promise);
std::string stop_text(triage::StopReason reason, const triage::Achieved& achieved,
                      const triage::Promise& promise, const AutoCloseState& state);

}  // namespace tocsin::api
