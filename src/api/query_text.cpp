#include "api/query_text.h"

#include <algorithm>

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxQueryBytes = 1000;
constexpr std::size_t kMaxTerms = 50;

Error wrong(std::string where, std::string what, std::string hint = {}) {
  return error(ErrorKind::kInvalidInput, "read query", std::move(what), std::move(hint), std::move(where));
}

bool is_field_letter(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

// "severity" of "severity:high"; empty for a free word such as a URL, an IPv6 address or "a.b:1".
std::string_view field_of(std::string_view rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_field_letter(rest[length])) ++length;
  const bool is_term = length > 0 && length < rest.size() && rest[length] == ':';
  return is_term && !rest.substr(length + 1).starts_with("//") ? rest.substr(0, length) : std::string_view{};
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size();
  }

  Result<Term> term() {
    Term term;
    term.where = place();
    if (text_[at_] == '-' && !field_of(text_.substr(at_ + 1)).empty()) {
      return wrong(term.where, "a term cannot be negated", "name the values to keep: status:new,in_progress");
    }
    term.field = field_of(text_.substr(at_));
    if (!term.field.empty()) at_ += term.field.size() + 1;
    term.value_where = place();
    TOCSIN_TRY(value, word());
    if (value.empty() && !term.field.empty())
      return wrong(term.where, "\"" + term.field + ":\" has no value");
    term.value = std::move(value);
    return term;
  }

 private:
  Result<std::string> word() {
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    const auto rest = text_.substr(at_);
    const auto length = std::min(rest.find(' '), rest.size());
    at_ += length;
    return std::string(rest.substr(0, length));
  }

  Result<std::string> quoted() {
    const auto opened = place();
    const auto end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return wrong(opened, "this quote is never closed", "add a second \"");
    std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inside;
  }

  // Characters, not bytes: what a person counts.
  std::string place() const {
    const auto before = text_.substr(0, at_);
    const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return "q:" + std::to_string(std::count_if(before.begin(), before.end(), starts) + 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Term>> parse_query_text(std::string_view text) {
  if (text.size() > kMaxQueryBytes) return wrong("q", "the query is longer than 1,000 bytes");
  Scanner scanner(text);
  std::vector<Term> terms;
  while (scanner.skip_blanks()) {
    TOCSIN_TRY(term, scanner.term());
    if (terms.size() == kMaxTerms) return wrong(term.where, "a query has at most 50 terms");
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace tocsin::api
