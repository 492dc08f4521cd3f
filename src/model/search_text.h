#pragma once
// Words of an alert for full-text search, and of a question. One function makes both, so that they agree:
// lower case, cut at blanks and control characters, stripped of punctuation at both ends; a word with
// punctuation inside
// ("alice@corp.example", "10.0.0.1", "c:\windows\cmd.exe") counts whole and by its parts.

#include <string>
#include <string_view>
#include <vector>

#include "model/alert.h"

namespace tocsin::model {

constexpr std::size_t kWordBytes = 64;            // longer words are cut
constexpr std::size_t kSearchedBytes = 8U << 10;  // of one alert's text
constexpr std::size_t kQuestionWords = 16;

// Words separated by blanks, with one at both ends: " ssh brute-force brute force ".
std::string search_words(const Alert& alert);

struct SearchQuestion {
  std::vector<std::string> words;  // all must be there; the last one may go on (a prefix)
  bool prefix = true;

  bool empty() const { return words.empty(); }
  // For FTS5: quoted words only, so that nothing in them is syntax.
  std::string to_match() const;
  // The same question asked of search_words().
  bool matches(std::string_view searched) const;
};

SearchQuestion parse_question(std::string_view text);
// An exact value, such as an entity's: as parse_question, with no prefix.
SearchQuestion exact_question(std::string_view value);

}  // namespace tocsin::model
