#pragma once
// What a plain-language question asks for, as far as words of it are known. No model: a vocabulary of event
// kinds, time words and the shapes of entities.

#include <string_view>

#include "base/result.h"
#include "copilot/ask.h"
#include "model/alert.h"

namespace tocsin::copilot {

constexpr std::size_t kMaxQuestion = 2000;  // bytes
constexpr std::size_t kMaxConditions = 20;  // values of entities

// `context` (or nullptr) gives the entities when the question names none and speaks of "this", or only of an
// event kind. kInvalidInput, with the words that were not understood, when neither an event kind nor an
// entity is recognised; also for an empty or too long question.
Result<Ask> understand(std::string_view question, const model::Alert* context);

}  // namespace tocsin::copilot
