#include "auth/token.h"

#include <zlib.h>

#include <array>
#include <cstdint>

#include "auth/sodium.h"
#include "base/ascii.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

constexpr std::size_t kPrefixLength = 4;
constexpr std::size_t kBodyLength = 43;
constexpr std::size_t kChecksumLength = 6;
static_assert(kPrefixLength + kBodyLength + kChecksumLength == kTokenLength);

struct Prefix {
  TokenKind kind;
  std::string_view text;
};
constexpr std::array kPrefixes{Prefix{TokenKind::kApiKey, "tsk_"}, Prefix{TokenKind::kIngest, "tsi_"},
                               Prefix{TokenKind::kSession, "tss_"}};
constexpr std::array<std::string_view, 4> kSecretBeginnings{"tsk_", "tsi_", "tss_", "whsec_"};
// Shorter runs after a prefix are words, such as the name of a field, and name nothing secret.
constexpr std::size_t kMinSecret = 8;

std::string_view prefix_of(TokenKind kind) {
  for (const auto& prefix : kPrefixes)
    if (prefix.kind == kind) return prefix.text;
  return {};
}

std::string checksum(std::string_view text) {
  static constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  auto value = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
  std::string out(kChecksumLength, '0');
  for (auto digit = out.rbegin(); digit != out.rend(); ++digit, value /= 62) *digit = kDigits[value % 62];
  return out;
}

bool is_secret_character(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

// Length of the secret that starts at `at`, after its prefix; 0 when there is none.
std::size_t secret_length(std::string_view text, std::size_t at, std::string_view prefix) {
  if (!text.substr(at).starts_with(prefix)) return 0;
  std::size_t end = at + prefix.size();
  while (end < text.size() && is_secret_character(text[end])) ++end;
  const auto length = end - at - prefix.size();
  return length < kMinSecret ? 0 : length;
}

// Copies one character, or a prefix and the note in place of its secret; returns how much was read.
std::size_t copy_redacted(std::string& out, std::string_view text, std::size_t at) {
  if (text[at] == 't' || text[at] == 'w') {
    for (const auto prefix : kSecretBeginnings) {
      const auto length = secret_length(text, at, prefix);
      if (length == 0) continue;
      out.append(prefix).append("[redacted]");
      return prefix.size() + length;
    }
  }
  out += text[at];
  return 1;
}

}  // namespace

NewToken make_token(TokenKind kind) {
  NewToken token;
  token.text = std::string(prefix_of(kind)) + random_base62(kBodyLength);
  token.hint = token.text.substr(0, kPrefixLength + 4) + "…";
  token.text += checksum(token.text);
  token.hash = hash_token(token.text);
  return token;
}

std::optional<TokenKind> recognise_token(std::string_view text) {
  if (text.size() != kTokenLength) return std::nullopt;
  const auto signed_part = text.substr(0, kPrefixLength + kBodyLength);
  if (text.substr(signed_part.size()) != checksum(signed_part)) return std::nullopt;
  for (const auto& prefix : kPrefixes)
    if (text.starts_with(prefix.text)) return prefix.kind;
  return std::nullopt;
}

std::string hash_token(std::string_view text) {
  return sha256_hex(text);
}

bool same_token_hash(std::string_view a, std::string_view b) {
  return equal_in_constant_time(a, b);
}

std::string redact_tokens(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) at += copy_redacted(out, text, at);
  return out;
}

}  // namespace tocsin::auth
