#include "api/testing/fixture.h"
#include "auth/testing/fake_provider.h"

namespace tocsin::api::test {
namespace {

std::string parameter(const std::string& url, const std::string& name) {
  const auto begin = url.find(name + "=") + name.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

// All values of Set-Cookie that begin with the name.
std::vector<std::string> cookies_of(const Reply& reply, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& [header, value] : reply.headers)
    if (header == "Set-Cookie" && value.starts_with(std::string(name) + "=")) found.push_back(value);
  return found;
}

class OidcRoutesTest : public ApiTest {
 protected:
  OidcRoutesTest() {
    with_gate_ = true;
    access_.oidc = &oidc_;
    store::Person admin;
    admin.login = "boss";
    admin.grants = {{1, model::Role::kAdmin, {}}};
    EXPECT_TRUE(directory_.add_person(std::move(admin)));
  }

  struct Started {
    std::string url;
    std::string cookie;  // "name=value"
  };
  Started start(const std::string& query = {}) {
    const auto reply = get("/api/v1/auth/oidc/start" + query);
    EXPECT_EQ(reply.status, 303);
    const auto cookie = cookies_of(reply, "__Host-tocsin-oidc").at(0);
    EXPECT_NE(cookie.find("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"), std::string::npos);
    return {reply.header("Location"), cookie.substr(0, cookie.find(';'))};
  }
  Reply come_back(const Started& started, std::string cookie) {
    const auto claims = provider_.claims(parameter(started.url, "nonce"));
    provider_.answer_with(provider_.signer.sign(claims));
    return get("/api/v1/auth/oidc/callback?code=c&state=" + parameter(started.url, "state"),
               {{"Cookie", std::move(cookie)}});
  }

  auth::test::FakeClock provider_clock_;
  auth::test::FakeProvider provider_{provider_clock_};
  auth::OidcSignIn oidc_{{.issuer = "https://id.example",
                          .client_id = "tocsin",
                          .redirect_url = "https://tocsin.example/api/v1/auth/oidc/callback",
                          .role_rules = {{"soc", "analyst"}}},
                         provider_.fetch(),
                         secrets_,
                         directory_,
                         provider_clock_};
};

TEST_F(OidcRoutesTest, SignsInAndGoesOnWithAPageOfOurs) {
  const auto started = start("?next=/incidents?sort=newest%26x=%22");
  const auto reply = come_back(started, started.cookie);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_NE(reply.text.find("url=/incidents?sort=newest&#38;x=&#34;\""), std::string::npos) << reply.text;
  EXPECT_EQ(reply.header("Content-Security-Policy"),
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  const auto session = cookies_of(reply, auth::kSessionCookie).at(0);
  EXPECT_NE(session.find("HttpOnly; SameSite=Strict"), std::string::npos);
  EXPECT_NE(cookies_of(reply, "__Host-tocsin-oidc").at(0).find("Max-Age=0"), std::string::npos);
  const auto me = get("/api/v1/session", {{"Cookie", session.substr(0, session.find(';'))}});
  EXPECT_EQ(me.text_at("/login"), "alice");
  EXPECT_EQ(me.text_at("/role"), "analyst");
}

TEST_F(OidcRoutesTest, ACallbackWithoutItsCookieOrWithAnotherSignsNobodyIn) {
  const auto mine = start();
  const auto other = start();
  for (const std::string& cookie :
       {std::string("a=b"), other.cookie, mine.cookie + "x", mine.cookie + "; " + mine.cookie}) {
    const auto reply = come_back(mine, cookie);
    EXPECT_EQ(reply.status, 403) << cookie;
    EXPECT_TRUE(cookies_of(reply, auth::kSessionCookie).empty());
  }
  EXPECT_EQ(provider_.calls["/token"], 0);
}

TEST_F(OidcRoutesTest, NobodyIsSentElsewhereAfterwards) {
  for (const char* next :
       {"https://evil.example", "//evil.example", "/%5Cevil.example", "javascript:alert(1)"}) {
    const auto started = start(std::string("?next=") + next);
    const auto reply = come_back(started, started.cookie);
    EXPECT_NE(reply.text.find("url=/\""), std::string::npos) << next << ": " << reply.text;
  }
}

TEST_F(OidcRoutesTest, WhoIsNotSignedInIsToldOfTheProvider) {
  auto session = get("/api/v1/session");
  EXPECT_FALSE(session.at("/signed_in").as_bool());
  EXPECT_EQ(session.text_at("/provider/name"), "id.example");
  EXPECT_EQ(session.text_at("/provider/start"), "/api/v1/auth/oidc/start");
  access_.oidc = nullptr;
  session = get("/api/v1/session");
  EXPECT_TRUE(session.at("/provider").is_null());
}

TEST_F(OidcRoutesTest, WhoGetsInNowhereIsToldWhy) {
  const auto started = start();
  EXPECT_EQ(come_back(started, started.cookie).status, 200);
  auto alice = *directory_.person_by_login("alice");
  alice.disabled = true;
  alice = *directory_.update_person(alice);
  const auto disabled = come_back(started, started.cookie);
  EXPECT_EQ(disabled.status, 403);
  EXPECT_NE(disabled.text.find("Your account here is disabled. Ask an admin"), std::string::npos)
      << disabled.text;
  alice.disabled = false;
  ASSERT_TRUE(directory_.update_person(alice));
  auto tenant = *directory_.tenant(1);
  tenant.suspended = true;
  ASSERT_TRUE(directory_.update_tenant(tenant));
  const auto suspended = come_back(started, started.cookie);
  EXPECT_EQ(suspended.status, 403);
  EXPECT_NE(suspended.text.find("suspended"), std::string::npos) << suspended.text;
  EXPECT_TRUE(cookies_of(suspended, auth::kSessionCookie).empty());
}

TEST_F(OidcRoutesTest, APersonOfTheProviderIsGivenNoPassword) {
  const auto started = start();
  EXPECT_EQ(come_back(started, started.cookie).status, 200);
  const auto boss = *directory_.person_by_login("boss");
  const auto token = directory_.begin_session(boss, "10.1.2.3", "test")->token;
  const auto alice = *directory_.person_by_login("alice");
  const auto reply =
      patch("/api/v1/people/" + alice.id.str(), R"({"reset_password": true})",
            {{"Cookie", std::string(auth::kSessionCookie) + "=" + token}, {"Sec-Fetch-Site", "same-origin"}});
  EXPECT_EQ(reply.status, 409) << reply.text;
  EXPECT_TRUE(directory_.person_by_login("alice")->password_hash.empty());
}

TEST_F(OidcRoutesTest, WithoutAProviderThereAreNoPages) {
  access_.oidc = nullptr;
  EXPECT_EQ(get("/api/v1/auth/oidc/start").status, 404);
  EXPECT_EQ(get("/api/v1/auth/oidc/callback").status, 404);
}

TEST_F(OidcRoutesTest, AProviderThatIsDownIsAPageThatSaysSo) {
  provider_.is_down = true;
  const auto reply = get("/api/v1/auth/oidc/start");
  EXPECT_EQ(reply.status, 503);
  EXPECT_NE(reply.text.find("cannot be reached"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::api::test
