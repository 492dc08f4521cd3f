#pragma once
// Keys and signed tokens for tests: what a provider does, by OpenSSL alone, so that what is tested and what
// tests do not share their code.

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "auth/sodium.h"

namespace tocsin::auth::test {

class TokenSigner {
 public:
  // alg: RS256..PS512, ES256..ES512, EdDSA.
  explicit TokenSigner(std::string alg, std::string kid = "k1", unsigned rsa_bits = 2048)
      : alg_(std::move(alg)), kid_(std::move(kid)), key_(generate(alg_, rsa_bits), EVP_PKEY_free) {}

  boost::json::object public_jwk() const {
    if (alg_ == "EdDSA")
      return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", kid_}, {"x", to_base64url(raw_public_key())}};
    if (alg_.starts_with("ES"))
      return {{"kty", "EC"},
              {"crv", curve().jose},
              {"kid", kid_},
              {"use", "sig"},
              {"x", to_base64url(number(OSSL_PKEY_PARAM_EC_PUB_X, curve().bytes))},
              {"y", to_base64url(number(OSSL_PKEY_PARAM_EC_PUB_Y, curve().bytes))}};
    return {{"kty", "RSA"},
            {"kid", kid_},
            {"use", "sig"},
            {"n", to_base64url(number(OSSL_PKEY_PARAM_RSA_N, 0))},
            {"e", to_base64url(number(OSSL_PKEY_PARAM_RSA_E, 0))}};
  }

  std::string public_pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(out.get(), key_.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::string sign(const boost::json::object& claims) const {
    return sign({{"alg", alg_}, {"kid", kid_}}, claims);
  }

  // With a header of one's own; signed with this key all the same.
  std::string sign(const boost::json::object& header, const boost::json::object& claims) const {
    const auto text =
        to_base64url(boost::json::serialize(header)) + "." + to_base64url(boost::json::serialize(claims));
    return text + "." + to_base64url(signature(text));
  }

 private:
  struct Curve {
    const char* openssl;
    const char* jose;
    std::size_t bytes;
  };
  Curve curve() const {
    if (alg_ == "ES384") return {"P-384", "P-384", 48};
    if (alg_ == "ES512") return {"P-521", "P-521", 66};
    return {"P-256", "P-256", 32};
  }

  EVP_PKEY* generate(const std::string& alg, unsigned rsa_bits) const {
    if (alg == "EdDSA") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (alg.starts_with("ES")) return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve().openssl);
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsa_bits});
  }

  const EVP_MD* hash() const {
    if (alg_ == "EdDSA") return nullptr;
    if (alg_.ends_with("384")) return EVP_sha384();
    return alg_.ends_with("512") ? EVP_sha512() : EVP_sha256();
  }

  std::string raw_public_key() const {
    std::string out(32, '\0');
    std::size_t size = out.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(out.data()), &size);
    return out;
  }

  static std::string bytes_of(const BIGNUM* number, std::size_t size) {
    std::string out(size == 0 ? static_cast<std::size_t>(BN_num_bytes(number)) : size, '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    return out;
  }

  std::string number(const char* parameter, std::size_t size) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), parameter, &value);
    const auto out = bytes_of(value, size);
    BN_free(value);
    return out;
  }

  std::string signature(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(context.get(), &options, hash(), nullptr, key_.get());
    if (alg_.starts_with("PS")) {
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string out(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes, text.size());
    out.resize(size);
    return alg_.starts_with("ES") ? two_numbers(out) : out;
  }

  // JOSE wants both numbers of an ECDSA signature at full width (RFC 7518 §3.4), OpenSSL gives DER.
  std::string two_numbers(const std::string& der) const {
    const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size()));
    const auto out =
        bytes_of(ECDSA_SIG_get0_r(both), curve().bytes) + bytes_of(ECDSA_SIG_get0_s(both), curve().bytes);
    ECDSA_SIG_free(both);
    return out;
  }

  std::string alg_;
  std::string kid_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

// {"keys": [...]} of their public keys.
inline std::string jwks(std::initializer_list<const TokenSigner*> signers) {
  boost::json::array keys;
  for (const auto* signer : signers) keys.push_back(signer->public_jwk());
  return boost::json::serialize(boost::json::object{{"keys", keys}});
}

}  // namespace tocsin::auth::test
