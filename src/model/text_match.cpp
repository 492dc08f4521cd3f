#include "model/text_match.h"

#include <algorithm>

#include "base/ascii.h"

namespace tocsin::model {
namespace {

bool same_letter(char a, char b) {
  return lower(a) == lower(b);
}

bool has_part(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) != text.end() ||
         part.empty();
}

// The literal character of a pattern at `at`, which moves behind it.
char literal_at(std::string_view pattern, std::size_t& at) {
  if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
  return pattern[at++];
}

}  // namespace

bool minds_case(Field field) {
  switch (field) {
    case Field::kId:
    case Field::kSource:
    case Field::kSourceId:
    case Field::kType:
    case Field::kAssignee:
    case Field::kIncident:
    case Field::kFingerprint:
      return true;
    default:
      return false;
  }
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, in_text = 0;
  std::size_t after_star = std::string_view::npos, retry = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      after_star = ++at;
      retry = in_text;
      continue;
    }
    auto next = at;
    if (at < pattern.size() && same_letter(literal_at(pattern, next), text[in_text])) {
      at = next;
      ++in_text;
      continue;
    }
    if (after_star == std::string_view::npos) return false;
    at = after_star;  // the last star takes one character more
    in_text = ++retry;
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

TextTest::TextTest(const Test& test) : field_(test.field), how_(test.how) {
  for (const auto& operand : test.values) {
    const auto* text = std::get_if<std::string>(&operand);
    if (text == nullptr) continue;
    if (how_ == Comparison::kInNetwork) {
      if (const auto network = parse_network(*text)) networks_.push_back(*network);
    } else {
      values_.push_back(minds_case(field_) ? *text : to_lower(*text));
    }
  }
}

bool TextTest::equals(const std::string& value, std::string_view text) const {
  if (minds_case(field_)) return text == value;
  if (equal_ignoring_case(text, value)) return true;
  return field_ == Field::kTechnique && text.size() > value.size() && text[value.size()] == '.' &&
         equal_ignoring_case(text.substr(0, value.size()), value);
}

bool TextTest::passes(std::string_view text) const {
  const auto any = [&](auto passes_one) { return std::any_of(values_.begin(), values_.end(), passes_one); };
  switch (how_) {
    case Comparison::kEquals:
      return any([&](const std::string& value) { return equals(value, text); });
    case Comparison::kMatches:
      return any([&](const std::string& value) { return matches_pattern(value, text); });
    case Comparison::kContains:
      return any([&](const std::string& value) { return has_part(text, value); });
    case Comparison::kInNetwork: {
      const auto address = parse_address(text);
      return address && std::any_of(networks_.begin(), networks_.end(),
                                    [&](const Network& network) { return contains(network, *address); });
    }
    case Comparison::kExists:
      return !text.empty();
    case Comparison::kInRange:
      return false;
  }
  return false;
}

}  // namespace tocsin::model
