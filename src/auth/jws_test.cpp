#include "auth/jws.h"

#include <gtest/gtest.h>

#include <random>

#include "auth/testing/token_signer.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;
using test::jwks;
using test::TokenSigner;

const json::object kClaims{{"sub", "alice"}};

std::vector<Jwk> keys_of(std::initializer_list<const TokenSigner*> signers) {
  return *parse_jwks(jwks(signers));
}

bool accepts(std::string_view token, const std::vector<Jwk>& keys) {
  return verify_jws(token, keys).ok();
}

TEST(Jws, EveryAlgorithmOfTheListIsChecked) {
  for (const std::string alg :
       {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}) {
    const TokenSigner signer(alg);
    const TokenSigner other(alg);
    const auto token = signer.sign(kClaims);
    const auto payload = verify_jws(token, keys_of({&signer}));
    ASSERT_TRUE(payload.ok()) << alg << ": " << to_string(payload.error());
    EXPECT_EQ(*payload, kClaims);
    EXPECT_FALSE(accepts(token, keys_of({&other}))) << alg;
  }
}

// RFC 8037 appendix A.4: an Ed25519 token made by others. Its payload is no JSON, so the signature is
// confirmed and the payload refused.
TEST(Jws, TheExampleOfRfc8037HasARightSignature) {
  const auto keys = *parse_jwks(
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
  const std::string token =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
      "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  EXPECT_EQ(verify_jws(token, keys).error().message, "the token's payload is no JSON object");
  auto altered = token;
  altered[30] = altered[30] == 'A' ? 'B' : 'A';
  EXPECT_EQ(verify_jws(altered, keys).error().message,
            "no key of the provider confirms the token's signature");
}

TEST(Jws, NoneAndUnsignedAreRefused) {
  const TokenSigner signer("RS256");
  const auto keys = keys_of({&signer});
  for (const std::string alg : {"none", "None", "NONE", "nOnE", ""}) {
    auto token = signer.sign({{"alg", alg}, {"kid", "k1"}}, kClaims);
    EXPECT_FALSE(accepts(token, keys)) << alg;
    EXPECT_FALSE(accepts(token.substr(0, token.rfind('.') + 1), keys)) << alg;
  }
  const auto token = signer.sign(kClaims);
  EXPECT_FALSE(accepts(token.substr(0, token.rfind('.')), keys));
  EXPECT_FALSE(accepts(token.substr(0, token.rfind('.') + 1), keys));
  EXPECT_FALSE(accepts(signer.sign({{"kid", "k1"}}, kClaims), keys)) << "no alg";
}

TEST(Jws, APublicKeyIsNeverAnHmacKey) {
  const TokenSigner signer("RS256");
  auto keys = keys_of({&signer});
  const auto text =
      to_base64url(R"({"alg":"HS256","kid":"k1"})") + "." + to_base64url(json::serialize(kClaims));
  for (const auto& secret : {signer.public_pem(), json::serialize(signer.public_jwk()), keys[0].json})
    EXPECT_FALSE(accepts(text + "." + to_base64url(hmac_sha256(secret, text)), keys));
}

TEST(Jws, SymmetricKeysOfASetAreNotUsed) {
  const auto keys =
      parse_jwks(R"({"keys":[{"kty":"oct","kid":"k1","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]})");
  ASSERT_TRUE(keys.ok());
  EXPECT_TRUE(keys->empty());
}

TEST(Jws, AnAlgorithmOfAnotherKindOfKeyIsRefused) {
  const TokenSigner rsa("RS256");
  const TokenSigner ec("ES256");
  EXPECT_FALSE(accepts(rsa.sign({{"alg", "ES256"}, {"kid", "k1"}}, kClaims), keys_of({&rsa})));
  EXPECT_FALSE(accepts(ec.sign({{"alg", "RS256"}, {"kid", "k1"}}, kClaims), keys_of({&ec})));
  EXPECT_FALSE(accepts(ec.sign({{"alg", "ES384"}, {"kid", "k1"}}, kClaims), keys_of({&ec})));
  EXPECT_FALSE(accepts(rsa.sign({{"alg", "RS384"}, {"kid", "k1"}}, kClaims), keys_of({&rsa})));
  EXPECT_FALSE(accepts(rsa.sign({{"alg", "PS256"}, {"kid", "k1"}}, kClaims), keys_of({&rsa})));
}

TEST(Jws, AKeyThatNamesItsAlgorithmIsUsedForNoOther) {
  const TokenSigner signer("PS256");
  auto jwk = signer.public_jwk();
  jwk["alg"] = "RS256";
  EXPECT_FALSE(
      accepts(signer.sign(kClaims), *parse_jwks(json::serialize(json::object{{"keys", json::array{jwk}}}))));
}

