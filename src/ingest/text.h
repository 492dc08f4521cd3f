#pragma once
// Small, allocation-free helpers on ASCII and on names; everything else passes through untouched.

#include <string>
#include <string_view>

namespace tocsin::ingest {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_alpha(char c) {
  return is_upper(c) || is_lower(c);
}
constexpr bool is_alnum(char c) {
  return is_alpha(c) || is_digit(c);
}
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
constexpr char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view lower_case_part);
// True for what tools write where nothing is: "", "-", "N/A", "null", "none", "unknown", "(null)", "<nil>".
bool is_blank_value(std::string_view text);

// Takes the part up to `separator` off the front of `rest`; all of it when there is none.
std::string_view take_until(std::string_view& rest, char separator);

// snake_case family name from a title or a vendor's type: words of letters and digits, CamelCase split
// ("UnauthorizedAccess:EC2/SSHBruteForce" gives "unauthorized_access_ec2_ssh_brute_force"). At most 96
// characters.
std::string slug(std::string_view text);
// As slug, but without the words that vary between repeats: numbers, addresses, ids, long hex.
std::string slug_of_title(std::string_view title);

}  // namespace tocsin::ingest
