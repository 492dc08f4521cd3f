#include "model/search_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/ascii.h"

namespace tocsin::model {
namespace {

enum class Kind : std::uint8_t { kBlank, kLetter, kSeparator, kOther };

constexpr Kind kind_of_byte(unsigned char c) {
  if (c <= 0x20 || c == '"' || c == '\'' || c == 0x7F) return Kind::kBlank;
  // Bytes of multi-byte characters are letters.
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c >= 0x80) return Kind::kLetter;
  return std::string_view("/\\:@=,;|").find(static_cast<char>(c)) != std::string_view::npos ? Kind::kSeparator
                                                                                            : Kind::kOther;
}

constexpr std::array<Kind, 256> kKinds = [] {
  std::array<Kind, 256> kinds{};
  for (std::size_t c = 0; c < kinds.size(); ++c) kinds[c] = kind_of_byte(static_cast<unsigned char>(c));
  return kinds;
}();

// Objects and not functions, so that searches have them inline.
constexpr auto kind_of = [](char c) { return kKinds[static_cast<unsigned char>(c)]; };
constexpr auto ends_word = [](char c) { return kind_of(c) == Kind::kBlank; };
constexpr auto is_letter = [](char c) { return kind_of(c) == Kind::kLetter; };
constexpr auto is_separator = [](char c) { return kind_of(c) == Kind::kSeparator; };
constexpr auto ends_part = [](char c) { return kind_of(c) != Kind::kLetter; };

std::string_view stripped(std::string_view word) {
  while (!word.empty() && !is_letter(word.front())) word.remove_prefix(1);
  while (!word.empty() && !is_letter(word.back())) word.remove_suffix(1);
  return word;
}

// Cut at a character's border, so that the rest stays UTF-8.
std::string_view shortened(std::string_view word) {
  if (word.size() <= kWordBytes) return word;
  std::size_t size = kWordBytes;
  while (size > 0 && (static_cast<unsigned char>(word[size]) & 0xC0U) == 0x80U) --size;
  return word.substr(0, size);
}

// Calls for each word between blanks, lower case and stripped.
template <class Each>
void for_each_word(std::string_view text, Each each) {
  const std::string low = to_lower(text);
  std::string_view rest = low;
  while (!rest.empty()) {
    const auto end =
        static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), ends_word) - rest.begin());
    const auto word = stripped(rest.substr(0, end));
    if (!word.empty()) each(word);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void append_word(std::string& out, std::string_view word) {
  out += shortened(word);
  out += ' ';
}

// Appends what stands between the characters that `cuts` names, unless that is the whole word.
template <class Cuts>
void append_parts(std::string& out, std::string_view word, Cuts cuts) {
  const auto whole = word.size();
  while (!word.empty()) {
    const auto end = static_cast<std::size_t>(std::find_if(word.begin(), word.end(), cuts) - word.begin());
    const auto part = stripped(word.substr(0, end));
    if (part.size() > 1 && part.size() < whole) append_word(out, part);
    word.remove_prefix(std::min(end + 1, word.size()));
  }
}

// "c:\windows\cmd.exe" whole, then "windows" and "cmd.exe", then "cmd" and "exe".
void append_words(std::string& out, std::string_view text) {
  for_each_word(text, [&](std::string_view word) {
    append_word(out, word);
    if (std::none_of(word.begin(), word.end(), ends_part)) return;
    append_parts(out, word, is_separator);
    append_parts(out, word, ends_part);
  });
}

}  // namespace

std::string search_words(const Alert& alert) {
  std::string words = " ";
  append_words(words, alert.title);
  append_words(words, alert.type);
  append_words(words, alert.source);
  for (const auto& entity : alert.entities)
    append_words(words, std::string_view(entity.value).substr(0, 1024));
  if (alert.source_id) append_words(words, std::string_view(*alert.source_id).substr(0, 256));
  append_words(words, std::string_view(alert.message).substr(0, kSearchedBytes));
  return words;
}

std::string SearchQuestion::to_match() const {
  std::string match;
  for (const auto& word : words) {
    if (!match.empty()) match += " AND ";
    match += '"' + word + '"';  // a word holds no quotation mark: it is a blank to for_each_word
  }
  if (prefix && !match.empty()) match += '*';
  return match;
}

bool SearchQuestion::matches(std::string_view searched) const {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string wanted = ' ' + words[i];
    if (!prefix || i + 1 < words.size()) wanted += ' ';
    if (searched.find(wanted) == std::string_view::npos) return false;
  }
  return true;
}

SearchQuestion parse_question(std::string_view text) {
  SearchQuestion question;
  for_each_word(text.substr(0, kSearchedBytes), [&](std::string_view word) {
    if (question.words.size() < kQuestionWords) question.words.emplace_back(shortened(word));
  });
  return question;
}

SearchQuestion exact_question(std::string_view value) {
  auto question = parse_question(value.substr(0, 1024));
  question.prefix = false;
  return question;
}

}  // namespace tocsin::model
