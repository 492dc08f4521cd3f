#pragma once
// What people and tools call the outcome of an alert, as one of our verdicts. Pure.

#include <optional>
#include <string_view>

#include "model/names.h"

namespace tocsin::ingest {

// "True Positive - Suspicious Activity", "BenignPositive", "FP", "closed as false alarm", "disposition:3" …
// kUndecided for words that say that nobody knows ("Undetermined", "Duplicated"); absent for every other
// text. docs/history-import.md lists the words.
std::optional<model::Verdict> verdict_of_words(std::string_view text);

}  // namespace tocsin::ingest