TEST(Jws, TheKidDecidesAndWithoutOneOnlyASingleKey) {
  const TokenSigner a("RS256", "a");
  const TokenSigner b("RS256", "b");
  const TokenSigner ec("ES256", "c");
  EXPECT_TRUE(accepts(a.sign(kClaims), keys_of({&b, &a})));
  EXPECT_FALSE(accepts(a.sign({{"alg", "RS256"}, {"kid", "b"}}, kClaims), keys_of({&a, &b})));
  EXPECT_FALSE(accepts(a.sign({{"alg", "RS256"}, {"kid", "zz"}}, kClaims), keys_of({&a, &b})));
  EXPECT_TRUE(accepts(a.sign({{"alg", "RS256"}}, kClaims), keys_of({&a, &ec})));
  EXPECT_FALSE(accepts(a.sign({{"alg", "RS256"}}, kClaims), keys_of({&a, &b})));
}

TEST(Jws, KeysInsideTheHeaderAreNotLookedAt) {
  const TokenSigner provider("RS256");
  const TokenSigner attacker("RS256");
  for (const auto& header :
       {json::object{{"alg", "RS256"}, {"jwk", attacker.public_jwk()}},
        json::object{{"alg", "RS256"}, {"kid", "k1"}, {"jwk", attacker.public_jwk()}},
        json::object{{"alg", "RS256"}, {"kid", "k1"}, {"jku", "https://attacker.example/jwks"}}})
    EXPECT_FALSE(accepts(attacker.sign(header, kClaims), keys_of({&provider})));
  EXPECT_FALSE(
      accepts(provider.sign({{"alg", "RS256"}, {"kid", "k1"}, {"crit", json::array{"exp"}}}, kClaims),
              keys_of({&provider})));
}

TEST(Jws, WeakKeysAndKeysForEncryptionAreNotUsed) {
  const TokenSigner weak("RS256", "k1", 1024);
  EXPECT_TRUE(keys_of({&weak}).empty());
  auto jwk = TokenSigner("RS256").public_jwk();
  jwk["use"] = "enc";
  EXPECT_TRUE(parse_jwks(json::serialize(json::object{{"keys", json::array{jwk}}}))->empty());
}

TEST(Jws, KeySetsAreBoundedAndMayHoldForeignThings) {
  json::array keys{1, "x", nullptr, json::object{}, json::object{{"kty", 1}}};
  const auto jwk = TokenSigner("ES256").public_jwk();
  for (int i = 0; i < 200; ++i) keys.push_back(jwk);
  EXPECT_EQ(parse_jwks(json::serialize(json::object{{"keys", keys}}))->size(), kMaxKeys);
  for (const std::string_view wrong : {"", "[]", "{}", R"({"keys":{}})", "{"})
    EXPECT_FALSE(parse_jwks(wrong).ok()) << wrong;
}

TEST(Jws, HugeAndMalformedTokensAreRefused) {
  const TokenSigner signer("RS256");
  const auto keys = keys_of({&signer});
  EXPECT_FALSE(accepts(signer.sign({{"sub", std::string(kMaxTokenBytes, 'x')}}), keys));
  EXPECT_TRUE(accepts(signer.sign({{"sub", std::string(40'000, 'x')}}), keys));
  for (const std::string_view wrong : {"", ".", "..", "...", "a.b.c", "e30.e30.e30", "e30.e30.e30.e30.e30"})
    EXPECT_FALSE(accepts(wrong, keys)) << wrong;
}

TEST(Jws, OfTwoThousandMutantsNoneIsAccepted) {
  std::mt19937 random(7);
  for (const std::string alg : {"RS256", "ES256", "PS256", "EdDSA"}) {
    const TokenSigner signer(alg);
    const auto keys = keys_of({&signer});
    const auto token = signer.sign(kClaims);
    int accepted = 0;
    for (int tried = 0; tried < 500;) {
      auto mutant = token;
      mutant[random() % mutant.size()] = static_cast<char>(random() % 256);
      if (mutant == token) continue;
      ++tried;
      if (accepts(mutant, keys)) ++accepted;
    }
    EXPECT_EQ(accepted, 0) << alg;
  }
}

// OpenID Connect Core, appendix A.3: at_hash of its example.
TEST(Jws, HalfHashIsThatOfTheSpecification) {
  EXPECT_EQ(half_hash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
  EXPECT_EQ(half_hash("HS256", "x"), "");
}

}  // namespace
}  // namespace tocsin::auth
