#include "auth/password_rules.h"

#include <string>

#include "auth/common_passwords.h"
#include "auth/unicode.h"

namespace tocsin::auth {
namespace {

// Characters that must be left when the names are taken away.
constexpr std::size_t kMinWithoutNames = 8;
// Shorter names would be found by chance.
constexpr std::size_t kMinName = 3;
// Beyond it no text has 128 characters or fewer, whatever its normal form; nothing is normalised to find that
// out.
constexpr std::size_t kMaxBytes = 1024;

Error refused(std::string message, std::string hint = {}) {
  return error(ErrorKind::kInvalidInput, "set password", std::move(message), std::move(hint), "/password");
}

std::string without(std::string text, std::string_view word) {
  if (word.size() < kMinName) return text;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at))
    text.erase(at, word.size());
  return text;
}

bool is_mostly_names(const std::string& folded, std::string_view sign_in_name) {
  const auto name = fold_case(sign_in_name).value_or("");
  const auto local_part = fold_case(sign_in_name.substr(0, sign_in_name.find('@'))).value_or("");
  auto rest = without(without(without(folded, name), local_part), "tocsin");
  return rest != folded && count_code_points(rest) < kMinWithoutNames;
}

}  // namespace

Result<void> check_new_password(std::string_view password, std::string_view sign_in_name) {
  if (password.size() > kMaxBytes) return refused("has more than 128 characters");
  const auto text = to_nfc(password);
  if (!text) return refused("is not valid UTF-8");
  const auto length = count_code_points(*text);
  if (length < kMinPasswordLength)
    return refused("has fewer than 12 characters", "several words in a row are easy to keep in mind");
  if (length > kMaxPasswordLength) return refused("has more than 128 characters");
  const auto folded = fold_case(*text).value_or(*text);
  if (is_mostly_names(folded, sign_in_name))
    return refused("is mostly your name or the product's", "choose words that nobody expects of you");
  if (is_common_password(folded))
    return refused("is one of those that attackers try first",
                   "choose several words that do not belong together");
  return {};
}

}  // namespace tocsin::auth
