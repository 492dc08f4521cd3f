#include <charconv>
#include <cmath>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ingest/json_scan.h"

// The slow, exact look at a text that the fast parser refused.

namespace tocsin::ingest {
namespace {

class Checker {
 public:
  Checker(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  JsonFault run() {
    skip();
    while (fault_.message.empty()) {
      if (expect_ == Expect::kEnd) {
        if (at_ < text_.size()) fail("text after the end of the value");
        break;
      }
      step();
      skip();
    }
    return fault_;
  }

 private:
  enum class Expect { kValue, kValueOrClose, kKey, kKeyOrClose, kColon, kCommaOrClose, kEnd };

  void fail(const char* message) {
    if (fault_.message.empty())
      fault_ = {at_, at_ >= text_.size() ? "the text ends in the middle of a value" : message};
  }
  void skip() { at_ = skip_space(text_, at_); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool in_object() const { return !stack_.empty() && stack_.back() == '}'; }
  void after_value() { expect_ = stack_.empty() ? Expect::kEnd : Expect::kCommaOrClose; }

  void step() {
    switch (expect_) {
      case Expect::kValue:
        return value();
      case Expect::kValueOrClose:
        return peek() == ']' ? close() : value();
      case Expect::kKeyOrClose:
        return peek() == '}' ? close() : key();
      case Expect::kKey:
        return key();
      case Expect::kColon:
        return colon();
      case Expect::kCommaOrClose:
        return comma_or_close();
      case Expect::kEnd:
        return;
    }
  }

  void key() {
    if (peek() != '"') return fail("expected a member name in double quotes");
    string();
    expect_ = Expect::kColon;
  }
  void colon() {
    if (peek() != ':') return fail("expected ':'");
    ++at_;
    expect_ = Expect::kValue;
  }
  void comma_or_close() {
    if (peek() == stack_.back()) return close();
    if (peek() != ',') return fail("expected ',' or the closing bracket");
    ++at_;
    expect_ = in_object() ? Expect::kKey : Expect::kValue;
  }
  void close() {
    ++at_;
    stack_.pop_back();
    after_value();
  }
  void open(char closing, Expect next) {
    if (stack_.size() >= max_depth_) return fail("nested too deep");
    stack_.push_back(closing);
    ++at_;
    expect_ = next;
  }

  void value() {
    const char c = peek();
    if (c == '{') return open('}', Expect::kKeyOrClose);
    if (c == '[') return open(']', Expect::kValueOrClose);
    if (c == '"') {
      string();
    } else if (c == '-' || is_digit(c)) {
      number();
    } else {
      word();
    }
    after_value();
  }

  void string() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return fail("a control character inside a string");
      if (text_[at_] == '\\') {
        escape();
      } else {
        const auto length = utf8_length_at(text_, at_);
        if (length == 0) return fail("invalid UTF-8");
        at_ += length;
      }
      if (!fault_.message.empty()) return;
    }
    if (at_ >= text_.size()) return fail("");
    ++at_;
  }

  void escape() {
    ++at_;
    const char c = peek();
    if (c != 'u') {
      if (at_ >= text_.size() || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
        return fail("an unknown escape inside a string");
      }
      ++at_;
      return;
    }
    const unsigned unit = hex_unit();
    if (unit >= 0xDC00 && unit <= 0xDFFF) return fail("half of a surrogate pair");
    if (unit < 0xD800 || unit > 0xDBFF) return;
    if (peek() != '\\' || at_ + 1 >= text_.size() || text_[at_ + 1] != 'u')
      return fail("half of a surrogate pair");
    ++at_;
    const unsigned low = hex_unit();
    if (low < 0xDC00 || low > 0xDFFF) fail("half of a surrogate pair");
  }

  // Reads "uXXXX"; stands at 'u'.
  unsigned hex_unit() {
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (!is_hex(peek())) {
        fail("expected four hex digits after \\u");
        return 0;
      }
      const char c = peek();
      unit = unit * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    ++at_;
    return unit;
  }

  void digits() {
    if (!is_digit(peek())) return fail("not a number");
    while (is_digit(peek())) ++at_;
  }
  void number() {
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
      if (is_digit(peek())) return fail("a number with a leading zero");
    } else {
      digits();
    }
    if (peek() == '.') {
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
  }

  void word() {
    for (const std::string_view name : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(name)) {
        at_ += name.size();
        return;
      }
    }
    fail("expected a value");
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  Expect expect_ = Expect::kValue;
  std::vector<char> stack_;  // the closing brackets that are due
  JsonFault fault_;
};

bool fits_a_double(std::string_view number) {
  double value = 0;
  const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (code != std::errc() || !std::isfinite(value)) return false;
  // An integer of 20 digits or more would silently lose its last ones.
  return number.size() < 19 || number.find_first_of(".eE") != std::string_view::npos;
}

}  // namespace

JsonFault find_json_fault(std::string_view text, std::size_t max_depth) {
  return Checker(text, max_depth).run();
}

std::string quote_huge_numbers(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool starts_number = c == '-' || is_digit(c);
    const auto end = c == '"' || starts_number ? skip_value(text, at) : at + 1;
    if (end == kNotFound) return out.append(text, at);
    const auto token = text.substr(at, end - at);
    const bool huge = starts_number && !fits_a_double(token);
    if (huge) out += '"';
    out += token;
    if (huge) out += '"';
    at = end;
  }
  return out;
}

}  // namespace tocsin::ingest
