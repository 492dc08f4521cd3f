#include "detect/sigma/regex.h"

#include <re2/re2.h>

#include <array>
#include <optional>

#include "detect/sigma/regex_literals.h"

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxPatternBytes = 16'384;
constexpr std::int64_t kMaxProgramBytes = 4 << 20;  // of compiled states, for one expression

struct Group {
  std::string_view opening;
  std::string_view reason;  // why it is refused
};
constexpr std::string_view kLookaround =
    "looks ahead or behind, which cannot be matched in linear time (only a lookahead that ends the "
    "expression and a "
    "lookbehind that begins it can be rewritten)";
constexpr std::array<Group, 9> kRefusedGroups = {{
    {"(?=", kLookaround},
    {"(?!", kLookaround},
    {"(?<=", kLookaround},
    {"(?<!", kLookaround},
    {"(?>", "has an atomic group, which cannot be matched in linear time"},
    {"(?(", "has a conditional group, which cannot be matched in linear time"},
    {"(?R", "calls itself, which cannot be matched in linear time"},
    {"(?P=", "refers back to a group, which cannot be matched in linear time"},
    {"(?P>", "calls a group, which cannot be matched in linear time"},
}};

struct Escape {
  char letter;
  std::string_view outside;   // what RE2 calls it
  std::string_view in_class;  // between [ and ]; "" : as outside
};
constexpr std::array<Escape, 4> kEscapes = {{
    {'h', "[ \\t]", " \\t"},
    {'e', "\\x1b", ""},
    {'Z', "(?:\\n?\\z)", ""},
    {'R', "(?:\\r\\n|\\n|\\r)", ""},
}};

// Walks over an expression as far as telling its groups, classes and escapes apart needs.
class Translator {
 public:
  Translator(std::string_view pattern, Position at) : pattern_(pattern), at_(at) {}

  Result<std::string> run() {
    open_edges();
    while (next_ < pattern_.size()) {
      if (auto wrong = step()) return *std::move(wrong);
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return pattern_.substr(next_); }

  std::optional<Error> refuse(std::string_view reason) const {
    return fault(at_, "the regular expression " + std::string(reason) + " (at its character " +
                          std::to_string(next_ + 1) + ")");
  }

  void copy(std::size_t length) {
    out_ += pattern_.substr(next_, length);
    next_ += length;
  }
  void replace(std::size_t length, std::string_view by) {
    out_ += by;
    next_ += length;
  }

  std::optional<Error> step() {
    const char c = pattern_[next_];
    if (c == '\\') return escape();
    if (in_class_) {
      class_step(c);
      return {};
    }
    if (c == '[') {
      open_class();
      return {};
    }
    if (c == '(') return open_group();
    const bool possessive = c == '+' && next_ > 0 && quantified_;
    if (possessive) return refuse("has a possessive quantifier, which cannot be matched in linear time");
    quantified_ = c == '*' || c == '+' || c == '?' || c == '}';
    copy(1);
    return {};
  }

  void class_step(char c) {
    if (rest().starts_with("[:")) {
      const auto end = rest().find(":]");
      if (end != std::string_view::npos) return copy(end + 2);
    }
    in_class_ = c != ']';
    // Elsewhere a bare [ stands for itself inside a class.
    c == '[' ? replace(1, "\\[") : copy(1);
  }

  void open_class() {
    in_class_ = true;
    quantified_ = false;
    copy(rest().starts_with("[^") ? 2 : 1);
    if (rest().starts_with("]")) replace(1, "\\]");  // as the first it does not close
  }

  std::optional<Error> open_group() {
    quantified_ = false;
    if (next_ == lookbehind_ || next_ == lookahead_) {
      replace(next_ == lookbehind_ ? 4 : 3, "(?:");
      return {};
    }
    for (const auto& group : kRefusedGroups) {
      if (rest().starts_with(group.opening)) return refuse(group.reason);
    }
    if (rest().starts_with("(?<")) {
      replace(3, "(?P<");
    } else {
      copy(1);
      if (rest().starts_with("?")) copy(1);  // part of the opening, no quantifier
    }
    return {};
  }

  std::optional<Error> escape() {
    quantified_ = false;
    if (rest().size() < 2) return refuse("ends with a lone backslash");
    const char letter = rest()[1];
    if (!in_class_ && ((letter >= '1' && letter <= '9') || letter == 'k' || letter == 'g'))
      return refuse("refers back to a group, which cannot be matched in linear time");
    if (letter == 'u' && rest().size() >= 6) {
      replace(6, "\\x{" + std::string(rest().substr(2, 4)) + "}");
      return {};
    }
    for (const auto& known : kEscapes) {
      if (known.letter != letter) continue;
      replace(2, in_class_ && !known.in_class.empty() ? known.in_class : known.outside);
      return {};
    }
    copy(2);
    return {};
  }

  // A search asks only whether the text is there. So what a lookahead at the very end asks for may be matched
  // itself, and the same holds for a lookbehind at the very start, as long as no alternative stands beside
  // them.
  void open_edges();

  std::string_view pattern_;
  Position at_;
  std::size_t next_ = 0;
  std::string out_;
  bool in_class_ = false;
  bool quantified_ = false;
  std::size_t lookahead_ = std::string_view::npos;  // where the group starts that may be opened
  std::size_t lookbehind_ = std::string_view::npos;
};

struct Outline {
  bool has_top_alternative = false;
  std::size_t last_group = std::string_view::npos;  // start of the top-level group that ends the expression
};

Outline outline_of(std::string_view pattern) {
  Outline outline;
  std::size_t open = 0;
  int depth = 0;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(') {
      if (depth++ == 0) open = at;
    } else if (c == ')' && --depth == 0 && at + 1 == pattern.size()) {
      outline.last_group = open;
    } else if (c == '|' && depth == 0) {
      outline.has_top_alternative = true;
    }
  }
  return outline;
}

