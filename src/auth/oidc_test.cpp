#include "auth/oidc.h"

#include <gtest/gtest.h>

#include "auth/testing/fake_provider.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;
using std::chrono::seconds;
using test::FakeClock;
using test::FakeProvider;
using test::TokenSigner;

std::string parameter(const std::string& url, const std::string& name) {
  const auto at = url.find(name + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

struct OidcTest : ::testing::Test {
  FakeClock clock;
  FakeProvider provider{clock};
  SecretBox box = SecretBox::create();
  OidcOptions options{.issuer = "https://id.example",
                      .client_id = "tocsin",
                      .client_secret = "s:e/cret",
                      .redirect_url = "https://tocsin.example/api/v1/auth/oidc/callback",
                      .role_rules = {{"soc-admins", "admin"}, {"soc", "analyst"}}};

  OidcClient client() { return OidcClient(options, provider.fetch(), box, clock); }

  // A whole sign-in in which the provider answers with what `make` gives for the nonce.
  template <class Make>
  Result<OidcIdentity> sign_in(const Make& make) {
    auto oidc = client();
    const auto start = *oidc.begin("/incidents");
    provider.answer_with(make(parameter(start.authorization_url, "nonce")));
    return oidc.finish({"code-1", parameter(start.authorization_url, "state"), "", "", start.cookie});
  }
  Result<OidcIdentity> sign_in_with(const std::function<void(json::object&)>& change) {
    return sign_in([&](const std::string& nonce) {
      auto claims = provider.claims(nonce);
      change(claims);
      return provider.signer.sign(claims);
    });
  }
};

TEST_F(OidcTest, SignsInWhoTheProviderNames) {
  const auto who = sign_in_with([](json::object&) {});
  ASSERT_TRUE(who.ok()) << to_string(who.error());
  EXPECT_EQ(who->issuer, "https://id.example");
  EXPECT_EQ(who->subject, "subject-1");
  EXPECT_EQ(who->username, "alice");
  EXPECT_EQ(who->display_name, "Alice Miller");
  EXPECT_EQ(who->email, "alice@corp.example");
  EXPECT_EQ(who->role, "analyst");
  EXPECT_EQ(who->return_to, "/incidents");
}

TEST_F(OidcTest, AsksWithPkceStateAndNonce) {
  auto oidc = client();
  const auto a = *oidc.begin("/");
  const auto b = *oidc.begin("/");
  const auto& url = a.authorization_url;
  EXPECT_TRUE(url.starts_with("https://id.example/authorize?"));
  EXPECT_EQ(parameter(url, "response_type"), "code");
  EXPECT_EQ(parameter(url, "code_challenge_method"), "S256");
  EXPECT_EQ(parameter(url, "redirect_uri"),
            "https%3A%2F%2Ftocsin.example%2Fapi%2Fv1%2Fauth%2Foidc%2Fcallback");
  EXPECT_EQ(parameter(url, "scope"), "openid%20profile%20email");
  for (const char* name : {"state", "nonce", "code_challenge"}) {
    EXPECT_GE(parameter(url, name).size(), 32u) << name;
    EXPECT_NE(parameter(url, name), parameter(b.authorization_url, name)) << name;
    EXPECT_EQ(a.cookie.find(parameter(url, name)), std::string::npos) << "the cookie is sealed";
  }
}

TEST_F(OidcTest, TheCodeIsExchangedWithTheVerifierOfTheChallenge) {
  auto oidc = client();
  const auto start = *oidc.begin("/");
  provider.answer_with(provider.signer.sign(provider.claims(parameter(start.authorization_url, "nonce"))));
  ASSERT_TRUE(oidc.finish({"c/1", parameter(start.authorization_url, "state"), "", "", start.cookie}).ok());
  const auto& request = provider.last["/token"];
  ASSERT_TRUE(request.form);
  EXPECT_EQ(parameter(*request.form, "code"), "c%2F1");
  EXPECT_EQ(to_base64url(sha256(parameter(*request.form, "code_verifier"))),
            parameter(start.authorization_url, "code_challenge"));
  EXPECT_EQ(parameter(*request.form, "client_secret"), "");
  const auto authorization = std::find_if(request.headers.begin(), request.headers.end(),
                                          [](const auto& h) { return h.first == "Authorization"; });
  ASSERT_NE(authorization, request.headers.end());
  EXPECT_EQ(authorization->second, "Basic " + to_base64("tocsin:s%3Ae%2Fcret"));
}

TEST_F(OidcTest, TheSecretGoesIntoTheFormOnlyWhereTheProviderWantsItThere) {
  provider.metadata["token_endpoint_auth_methods_supported"] = json::array{"client_secret_post"};
  ASSERT_TRUE(sign_in_with([](json::object&) {}).ok());
  EXPECT_EQ(parameter(*provider.last["/token"].form, "client_secret"), "s%3Ae%2Fcret");
  EXPECT_EQ(parameter(*provider.last["/token"].form, "client_id"), "tocsin");
}

TEST_F(OidcTest, APublicClientSendsItsNameAndNoSecret) {
  options.client_secret.clear();
  ASSERT_TRUE(sign_in_with([](json::object&) {}).ok());
  EXPECT_EQ(parameter(*provider.last["/token"].form, "client_id"), "tocsin");
  EXPECT_EQ(provider.last["/token"].form->find("client_secret"), std::string::npos);
}

struct Attack {
  const char* name;
  std::function<void(json::object&)> change;
};

TEST_F(OidcTest, WrongClaimsSignNobodyIn) {
  const auto now = clock.seconds();
  const Attack attacks[] = {
      {"issuer", [](json::object& c) { c["iss"] = "https://other.example"; }},
      {"audience", [](json::object& c) { c["aud"] = "other"; }},
      {"several audiences",
       [](json::object& c) {
         c["aud"] = json::array{"tocsin", "other"};
       }},
      {"authorized party", [](json::object& c) { c["azp"] = "other"; }},
      {"nonce", [](json::object& c) { c["nonce"] = "another"; }},
      {"no nonce", [](json::object& c) { c.erase("nonce"); }},
      {"expired", [=](json::object& c) { c["exp"] = now - 61; }},
      {"future", [=](json::object& c) { c["iat"] = now + 3600; }},
      {"old", [=](json::object& c) { c["iat"] = now - 86'400; }},
      {"not yet", [=](json::object& c) { c["nbf"] = now + 3600; }},
      {"at_hash", [](json::object& c) { c["at_hash"] = half_hash("ES256", "another access token"); }},
      {"no subject", [](json::object& c) { c.erase("sub"); }},
      {"no role", [](json::object& c) { c["groups"] = json::array{"guests"}; }},
  };
  for (const auto& attack : attacks) {
    const auto who = sign_in_with(attack.change);
    ASSERT_FALSE(who.ok()) << attack.name;
    EXPECT_EQ(who.error().kind, ErrorKind::kForbidden) << attack.name;
  }
  EXPECT_TRUE(sign_in_with([](json::object& c) { c["at_hash"] = half_hash("ES256", "at-1"); }).ok());
}

TEST_F(OidcTest, WrongSignaturesSignNobodyIn) {
  const TokenSigner attacker("ES256", "k1");
  EXPECT_FALSE(sign_in([&](const std::string& n) { return attacker.sign(provider.claims(n)); }).ok());
  EXPECT_FALSE(sign_in([&](const std::string& n) {
                 return provider.signer.sign({{"alg", "ES256"}, {"kid", "zz"}}, provider.claims(n));
               }).ok());
  EXPECT_FALSE(sign_in([&](const std::string& n) {
                 return provider.signer.sign({{"alg", "none"}}, provider.claims(n));
               }).ok());
  EXPECT_FALSE(sign_in([&](const std::string& n) {
                 const auto text = to_base64url(R"({"alg":"HS256","kid":"k1"})") + "." +
                                   to_base64url(json::serialize(provider.claims(n)));
                 return text + "." + to_base64url(hmac_sha256(provider.signer.public_pem(), text));
               }).ok());
  EXPECT_FALSE(sign_in([&](const std::string&) { return std::string(200'000, 'a'); }).ok());
  EXPECT_FALSE(sign_in([&](const std::string&) { return std::string(); }).ok());
}

TEST_F(OidcTest, ACallbackCountsOnlyInTheBrowserThatBegan) {
  auto oidc = client();
  const auto mine = *oidc.begin("/");
  const auto other = *oidc.begin("/");
  provider.answer_with(provider.signer.sign(provider.claims(parameter(mine.authorization_url, "nonce"))));
  const auto state = parameter(mine.authorization_url, "state");
  for (const auto& [callback_state, cookie] : std::vector<std::pair<std::string, std::string>>{
           {state, ""},
           {state, other.cookie},
           {"", mine.cookie},
           {parameter(other.authorization_url, "state"), mine.cookie},
           {state, mine.cookie + "x"},
           {state, std::string(10'000, 'x')}}) {
    EXPECT_FALSE(oidc.finish({"code", callback_state, "", "", cookie}).ok());
  }
  EXPECT_EQ(provider.calls["/token"], 0) << "no code was sent anywhere";
  EXPECT_TRUE(oidc.finish({"code", state, "", "", mine.cookie}).ok());
}

TEST_F(OidcTest, AfterTenMinutesTheSignInIsOver) {
  auto oidc = client();
  const auto start = *oidc.begin("/");
  clock.advance(seconds(600));
  const auto who = oidc.finish({"code", parameter(start.authorization_url, "state"), "", "", start.cookie});
  EXPECT_EQ(who.error().kind, ErrorKind::kForbidden);
  EXPECT_EQ(provider.calls["/token"], 0);
}

// RFC 9207: the browser was led through another provider.
TEST_F(OidcTest, AMixedUpProviderNeverSeesTheCode) {
  provider.metadata["authorization_response_iss_parameter_supported"] = true;
  auto oidc = client();
  const auto start = *oidc.begin("/");
  provider.answer_with(provider.signer.sign(provider.claims(parameter(start.authorization_url, "nonce"))));
  const auto state = parameter(start.authorization_url, "state");
  for (const char* issuer : {"https://evil.example", ""})
    EXPECT_FALSE(oidc.finish({"code", state, issuer, "", start.cookie}).ok());
  EXPECT_EQ(provider.calls["/token"], 0);
  EXPECT_TRUE(oidc.finish({"code", state, "https://id.example", "", start.cookie}).ok());
}

TEST_F(OidcTest, TheProvidersRefusalIsARefusal) {
  auto oidc = client();
  const auto start = *oidc.begin("/");
  EXPECT_EQ(oidc.finish({"", parameter(start.authorization_url, "state"), "", "access_denied", start.cookie})
                .error()
                .kind,
            ErrorKind::kForbidden);
  provider.token_answer = {400, R"({"error":"invalid_grant"})"};
  const auto state = parameter(start.authorization_url, "state");
  EXPECT_EQ(oidc.finish({"code", state, "", "", start.cookie}).error().kind, ErrorKind::kForbidden);
  provider.token_answer = {503, ""};
  EXPECT_EQ(oidc.finish({"code", state, "", "", start.cookie}).error().kind, ErrorKind::kUnavailable);
}

TEST_F(OidcTest, UserinfoAddsClaimsOfTheSamePersonAndReplacesNone) {
  options.ask_userinfo = true;
  provider.userinfo = {{"sub", "subject-1"}, {"groups", json::array{"soc-admins"}}, {"name", "Mallory"}};
  const auto who = sign_in_with([](json::object& c) { c.erase("groups"); });
  ASSERT_TRUE(who.ok()) << to_string(who.error());
  EXPECT_EQ(who->role, "admin");
  EXPECT_EQ(who->display_name, "Alice Miller");
  EXPECT_EQ(provider.last["/me"].headers.front().second, "Bearer at-1");
  provider.userinfo["sub"] = "subject-2";
  EXPECT_EQ(sign_in_with([](json::object&) {}).error().kind, ErrorKind::kForbidden);
}

TEST_F(OidcTest, AnUnverifiedMailAddressIsNotTaken) {
  const auto who = sign_in_with([](json::object& c) {
    c["email_verified"] = false;
    c.erase("preferred_username");
  });
  ASSERT_TRUE(who.ok());
  EXPECT_EQ(who->email, "");
  EXPECT_EQ(who->username, "subject-1");
}

TEST_F(OidcTest, OnlyPathsOfOursAreReturnedTo) {
  for (const char* bad :
       {"https://evil.example", "//evil.example", "/\\evil.example", "", "x", "/a\nb", "javascript:1"})
    EXPECT_FALSE(is_local_path(bad)) << bad;
  for (const char* good : {"/", "/incidents?id=1#x"}) EXPECT_TRUE(is_local_path(good)) << good;
}

TEST_F(OidcTest, SettingsAreChecked) {
  EXPECT_TRUE(OidcClient::check(options).ok());
  const std::function<void(OidcOptions&)> mistakes[] = {
      [](OidcOptions& o) { o.issuer = "http://id.example"; },
      [](OidcOptions& o) { o.issuer = ""; },
      [](OidcOptions& o) { o.redirect_url = "http://tocsin.example"; },
      [](OidcOptions& o) { o.client_id = ""; },
      [](OidcOptions& o) { o.scopes = {"profile"}; },
      [](OidcOptions& o) { o.issuer = "http://127.0.0.1.evil.example"; }};
  for (const auto& mistake : mistakes) {
    auto wrong = options;
    mistake(wrong);
    EXPECT_EQ(OidcClient::check(wrong).error().kind, ErrorKind::kInvalidInput);
  }
  options.issuer = "http://127.0.0.1:21300";
  EXPECT_TRUE(OidcClient::check(options).ok());
}

}  // namespace
}  // namespace tocsin::auth
