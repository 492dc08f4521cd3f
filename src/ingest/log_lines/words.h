#pragma once
// Steps through a line that is made of words, quoted texts and texts in brackets.

#include <algorithm>
#include <string>
#include <string_view>

#include "ingest/fields.h"
#include "ingest/ip.h"

namespace tocsin::ingest {

class LineWords {
 public:
  explicit LineWords(std::string_view line) : rest_(line) {}

  std::string_view rest() const noexcept { return rest_; }
  // The next word without the blanks around it; empty at the end.
  std::string_view word() {
    skip_blanks();
    const auto found = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(found.size());
    return found;
  }
  // Between `open` and the next `close`; false, and nothing is taken, when it does not begin so or never
  // ends.
  bool enclosed(char open, char close, std::string_view& found) {
    skip_blanks();
    if (!rest_.starts_with(open)) return false;
    const auto end = rest_.find(close, 1);
    if (end == rest_.npos) return false;
    found = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return true;
  }
  // In double quotes, which may be escaped inside.
  bool quoted(std::string& found) {
    skip_blanks();
    if (!rest_.starts_with('"')) return false;
    found.clear();
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        rest_.remove_prefix(at + 1);
        return true;
      }
      const bool escape =
          rest_[at] == '\\' && at + 1 < rest_.size() && (rest_[at + 1] == '"' || rest_[at + 1] == '\\');
      if (escape) ++at;
      found += rest_[at];
    }
    return false;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
};

inline bool is_ip(std::string_view text) {
  return parse_ip(text).has_value();
}
inline bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// Nothing where the log says "-".
inline void add_said(Fields& fields, std::string_view name, std::string_view value) {
  if (!value.empty() && value != "-") fields.add_own(name, std::string(value));
}

}  // namespace tocsin::ingest