void Translator::open_edges() {
  const auto outline = outline_of(pattern_);
  if (outline.has_top_alternative) return;
  if (pattern_.starts_with("(?<=")) lookbehind_ = 0;
  if (outline.last_group != std::string_view::npos && pattern_.substr(outline.last_group).starts_with("(?="))
    lookahead_ = outline.last_group;
}

bool repeats_without_end(std::string_view quantifier) {
  if (quantifier.starts_with('*') || quantifier.starts_with('+')) return true;
  if (!quantifier.starts_with('{')) return false;
  const auto end = quantifier.find_first_not_of("0123456789", 1);
  return end != std::string_view::npos && end > 1 && quantifier.substr(end).starts_with(",}");
}

// The flags that `(?ims)` before anything else sets; empty when there are none.
std::string_view inline_flags(std::string_view pattern) {
  if (!pattern.starts_with("(?")) return {};
  const auto end = pattern.find_first_not_of("ims", 2);
  return end != std::string_view::npos && pattern[end] == ')' ? pattern.substr(2, end - 2)
                                                              : std::string_view();
}

// What begins with any number of any characters is found in a line if it is found from the line's start. Said
// so, a search does not have to follow it from every character on: `.{1000,}` costs a state each.
std::string from_line_start(std::string pattern, RegexFlags flags) {
  if (outline_of(pattern).has_top_alternative) return pattern;
  const auto inlined = inline_flags(pattern);
  const auto begin = inlined.empty() ? 0 : inlined.size() + std::string_view("(?)").size();
  const std::string_view rest = std::string_view(pattern).substr(begin);
  if (!rest.starts_with('.') || !repeats_without_end(rest.substr(1))) return pattern;
  const bool dot_all = flags.dot_all || inlined.find('s') != std::string_view::npos;
  return pattern.insert(begin, dot_all ? "\\A" : "(?m:^)");
}

std::string with_flags(const std::string& pattern, RegexFlags flags) {
  std::string letters;
  if (flags.ignore_case) letters += 'i';
  if (flags.multi_line) letters += 'm';
  if (flags.dot_all) letters += 's';
  return letters.empty() ? pattern : "(?" + letters + ")" + pattern;
}

}  // namespace

Result<Regex> compile_regex(std::string_view pattern, RegexFlags flags, Position at) {
  if (pattern.size() > kMaxPatternBytes)
    return fault(at, "the regular expression is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
  TOCSIN_TRY(source, Translator(pattern, at).run());
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  const auto whole = with_flags(from_line_start(source, flags), flags);
  auto program = std::make_shared<const re2::RE2>(whole, options);
  if (!program->ok()) return fault(at, "the regular expression cannot be read: " + program->error());
  return Regex{std::move(source), flags, needed_literals(whole), std::move(program)};
}

bool matches(const Regex& regex, std::string_view value) {
  return re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *regex.program);
}

}  // namespace tocsin::detect::sigma
