#include "auth/oidc_provider.h"

#include <gtest/gtest.h>

#include "auth/testing/fake_provider.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;
using std::chrono::seconds;
using test::FakeClock;
using test::FakeProvider;
using test::jwks;
using test::TokenSigner;

struct OidcProviderTest : ::testing::Test {
  FakeClock clock;
  FakeProvider fake{clock};
  OidcProvider provider{"https://id.example", fake.fetch(), clock};

  int asked_for_keys() { return fake.calls["/keys"]; }
};

TEST_F(OidcProviderTest, MetadataAndKeysAreKeptForAnHour) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(provider.metadata().ok());
    EXPECT_TRUE(provider.keys_for({"ES256", "k1"}).ok());
  }
  EXPECT_EQ(fake.calls["/.well-known/openid-configuration"], 1);
  EXPECT_EQ(asked_for_keys(), 1);
  clock.advance(seconds(3600));
  EXPECT_TRUE(provider.keys_for({"ES256", "k1"}).ok());
  EXPECT_EQ(asked_for_keys(), 2);
}

TEST_F(OidcProviderTest, ARotatedKeyIsFoundAndTheOldOneIsGone) {
  ASSERT_TRUE(provider.keys_for({"ES256", "k1"}).ok());
  const TokenSigner next("ES256", "k2");
  fake.keys = jwks({&next});
  clock.advance(seconds(60));
  const auto keys = provider.keys_for({"ES256", "k2"});
  ASSERT_TRUE(keys.ok());
  EXPECT_TRUE(has_key_for(*keys, {"ES256", "k2"}));
  EXPECT_FALSE(has_key_for(*keys, {"ES256", "k1"}));
}

TEST_F(OidcProviderTest, MadeUpKidsAskTheProviderOnceAMinute) {
  ASSERT_TRUE(provider.keys_for({"ES256", "k1"}).ok());
  for (int second = 0; second < 300; ++second) {
    clock.advance(seconds(1));
    for (int i = 0; i < 10; ++i) {
      const auto keys = provider.keys_for({"ES256", "made-up-" + std::to_string(i)});
      ASSERT_TRUE(keys.ok());
      EXPECT_FALSE(has_key_for(*keys, {"ES256", "made-up-" + std::to_string(i)}));
    }
  }
  EXPECT_EQ(asked_for_keys(), 1 + 5);
}

TEST_F(OidcProviderTest, AProviderThatIsDownIsAskedEveryTenSeconds) {
  fake.is_down = true;
  for (int second = 0; second < 30; ++second) {
    EXPECT_EQ(provider.metadata().error().kind, ErrorKind::kUnavailable);
    clock.advance(seconds(1));
  }
  EXPECT_EQ(fake.calls["/.well-known/openid-configuration"], 3);
  fake.is_down = false;
  clock.advance(seconds(10));
  EXPECT_TRUE(provider.metadata().ok());
}

TEST_F(OidcProviderTest, ADocumentOfAnotherIssuerIsNotBelieved) {
  for (const char* issuer : {"https://other.example", "https://id.example/", ""}) {
    fake.metadata["issuer"] = issuer;
    EXPECT_EQ(parse_provider_metadata(json::serialize(fake.metadata), "https://id.example").error().kind,
              ErrorKind::kForbidden);
  }
}

TEST_F(OidcProviderTest, EndpointsMustBeThereAndHttps) {
  for (const char* name : {"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"})
    for (const char* url :
         {"http://id.example/x", "javascript:alert(1)", "file:///etc/passwd", "//id.example"}) {
      auto document = fake.metadata;
      document[name] = url;
      EXPECT_FALSE(parse_provider_metadata(json::serialize(document), "https://id.example").ok())
          << name << " " << url;
    }
  auto document = fake.metadata;
  document.erase("token_endpoint");
  EXPECT_FALSE(parse_provider_metadata(json::serialize(document), "https://id.example").ok());
  for (const char* wrong : {"", "[]", "{", "null"})
    EXPECT_FALSE(parse_provider_metadata(wrong, "https://id.example").ok());
}

TEST_F(OidcProviderTest, AHugeDocumentIsRefused) {
  fake.keys = std::string(600 * 1024, ' ') + fake.keys;
  EXPECT_FALSE(provider.keys_for({"ES256", "k1"}).ok());
}

}  // namespace
}  // namespace tocsin::auth
