#include "auth/password.h"

#include <sodium.h>

#include <mutex>

#include "auth/sodium.h"
#include "auth/unicode.h"

namespace tocsin::auth {
namespace {

constexpr std::size_t kMaxBytes = 1024;

Result<std::string> prepared(std::string_view password) {
  if (password.size() > kMaxBytes)
    return error(ErrorKind::kInvalidInput, "hash password", "the password is longer than 1,024 bytes");
  auto text = to_nfc(password);
  if (!text) return error(ErrorKind::kInvalidInput, "hash password", "the password is not valid UTF-8");
  return *std::move(text);
}

// libsodium wants the stored form as a C string.
bool is_argon2id(std::string_view stored) {
  return stored.starts_with(crypto_pwhash_argon2id_STRPREFIX) && stored.size() < crypto_pwhash_STRBYTES &&
         stored.find('\0') == std::string_view::npos;
}

}  // namespace

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
  init_sodium();
  TOCSIN_TRY(text, prepared(password));
  std::string out(crypto_pwhash_STRBYTES, '\0');
  const int failed = crypto_pwhash_str_alg(out.data(), text.data(), text.size(), cost.passes,
                                           cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  wipe(text);
  if (failed != 0)
    return error(ErrorKind::kUnavailable, "hash password", "no memory for the hash", "try again later");
  out.resize(out.find('\0'));
  return out;
}

bool verify_password(std::string_view stored, std::string_view password) {
  init_sodium();
  auto text = prepared(password);
  if (!text || !is_argon2id(stored)) return false;
  const bool same = crypto_pwhash_str_verify(std::string(stored).c_str(), text->data(), text->size()) == 0;
  wipe(*text);
  return same;
}

bool verify_nobody(std::string_view password, PasswordCost cost) {
  // Hashing costs what checking costs, and its salt is new: no stored text of nobody's to keep.
  const auto spent = hash_password(password, cost);
  return spent.ok() && false;
}

bool needs_rehash(std::string_view stored, PasswordCost cost) {
  init_sodium();
  return !is_argon2id(stored) ||
         crypto_pwhash_str_needs_rehash(std::string(stored).c_str(), cost.passes, cost.memory_bytes) != 0;
}

}  // namespace tocsin::auth
