#include "auth/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "auth/sodium.h"
#include "auth/uri.h"
#include "base/ascii.h"

namespace tocsin::auth {
namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr std::size_t kDigits = 6;
constexpr std::uint32_t kModulus = 1'000'000;
constexpr std::size_t kMinSecretBytes = 16;  // RFC 4226 §4, R6
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
  std::string out(20, '\0');
  unsigned size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string big_endian(std::int64_t value) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    out[7 - i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  return out;
}

// RFC 4226 §5.3.
std::uint32_t truncated(std::string_view mac) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(mac[i]));
  };
  const std::size_t offset = at(19) & 0xf;
  return ((at(offset) & 0x7f) << 24) | (at(offset + 1) << 16) | (at(offset + 2) << 8) | at(offset + 3);
}

std::string without_separators(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (!is_blank(c) && c != '-') out += c;
  return out;
}

}  // namespace

std::string make_totp_secret() {
  return random_bytes(20);
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[(buffer >> (bits - 5)) & 31];
  }
  if (bits > 0) out += kAlphabet[(buffer << (5 - bits)) & 31];
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : without_separators(text)) {
    if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 5) | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits >= 8) out += static_cast<char>(buffer >> (bits -= 8));
  }
  const bool rest_is_padding = bits < 5 && (buffer & ((1U << bits) - 1)) == 0;
  if (!rest_is_padding) return std::nullopt;
  return out;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret) {
  return "otpauth://totp/" + percent_encode(issuer) + ":" + percent_encode(account) +
         "?secret=" + to_base32(secret) + "&issuer=" + percent_encode(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

std::int64_t totp_step(Timestamp now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / kStepSeconds;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
  const auto digits = std::to_string(truncated(hmac_sha1(secret, big_endian(step))) % kModulus);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::optional<std::int64_t> accept_totp(std::string_view secret, std::string_view code, Timestamp now,
                                        std::optional<std::int64_t> last_used_step) {
  if (secret.size() < kMinSecretBytes) return std::nullopt;
  const auto typed = without_separators(code);
  std::optional<std::int64_t> accepted;
  // All three are compared, whichever fits.
  for (std::int64_t step = totp_step(now) - 1; step <= totp_step(now) + 1; ++step) {
    const bool fits = equal_in_constant_time(totp_code(secret, step), typed);
    if (fits && (!last_used_step || step > *last_used_step)) accepted = step;
  }
  return accepted;
}

}  // namespace tocsin::auth
