#pragma once
// Regular expressions of rules, in linear time: what RE2 accepts, and what can be rewritten for it without
// changing which texts match.
//
// Rules are written for several engines. Accepted beside RE2's own syntax: escaped punctuation (`\/`, `\"`),
// `(?<name>…)`, `\h`, `\e`, `\Z`, `\uXXXX`; a lookahead that ends the expression and a lookbehind that begins
// it, for which it is enough that the text is there. Refused with the reason: other lookaround,
// back-references, possessive and atomic groups, which need backtracking.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/sigma/position.h"

namespace re2 {
class RE2;
}

namespace tocsin::detect::sigma {

struct RegexFlags {
  bool ignore_case = false;  // |i
  bool multi_line = false;   // |m: ^ and $ match at line ends
  bool dot_all = false;      // |s: . matches a newline
  bool operator==(const RegexFlags&) const = default;
};

struct Regex {
  std::string pattern;  // RE2 syntax, without `flags`; found anywhere in a value unless it is anchored itself
  RegexFlags flags;
  std::vector<std::string> needs;  // one of them is in every folded text that matches; empty: not known
  std::shared_ptr<const re2::RE2> program;  // never null; safe to share between threads
  bool operator==(const Regex& other) const { return pattern == other.pattern && flags == other.flags; }
};

Result<Regex> compile_regex(std::string_view pattern, RegexFlags flags, Position at);

bool matches(const Regex& regex, std::string_view value);

}  // namespace tocsin::detect::sigma
