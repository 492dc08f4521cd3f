#pragma once
// Passwords at rest: Argon2id (RFC 9106) by libsodium, in the PHC text form that carries its own parameters.
//
// A password is Unicode text in any normal form; hashing and checking bring it to NFC first, because
// keyboards of different systems send the same letters in different forms (NIST SP 800-63B §3.1.1.2).
//
// Hashing and checking take 50 to 100 ms and 64 MiB by design, so they belong on a PasswordPool, never on a
// thread that serves others.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::auth {

// 64 MiB and two passes: libsodium's "interactive", above OWASP's least (19 MiB, two passes). 75 ms where it
// was measured. Two threads of the pool hold 128 MiB at most.
struct PasswordCost {
  std::size_t memory_bytes = std::size_t{64} << 20;  // >= 8 KiB
  unsigned passes = 2;                               // >= 1
};

// "$argon2id$v=19$m=65536,t=2,p=1$salt$hash", at most 127 characters. kInvalidInput when the text is no valid
// UTF-8 or longer than 1,024 bytes; kUnavailable when there is no memory.
Result<std::string> hash_password(std::string_view password, PasswordCost cost = {});

// False too when `stored` is no such text. Takes as long as `stored` asks for.
bool verify_password(std::string_view stored, std::string_view password);

// The check of somebody who does not exist: always false, as long as a real one, so that names cannot be
// guessed by the clock.
bool verify_nobody(std::string_view password, PasswordCost cost = {});

// True when `stored` was made with other parameters: hash anew at the next successful sign-in.
bool needs_rehash(std::string_view stored, PasswordCost cost = {});

}  // namespace tocsin::auth
