#pragma once
// Signed tokens of others (RFC 7515, compact form) and the keys that check them (RFC 7517). RSA and EC
// signatures are checked by cjose, Ed25519 by libsodium, which cjose lacks.
//
// Only RS, PS and ES with 256, 384 or 512 bits and EdDSA are known: `none` and HMAC are not, so a public key
// is never used as an HMAC key. Which key is used is decided by the key set and the header's `kid` alone;
// keys and addresses inside the header (jwk, jku, x5c, x5u) are not looked at, and `crit` is refused.

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::auth {

inline constexpr std::size_t kMaxTokenBytes = 64 * 1024;
inline constexpr std::size_t kMaxKeys = 64;  // of a set; more are not read

struct Jwk {
  std::string kid;   // may be empty
  std::string kty;   // "RSA", "EC", "OKP"
  std::string crv;   // of EC and OKP
  std::string alg;   // empty: any that fits the type
  std::string json;  // the whole key
};

// Keys for signatures that this program can use: RSA of at least 2048 bits, P-256, P-384, P-521, Ed25519;
// what is marked for encryption and what is of another kind is passed over. kInvalidSyntax unless it is an
// object with an array `keys`.
Result<std::vector<Jwk>> parse_jwks(std::string_view json);

struct JwsHeader {
  std::string alg;
  std::string kid;  // may be empty
};

// The header of a token that nobody has checked yet. kForbidden when the token is larger than 64 KiB, has not
// three parts, an algorithm that is not known, or `crit`.
Result<JwsHeader> read_jws_header(std::string_view token);

// True when a key of the set may have signed a token with this header: same kid, or no kid and a single
// fitting key.
bool has_key_for(const std::vector<Jwk>& keys, const JwsHeader& header);

// The payload of a token whose signature one of the keys confirms. kForbidden otherwise.
Result<boost::json::object> verify_jws(std::string_view token, const std::vector<Jwk>& keys);

// The first half of the algorithm's hash of the text, base64url: at_hash of OpenID Connect Core §3.1.3.6.
std::string half_hash(std::string_view alg, std::string_view text);

}  // namespace tocsin::auth
