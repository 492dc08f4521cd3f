#include "ingest/text.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {
namespace {

constexpr std::size_t kMaxSlug = 96;
constexpr std::size_t kMaxSlugInput = 1024;

constexpr std::array<std::string_view, 10> kBlankValues{"-",  "n/a",    "na",    "null", "none",
                                                        "--", "(null)", "<nil>", "nil",  "unknown"};

// "SSHBrute" breaks before 'B', "aName" before 'N', "EC2Instance" before 'I'.
bool starts_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_upper(text[at])) return false;
  const char before = text[at - 1];
  if (is_lower(before)) return true;
  const bool lower_follows = at + 1 < text.size() && is_lower(text[at + 1]);
  return (is_upper(before) || is_digit(before)) && lower_follows;
}

// Numbers, ids and long hex differ from one repeat to the next; "ms17", "x64" and "win32" do not.
bool varies(std::string_view word) {
  const auto digits = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_digit));
  const bool all_hex = std::all_of(word.begin(), word.end(), is_hex);
  return digits == word.size() || (all_hex && digits > 0 && word.size() >= 4) || digits >= 6;
}

void append_word(std::string& out, std::string_view word) {
  if (!out.empty()) out += '_';
  for (const char c : word) out += lower(c);
}

template <class Keep>
std::string join_words(std::string_view text, bool split_camel, Keep keep) {
  text = text.substr(0, kMaxSlugInput);
  std::string out;
  out.reserve(std::min(text.size() + 8, kMaxSlug));
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && !is_alnum(text[at])) ++at;
    const auto start = at;
    while (at < text.size() && is_alnum(text[at]) && !(split_camel && at > start && starts_word(text, at)))
      ++at;
    const auto word = text.substr(start, at - start);
    if (word.empty() || !keep(word)) continue;
    if (out.size() + word.size() + 1 > kMaxSlug) break;
    append_word(out, word);
  }
  return out;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank_value(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() > 7) return false;
  return std::any_of(kBlankValues.begin(), kBlankValues.end(),
                     [&](std::string_view blank) { return equal_ignoring_case(text, blank); });
}

std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::string slug(std::string_view text) {
  return join_words(text, true, [](std::string_view) { return true; });
}

std::string slug_of_title(std::string_view title) {
  return join_words(title, false, [](std::string_view word) { return !varies(word); });
}

}  // namespace tocsin::ingest
