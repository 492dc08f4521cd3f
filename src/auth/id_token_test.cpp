#include "auth/id_token.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>

namespace tocsin::auth {
namespace {

namespace json = boost::json;

constexpr std::int64_t kNow = 1'800'000'000;
const Timestamp kTime{std::chrono::seconds(kNow)};
constexpr IdTokenExpectations kExpected{"https://id.example", "tocsin", "n-1"};

json::object good() {
  return {{"iss", "https://id.example"},
          {"aud", "tocsin"},
          {"sub", "alice"},
          {"nonce", "n-1"},
          {"iat", kNow - 5},
          {"exp", kNow + 300},
          {"name", "Alice Miller"}};
}

bool accepted_with(std::string_view name, const json::value& value) {
  auto claims = good();
  claims[name] = value;
  return check_id_token(claims, kExpected, kTime).ok();
}

TEST(IdToken, AGoodOneIsAccepted) {
  EXPECT_TRUE(check_id_token(good(), kExpected, kTime).ok());
}

TEST(IdToken, EveryRequiredClaimIsRequired) {
  for (const std::string_view name : {"iss", "aud", "sub", "nonce", "iat", "exp"}) {
    auto claims = good();
    claims.erase(name);
    const auto checked = check_id_token(claims, kExpected, kTime);
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_EQ(checked.error().kind, ErrorKind::kForbidden);
  }
}

TEST(IdToken, IssuerAudienceAndNonceAreExact) {
  for (const char* issuer : {"https://id.example/", "https://ID.example", "https://evil.example", ""})
    EXPECT_FALSE(accepted_with("iss", issuer)) << issuer;
  for (const char* nonce : {"n-2", "", "N-1", "n-1 "}) EXPECT_FALSE(accepted_with("nonce", nonce)) << nonce;
  EXPECT_FALSE(accepted_with("aud", "other"));
  EXPECT_FALSE(accepted_with("aud", json::array{}));
  EXPECT_FALSE(accepted_with("aud", json::array{"other", "another"}));
  EXPECT_FALSE(accepted_with("aud", json::array{"tocsin", 1}));
  EXPECT_FALSE(accepted_with("aud", 1));
  EXPECT_TRUE(accepted_with("aud", json::array{"tocsin"}));
}

TEST(IdToken, AnEmptyExpectedNonceAcceptsNothing) {
  auto claims = good();
  claims["nonce"] = "";
  EXPECT_FALSE(check_id_token(claims, {kExpected.issuer, kExpected.client_id, ""}, kTime).ok());
}

TEST(IdToken, SeveralAudiencesNeedUsAsTheAuthorizedParty) {
  EXPECT_FALSE(accepted_with("aud", json::array{"tocsin", "other"}));
  auto claims = good();
  claims["aud"] = json::array{"tocsin", "other"};
  claims["azp"] = "tocsin";
  EXPECT_TRUE(check_id_token(claims, kExpected, kTime).ok());
  claims["azp"] = "other";
  EXPECT_FALSE(check_id_token(claims, kExpected, kTime).ok());
  EXPECT_FALSE(accepted_with("azp", "other"));
  EXPECT_FALSE(accepted_with("azp", 1));
}

TEST(IdToken, TimesHaveASkewOfSixtySeconds) {
  EXPECT_TRUE(accepted_with("exp", kNow - 59));
  EXPECT_FALSE(accepted_with("exp", kNow - 60));
  EXPECT_TRUE(accepted_with("iat", kNow + 60));
  EXPECT_FALSE(accepted_with("iat", kNow + 61));
  EXPECT_TRUE(accepted_with("iat", kNow - 15 * 60));
  EXPECT_FALSE(accepted_with("iat", kNow - 17 * 60));
  EXPECT_TRUE(accepted_with("nbf", kNow + 60));
  EXPECT_FALSE(accepted_with("nbf", kNow + 61));
  EXPECT_TRUE(accepted_with("exp", static_cast<double>(kNow) + 300.5));
}

TEST(IdToken, TimesThatAreNoTimesAreRefused) {
  for (const auto& value : {json::value("1800000300"), json::value(nullptr), json::value(-1),
                            json::value(1e300), json::value(true)}) {
    EXPECT_FALSE(accepted_with("exp", value));
    EXPECT_FALSE(accepted_with("nbf", value));
  }
}

TEST(IdToken, SubjectsHaveALength) {
  EXPECT_TRUE(accepted_with("sub", json::value(json::string(255, 's'))));
  EXPECT_FALSE(accepted_with("sub", json::value(json::string(256, 's'))));
  EXPECT_FALSE(accepted_with("sub", ""));
  EXPECT_FALSE(accepted_with("sub", 7));
}

TEST(Claims, ListsAreReadFromTextsArraysAndPaths) {
  const json::object claims{{"groups", json::array{"a", 1, "b", nullptr}},
                            {"role", "one"},
                            {"realm_access", json::object{{"roles", json::array{"soc"}}}},
                            {"https://corp.example/roles", json::array{"x"}}};
  using Texts = std::vector<std::string>;
  EXPECT_EQ(list_claim(claims, "groups"), (Texts{"a", "b"}));
  EXPECT_EQ(list_claim(claims, "role"), Texts{"one"});
  EXPECT_EQ(list_claim(claims, "realm_access.roles"), Texts{"soc"});
  EXPECT_EQ(list_claim(claims, "https://corp.example/roles"), Texts{"x"});
  EXPECT_TRUE(list_claim(claims, "missing.roles").empty());
  EXPECT_TRUE(list_claim(claims, "role.x").empty());
}

TEST(Claims, ListsAndTextsAreBounded) {
  json::array many;
  for (int i = 0; i < 5000; ++i) many.emplace_back("g" + std::to_string(i));
  const json::object claims{{"groups", many}, {"name", std::string(2000, 'x')}, {"bad", "\xff\xfe"}};
  EXPECT_EQ(list_claim(claims, "groups").size(), 1000u);
  EXPECT_EQ(text_claim(claims, "name"), "");
  EXPECT_EQ(text_claim(claims, "bad"), "");
}

TEST(Roles, TheFirstRuleThatFitsDecides) {
  const std::vector<RoleRule> rules{{"soc-admins", "admin"}, {"soc", "analyst"}};
  EXPECT_EQ(map_role({"soc", "soc-admins"}, rules, {}), "admin");
  EXPECT_EQ(map_role({"soc"}, rules, {}), "analyst");
  EXPECT_EQ(map_role({"SOC"}, rules, {}), std::nullopt);
  EXPECT_EQ(map_role({}, rules, "viewer"), "viewer");
}

}  // namespace
}  // namespace tocsin::auth
