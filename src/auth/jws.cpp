#include "auth/jws.h"

#include <cjose/cjose.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>

#include "auth/sodium.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;

struct Algorithm {
  std::string_view name;
  std::string_view kty;
  std::string_view crv;  // empty: any
  const EVP_MD* (*hash)();
};
constexpr std::array kAlgorithms{
    Algorithm{"RS256", "RSA", "", EVP_sha256},     Algorithm{"RS384", "RSA", "", EVP_sha384},
    Algorithm{"RS512", "RSA", "", EVP_sha512},     Algorithm{"PS256", "RSA", "", EVP_sha256},
    Algorithm{"PS384", "RSA", "", EVP_sha384},     Algorithm{"PS512", "RSA", "", EVP_sha512},
    Algorithm{"ES256", "EC", "P-256", EVP_sha256}, Algorithm{"ES384", "EC", "P-384", EVP_sha384},
    Algorithm{"ES512", "EC", "P-521", EVP_sha512}, Algorithm{"EdDSA", "OKP", "Ed25519", EVP_sha512},
};
constexpr std::size_t kMinRsaBytes = 256;   // 2048 bits
constexpr std::size_t kMaxRsaBytes = 1024;  // more costs time and no provider has it

struct ReleaseJwk {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
struct ReleaseJws {
  void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
};
using CjoseJwk = std::unique_ptr<cjose_jwk_t, ReleaseJwk>;
using CjoseJws = std::unique_ptr<cjose_jws_t, ReleaseJws>;

Error refused(std::string message) {
  return error(ErrorKind::kForbidden, "check token", std::move(message));
}

const Algorithm* find_algorithm(std::string_view name) {
  for (const auto& algorithm : kAlgorithms)
    if (algorithm.name == name) return &algorithm;
  return nullptr;
}

// Empty unless it is there and a string.
std::string text_of(const json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code failure;
  auto value = json::parse(text, failure);
  if (failure || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  // header and payload with the full stop between
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

std::optional<json::object> decode_object(std::string_view part) {
  const auto text = from_base64url(part);
  return text ? parse_object(*text) : std::nullopt;
}

bool is_usable(const Jwk& key, const json::object& object) {
  if (key.kty == "RSA") {
    const auto modulus = from_base64url(text_of(object, "n"));
    return modulus && modulus->size() >= kMinRsaBytes && modulus->size() <= kMaxRsaBytes;
  }
  for (const auto& algorithm : kAlgorithms)
    if (!algorithm.crv.empty() && algorithm.kty == key.kty && algorithm.crv == key.crv) return true;
  return false;
}

bool is_for_signatures(const json::object& key) {
  const auto use = text_of(key, "use");
  return use.empty() || use == "sig";
}

bool fits(const Jwk& key, const Algorithm& algorithm) {
  return key.kty == algorithm.kty && (algorithm.crv.empty() || key.crv == algorithm.crv) &&
         (key.alg.empty() || key.alg == algorithm.name);
}

// With a kid those of that name; without one the only key that fits, if there is only one.
std::vector<const Jwk*> candidates(const std::vector<Jwk>& keys, const JwsHeader& header) {
  const auto* const algorithm = find_algorithm(header.alg);
  std::vector<const Jwk*> fitting;
  for (const auto& key : keys)
    if (algorithm != nullptr && fits(key, *algorithm) && (header.kid.empty() || key.kid == header.kid))
      fitting.push_back(&key);
  if (header.kid.empty() && fitting.size() != 1) fitting.clear();
  return fitting;
}

bool verify_with_cjose(std::string_view token, const Jwk& key) {
  cjose_err ignored;
  const CjoseJwk jwk(cjose_jwk_import(key.json.data(), key.json.size(), &ignored));
  const CjoseJws jws(cjose_jws_import(token.data(), token.size(), &ignored));
  return jwk && jws && cjose_jws_verify(jws.get(), jwk.get(), &ignored);
}

bool verify_ed25519(const Parts& parts, const Jwk& key) {
  const auto object = parse_object(key.json);
  const auto x = object ? from_base64url(text_of(*object, "x")) : std::nullopt;
  const auto signature = from_base64url(parts.signature);
  if (!x || x->size() != crypto_sign_PUBLICKEYBYTES || !signature || signature->size() != crypto_sign_BYTES)
    return false;
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  return crypto_sign_verify_detached(bytes(*signature), bytes(parts.signed_text), parts.signed_text.size(),
                                     bytes(*x)) == 0;
}

bool is_signed_by(std::string_view token, const Parts& parts, const Jwk& key) {
  return key.kty == "OKP" ? verify_ed25519(parts, key) : verify_with_cjose(token, key);
}

}  // namespace

Result<std::vector<Jwk>> parse_jwks(std::string_view text) {
  const auto set = parse_object(text);
  const auto* const keys = set ? set->if_contains("keys") : nullptr;
  if (keys == nullptr || !keys->is_array())
    return error(ErrorKind::kInvalidSyntax, "read key set", "it is no JSON object with an array \"keys\"");
  std::vector<Jwk> out;
  for (const auto& value : keys->as_array()) {
    if (!value.is_object() || out.size() >= kMaxKeys) continue;
    const auto& object = value.as_object();
    Jwk key{text_of(object, "kid"), text_of(object, "kty"), text_of(object, "crv"), text_of(object, "alg"),
            json::serialize(object)};
    if (is_for_signatures(object) && is_usable(key, object)) out.push_back(std::move(key));
  }
  return out;
}

Result<JwsHeader> read_jws_header(std::string_view token) {
  if (token.size() > kMaxTokenBytes) return refused("the token is larger than 64 KiB");
  const auto parts = split(token);
  const auto header = parts ? decode_object(parts->header) : std::nullopt;
  if (!header) return refused("the token is not a signed token of three parts");
  if (header->contains("crit")) return refused("the token asks for extensions");
  JwsHeader out{text_of(*header, "alg"), text_of(*header, "kid")};
  if (find_algorithm(out.alg) == nullptr) return refused("the token's algorithm is not accepted");
  return out;
}

bool has_key_for(const std::vector<Jwk>& keys, const JwsHeader& header) {
  return !candidates(keys, header).empty();
}

Result<json::object> verify_jws(std::string_view token, const std::vector<Jwk>& keys) {
  init_sodium();
  TOCSIN_TRY(header, read_jws_header(token));
  const auto parts = *split(token);
  // cjose reads base64url with stray bits at its end; one signature shall have one spelling.
  bool is_signed = false;
  if (from_base64url(parts.signature))
    for (const auto* key : candidates(keys, header))
      is_signed = is_signed || is_signed_by(token, parts, *key);
  if (!is_signed) return refused("no key of the provider confirms the token's signature");
  auto payload = decode_object(parts.payload);
  if (!payload) return refused("the token's payload is no JSON object");
  return std::move(*payload);
}

std::string half_hash(std::string_view alg, std::string_view text) {
  const auto* const algorithm = find_algorithm(alg);
  if (algorithm == nullptr) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm->hash(), nullptr);
  return to_base64url({reinterpret_cast<const char*>(digest.data()), size / 2});
}

}  // namespace tocsin::auth
