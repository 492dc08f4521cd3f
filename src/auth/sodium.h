#pragma once
// libsodium, ready for use, and its encodings as strings. SHA-256 and hex are base/sha256.h's.

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::auth {

// Every function of this module that needs libsodium calls it; cheap after the first time, thread-safe. Ends
// the program when the operating system has no randomness: nothing here could be trusted then.
void init_sodium();

std::string random_bytes(std::size_t count);
// Characters of 0-9A-Za-z, each drawn evenly: 5.95 bits apiece.
std::string random_base62(std::size_t count);

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes

std::string to_base64(std::string_view bytes);                     // with padding
std::optional<std::string> from_base64(std::string_view text);     // padding as RFC 4648 §4 asks
std::string to_base64url(std::string_view bytes);                  // without padding
std::optional<std::string> from_base64url(std::string_view text);  // without padding

// Time depends on the length of `a` alone, never on where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Overwrites the bytes before they are given back.
void wipe(std::string& secret);

}  // namespace tocsin::auth
