#include "query/scanner.h"

#include <algorithm>

#include "base/ascii.h"
#include "query/query.h"

namespace tocsin::query {
namespace {

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

void append_literal(Word& word, char c) {
  word.plain += c;
  if (c == '*' || c == '\\') word.pattern += '\\';
  word.pattern += c;
}

void append_star(Word& word) {
  word.plain += '*';
  word.pattern += '*';
  ++word.stars;
}

}  // namespace

bool Scanner::skip_blanks() {
  while (is_blank(peek())) ++at_;
  return !at_end();
}

bool Scanner::take(std::string_view sign) {
  if (!text_.substr(std::min(at_, text_.size())).starts_with(sign)) return false;
  at_ += sign.size();
  return true;
}

bool Scanner::take_operator(std::string_view name) {
  if (!text_.substr(std::min(at_, text_.size())).starts_with(name)) return false;
  const auto after = peek(name.size());
  const bool alone =
      at_ + name.size() >= text_.size() || is_blank(after) || after == '(' || after == ')' || after == '"';
  if (alone) at_ += name.size();
  return alone;
}

std::string_view Scanner::peek_name() const {
  std::size_t length = 0;
  while (is_name_letter(peek(length))) ++length;
  return text_.substr(std::min(at_, text_.size()), length);
}

Result<Word> Scanner::word(bool commas) {
  Word word;
  word.at = at_;
  word.quoted = peek() == '"';
  for (std::size_t open = 0; !at_end();) {
    const char c = peek();
    if (is_blank(c) || (c == ')' && open == 0) || (c == ',' && commas)) break;
    if (c == '"') {
      TOCSIN_CHECK(quoted_part(word));
      continue;
    }
    word.quoted = false;
    if (c == '(') ++open;
    if (c == ')') --open;
    c == '*' ? append_star(word) : append_literal(word, c);
    ++at_;
  }
  if (word.plain.size() <= kMaxValueBytes) return word;
  return wrong(word.at, "this value is longer than " + std::to_string(kMaxValueBytes) + " bytes");
}

Result<void> Scanner::quoted_part(Word& word) {
  const auto opened = at_++;
  for (; !at_end(); ++at_) {
    if (peek() == '"') {
      ++at_;
      return {};
    }
    if (peek() == '\\' && (peek(1) == '"' || peek(1) == '\\')) ++at_;
    append_literal(word, peek());
  }
  return wrong(opened, "this quote is never closed", "add a second \"");
}

// Characters, not bytes: what a person counts.
Error Scanner::wrong(std::size_t at, std::string what, std::string hint) const {
  const auto before = text_.substr(0, at);
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return error(ErrorKind::kInvalidInput, "read query", std::move(what), std::move(hint),
               "q:" + std::to_string(std::count_if(before.begin(), before.end(), starts) + 1));
}

}  // namespace tocsin::query
