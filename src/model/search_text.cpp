#include "model/search_text.h"

#include <algorithm>

#include "base/ascii.h"

namespace tocsin::model {
namespace {

bool ends_word(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\'' || c == 0x7F;
}

// Bytes of multi-byte characters are letters.
bool is_letter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || u >= 0x80;
}

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

bool is_separator(char c) {
  return std::string_view("/\\:@=,;|").find(c) != std::string_view::npos;
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
    append_parts(out, word, is_separator);
    append_parts(out, word, [](char c) { return !is_letter(c); });
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
