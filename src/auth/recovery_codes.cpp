#include <sodium.h>

#include "auth/sodium.h"
#include "auth/totp.h"
#include "base/ascii.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

constexpr std::size_t kCodes = 10;
constexpr std::size_t kHalf = 5;
constexpr std::size_t kHashBytes = 32;
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// Upper case, without separators; letters that are easily taken for a digit are that digit.
std::string canonical(std::string_view typed) {
  std::string out;
  for (char c : typed) {
    if (is_blank(c) || c == '-') continue;
    if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
    if (c == 'I' || c == 'L') c = '1';
    if (c == 'O') c = '0';
    out += c;
  }
  return out;
}

std::string random_code() {
  std::string out;
  for (std::size_t i = 0; i < 2 * kHalf; ++i) {
    if (i == kHalf) out += '-';
    out += kCrockford[randombytes_uniform(static_cast<std::uint32_t>(kCrockford.size()))];
  }
  return out;
}

// Empty when there is no memory.
std::string slow_hash(std::string_view code, std::string_view salt, PasswordCost cost) {
  std::string out(kHashBytes, '\0');
  const int failed = crypto_pwhash(reinterpret_cast<unsigned char*>(out.data()), out.size(), code.data(),
                                   code.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                   cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  return failed == 0 ? out : std::string();
}

std::string_view salt_of(std::string_view stored) {
  return stored.substr(0, stored.find('$'));
}

}  // namespace

Result<RecoveryCodes> make_recovery_codes(PasswordCost cost) {
  const auto salt = random_bytes(crypto_pwhash_SALTBYTES);
  RecoveryCodes codes;
  for (std::size_t i = 0; i < kCodes; ++i) {
    codes.shown.push_back(random_code());
    const auto hash = slow_hash(canonical(codes.shown.back()), salt, cost);
    if (hash.empty())
      return error(ErrorKind::kUnavailable, "make recovery codes", "no memory for the hash",
                   "try again later");
    codes.stored.push_back(to_hex(salt) + "$" + to_hex(hash));
  }
  return codes;
}

std::optional<std::size_t> find_recovery_code(std::span<const std::string> stored, std::string_view typed,
                                              PasswordCost cost) {
  init_sodium();
  const auto code = canonical(typed);
  if (stored.empty() || code.size() != 2 * kHalf) return std::nullopt;
  const auto salt_text = salt_of(stored.front());
  const auto salt = from_hex(salt_text);
  if (salt.size() != crypto_pwhash_SALTBYTES) return std::nullopt;
  const auto hash = slow_hash(code, salt, cost);
  if (hash.empty()) return std::nullopt;
  const auto wanted = std::string(salt_text) + "$" + to_hex(hash);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < stored.size(); ++i)
    if (equal_in_constant_time(wanted, stored[i])) found = i;
  return found;
}

}  // namespace tocsin::auth
