#include "detect/sigma/number.h"

#include <charconv>

#include "base/ascii.h"

namespace tocsin::detect::sigma {
namespace {

template <class T>
std::optional<Number> parse_all(std::string_view text) {
  T value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Number(value);
}

double as_double(const Number& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

}  // namespace

std::optional<Number> parse_number(std::string_view decimal) {
  const auto digits = decimal.substr(decimal.starts_with('-') ? 1 : 0);
  if (digits.empty() || !is_digit(digits.front())) return std::nullopt;  // from_chars knows "inf" and ".5"
  if (const auto whole = parse_all<std::int64_t>(decimal)) return whole;
  return parse_all<double>(decimal);
}

std::partial_ordering compare(const Number& a, const Number& b) {
  const auto* whole_a = std::get_if<std::int64_t>(&a);
  const auto* whole_b = std::get_if<std::int64_t>(&b);
  if (whole_a != nullptr && whole_b != nullptr) return *whole_a <=> *whole_b;
  return as_double(a) <=> as_double(b);
}

}  // namespace tocsin::detect::sigma
