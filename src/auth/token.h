#pragma once
// Opaque tokens: what a key, an ingest source and a browser's session show instead of a password.
//
//   tsk_ 43 characters of 0-9A-Za-z (256 bits) and 6 of checksum
//
// The prefix lets secret scanners and people recognise one; the checksum (CRC-32, as GitHub's tokens have it)
// tells a typing error from a token that was revoked, without asking the database. Only the SHA-256 is ever
// stored: with 256 bits of randomness a slow hash would add nothing.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::auth {

enum class TokenKind {
  kApiKey,   // "tsk_": Authorization: Bearer
  kIngest,   // "tsi_": a source's token, in a header or in the path
  kSession,  // "tss_": the session cookie's value
};

inline constexpr std::size_t kTokenLength = 53;

struct NewToken {
  std::string text;  // shown once
  std::string hash;  // 64 hex digits: what is stored and looked up
  std::string hint;  // "tsk_Ab3d…": tells keys apart in a list; 4 of the 43 characters
};

NewToken make_token(TokenKind kind);

// The kind when prefix, length, characters and checksum are right; says nothing about validity.
std::optional<TokenKind> recognise_token(std::string_view text);

// SHA-256 as 64 lower-case hex digits. An index over it is found by its hash, so comparing needs no constant
// time; same_token_hash does it for callers that hold the row.
std::string hash_token(std::string_view text);
bool same_token_hash(std::string_view a, std::string_view b);

// The text with the body of everything that begins like one of our tokens, or like the secret of a webhook
// ("whsec_"), replaced: "/ingest/tsi_[redacted]". Mistyped and cut ones too. Linear; for whatever goes to a
// log.
std::string redact_tokens(std::string_view text);

}  // namespace tocsin::auth
