#pragma once
// A question cut into words, each of which is used at most once.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "copilot/ask.h"

namespace tocsin::copilot {

struct Word {
  std::string text;   // without quotes and the punctuation around it
  std::string lower;  // ASCII lower case
  bool quoted = false;
  bool used = false;
};

std::vector<Word> split_words(std::string_view question);

// The phrase (lower-case words, a last '*' lets the last word go on) at `at`; how many words it takes, 0: not
// there. Quoted words are values, never vocabulary.
std::size_t phrase_at(const std::vector<Word>& words, std::size_t at, std::string_view phrase);
bool take_phrase(std::vector<Word>& words, std::string_view phrase);  // marks every occurrence as used

// "last 24 hours", "past week", "7d", "today", "since yesterday", "since 2026-01-04", "on 2026-01-04": marks
// its words.
std::optional<TimeSpan> take_time(std::vector<Word>& words);

// What a word is by its shape: address, hash, e-mail, URL, domain, file. Absent for a plain word.
std::optional<model::EntityKind> kind_by_shape(const Word& word);

}  // namespace tocsin::copilot
