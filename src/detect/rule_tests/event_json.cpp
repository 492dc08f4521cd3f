#include "detect/rule_tests/event_json.h"

#include <array>
#include <charconv>

#include "base/ascii.h"
#include "base/json_text.h"

namespace tocsin::detect {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// "0o17", "0x1f"
bool append_based(std::string& out, std::string_view text) {
  const int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 0;
  if (base == 0) return false;
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  if (fault != std::errc() || end != text.data() + text.size() || text[2] == '-') return false;
  append_json_number(out, value);
  return true;
}

// [-+]? ( "." digits | digits ( "." digits? )? ) ( [eE] [-+]? digits )?
bool is_decimal(std::string_view text) {
  const auto skip_digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    text.remove_prefix(count);
    return count;
  };
  const auto skip_one_of = [&text](std::string_view signs) {
    const bool there = !text.empty() && signs.find(text.front()) != std::string_view::npos;
    if (there) text.remove_prefix(1);
    return there;
  };
  skip_one_of("+-");
  const auto whole = skip_digits();
  const auto fraction = skip_one_of(".") ? skip_digits() : 0;
  if (whole + fraction == 0) return false;
  if (skip_one_of("eE")) {
    skip_one_of("+-");
    if (skip_digits() == 0) return false;
  }
  return text.empty();
}

bool append_decimal(std::string& out, std::string_view text) {
  if (!is_decimal(text)) return false;
  if (text.front() == '+') text.remove_prefix(1);
  std::int64_t whole = 0;
  const auto* const last = text.data() + text.size();
  if (const auto [end, fault] = std::from_chars(text.data(), last, whole);
      fault == std::errc() && end == last) {
    append_json_number(out, whole);
    return true;
  }
  double value = 0;
  if (const auto [end, fault] = std::from_chars(text.data(), last, value);
      fault != std::errc() || end != last)
    return false;
  append_json_number(out, value);
  return true;
}

void append_scalar(std::string& out, const sigma::Yaml& value) {
  const std::string_view text = value.text;
  if (!value.quoted) {
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
      out += "null";
      return;
    }
    if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
      out += to_lower(text);
      return;
    }
    if (append_based(out, text) || append_decimal(out, text)) return;
  }
  append_json_string(out, text);
}

void append(std::string& out, const sigma::Yaml& value) {
  if (value.is_map()) {
    out += '{';
    for (const auto& member : value.members) {
      if (&member != &value.members.front()) out += ',';
      append_json_string(out, member.key);
      out += ':';
      append(out, member.value);
    }
    out += '}';
  } else if (value.is_list()) {
    out += '[';
    for (const auto& item : value.items) {
      if (&item != &value.items.front()) out += ',';
      append(out, item);
    }
    out += ']';
  } else if (value.is_scalar()) {
    append_scalar(out, value);
  } else {
    out += "null";
  }
}

}  // namespace

std::string to_json(const sigma::Yaml& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace tocsin::detect
