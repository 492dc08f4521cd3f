#include "auth/common_passwords.h"

#include "base/ascii.h"
#include "base/embedded.h"

TOCSIN_EMBEDDED(common_passwords)

namespace tocsin::auth {
namespace {

constexpr std::size_t kMaxAround = 6;
constexpr std::size_t kShortUnit = 4;

bool is_ornament(char c) {
  return static_cast<unsigned char>(c) < 0x80 && !is_alpha(c);
}

// The line of `lines` that holds the byte at `at`; every line ends with a line feed.
std::string_view line_around(std::string_view lines, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : lines.rfind('\n', at - 1);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  return lines.substr(begin, lines.find('\n', at) - begin);
}

std::size_t count_ornaments(std::string_view text, bool from_end) {
  std::size_t count = 0;
  while (count < text.size() && count < kMaxAround &&
         is_ornament(from_end ? text[text.size() - 1 - count] : text[count]))
    ++count;
  return count;
}

bool is_ornamented(std::string_view text) {
  const auto front = count_ornaments(text, false);
  const auto back = count_ornaments(text, true);
  for (std::size_t i = 0; i <= front; ++i)
    for (std::size_t j = 0; j <= back && i + j <= kMaxAround && i + j < text.size(); ++j)
      if (is_listed_password(text.substr(i, text.size() - i - j))) return true;
  return false;
}

bool repeats(std::string_view text, std::size_t unit) {
  return text.size() % unit == 0 && text.substr(unit) == text.substr(0, text.size() - unit);
}

bool is_repetition(std::string_view text) {
  for (std::size_t unit = 1; unit <= text.size() / 2; ++unit)
    if (repeats(text, unit) && (unit <= kShortUnit || is_listed_password(text.substr(0, unit)))) return true;
  return false;
}

}  // namespace

bool is_listed_password(std::string_view folded) {
  std::string_view rest = embedded_common_passwords();
  while (!rest.empty()) {
    const auto line = line_around(rest, rest.size() / 2);
    if (line == folded) return true;
    const auto begin = static_cast<std::size_t>(line.data() - rest.data());
    rest = line < folded ? rest.substr(begin + line.size() + 1) : rest.substr(0, begin);
  }
  return false;
}

bool is_common_password(std::string_view folded) {
  return is_ornamented(folded) || is_repetition(folded);
}

}  // namespace tocsin::auth
