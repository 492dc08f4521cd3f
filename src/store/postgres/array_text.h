#pragma once
// A list of values as the text of a PostgreSQL array, to be bound as one parameter and cast:
// ?1::text::int8[].

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::store {

class ArrayText {
 public:
  template <class Number>
  void number(Number value) {
    std::array<char, 32> digits;  // of a double: the fewest that read back as the same
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    next().append(digits.data(), end);
  }
  // Bytes that PostgreSQL does not take as text are made portable when the whole is bound.
  void text(std::string_view value) {
    auto& out = next();
    out += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  void optional_text(const std::optional<std::string>& value) {
    if (value) return text(*value);
    next() += "NULL";
  }
  // For decode(…, 'hex').
  template <class Bytes>
  void hex(const Bytes& bytes) {
    auto& out = next();
    out += '"';
    for (const auto byte : bytes) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += kDigits[byte >> 4U & 15U];
      out += kDigits[byte & 15U];
    }
    out += '"';
  }

  std::string str() const { return elements_ + '}'; }

 private:
  std::string& next() {
    if (elements_.size() > 1) elements_ += ',';
    return elements_;
  }

  std::string elements_ = "{";
};

}  // namespace tocsin::store
