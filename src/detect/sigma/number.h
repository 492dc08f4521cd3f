#pragma once
// Numbers of rules and events.

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace tocsin::detect::sigma {

// Whole numbers exactly; all others, and those beyond 64 bits, as the nearest double.
using Number = std::variant<std::int64_t, double>;

// A decimal number and nothing else: "42", "-1.5e3". No blanks, no "+", no hexadecimal, no "inf".
std::optional<Number> parse_number(std::string_view decimal);

// A whole number and a fraction are compared as doubles.
std::partial_ordering compare(const Number& a, const Number& b);

}  // namespace tocsin::detect::sigma
