#pragma once
// From characters to words, signs and quotes. Internal to the query module.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::query {

// A word as it was written. Outside of quotes * is a wildcard and a backslash stands for itself, so that
// paths need no care; quotes may surround a part of a word (*"failed login"*), and inside of them \" and
// \\ are escapes.
struct Word {
  std::string plain;    // without quotes and escapes; wildcards as *
  std::string pattern;  // as model::Comparison::kMatches wants it
  std::size_t stars = 0;
  bool quoted = false;  // all of it
  std::size_t at = 0;   // byte where it starts
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool skip_blanks();  // false at the end
  bool at_end() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  void go_back(std::size_t at) { at_ = at; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(std::string_view sign);  // exactly these characters
  // An operator word in capitals that stands alone.
  bool take_operator(std::string_view name);
  // A name of lower-case letters and underscores, not consumed.
  std::string_view peek_name() const;
  // To a blank, a closing parenthesis that was not opened inside, or a comma when `commas`.
  Result<Word> word(bool commas);

  Error wrong(std::size_t at, std::string what, std::string hint = {}) const;

 private:
  Result<void> quoted_part(Word& word);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tocsin::query
