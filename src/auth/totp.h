#pragma once
// The second factor: time-based one-time passwords (RFC 6238 with SHA-1, six digits, 30 seconds: what every
// authenticator reads), and recovery codes for the day the phone is lost. Pure but for randomness.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/password.h"
#include "base/clock.h"
#include "base/result.h"

namespace tocsin::auth {

// 20 random bytes (RFC 4226 §4 recommends the length of the hash). Seal it at rest: see secret_box.h.
std::string make_totp_secret();

// RFC 4648 §6 without padding. Decoding takes either case, blanks and '-', because people type it.
std::string to_base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

// "otpauth://totp/Tocsin:alice?secret=…&issuer=Tocsin": what an authenticator reads as a QR code.
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);

// The steps of 30 seconds since 1970.
std::int64_t totp_step(Timestamp now);
std::string totp_code(std::string_view secret, std::int64_t step);

// The step that `code` belongs to: this one, the one before or the one after. Absent when it is none of them,
// or not later than `last_used_step`, so that no code counts twice (RFC 6238 §5.2): the caller stores the
// answer as the new last_used_step in the same transaction, only if it is still greater than the stored one.
// Blanks in the code are passed over. A secret shorter than 16 bytes accepts nothing.
std::optional<std::int64_t> accept_totp(std::string_view secret, std::string_view code, Timestamp now,
                                        std::optional<std::int64_t> last_used_step);

// Ten codes of 50 random bits, "K7QD4-9MXPT" in Crockford's alphabet. Hashed with Argon2id like passwords and
// for the same reason; one salt for the set, so that a check costs one hash and not ten.
struct RecoveryCodes {
  std::vector<std::string> shown;   // once
  std::vector<std::string> stored;  // "salt$hash" in hex each
};
Result<RecoveryCodes> make_recovery_codes(PasswordCost cost = {});

// Which of `stored` the text is; the caller deletes that one in the transaction that signs in, so that it
// counts once. Case, blanks and '-' do not matter; I and L are read as 1, O as 0. As slow as a password: on
// the PasswordPool.
std::optional<std::size_t> find_recovery_code(std::span<const std::string> stored, std::string_view typed,
                                              PasswordCost cost = {});

}  // namespace tocsin::auth
