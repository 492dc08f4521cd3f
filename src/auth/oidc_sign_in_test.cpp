#include "auth/oidc_sign_in.h"

#include "auth/testing/fake_provider.h"
#include "auth/testing_access.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;
using model::Role;
using Provider = test::FakeProvider;

std::string parameter(const std::string& url, const std::string& name) {
  const auto begin = url.find(name + "=") + name.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

class OidcSignInTest : public test::AccessTest {
 protected:
  Result<OidcSignIn::SignedIn> sign_in(const json::value& groups, const std::string& subject = "subject-1",
                                       const std::string& username = "alice") {
    const auto start = *oidc_.begin("/incidents");
    auto claims = provider_.claims(parameter(start.authorization_url, "nonce"));
    claims["groups"] = groups;
    claims["sub"] = subject;
    claims["preferred_username"] = username;
    provider_.answer_with(provider_.signer.sign(claims));
    return oidc_.finish({"code", parameter(start.authorization_url, "state"), "", "", start.cookie},
                        {"10.1.2.3", "test", {}});
  }

  test::FakeClock provider_clock_;
  Provider provider_{provider_clock_};
  SecretBox secrets_ = SecretBox::create();
  OidcSignIn oidc_{{.issuer = "https://id.example",
                    .client_id = "tocsin",
                    .redirect_url = "https://tocsin.example/cb",
                    .role_rules = {{"root", "admin"}, {"soc", "analyst"}, {"all", "viewer"}}},
                   provider_.fetch(),
                   secrets_,
                   directory_,
                   provider_clock_};
  store::Person admin_ = add("boss", Role::kAdmin);
};

TEST_F(OidcSignInTest, AddsWhoComesForTheFirstTimeAndKnowsThemAgain) {
  const auto first = sign_in(json::array{"soc"});
  ASSERT_TRUE(first.ok()) << to_string(first.error());
  EXPECT_EQ(first->person.login, "alice");
  EXPECT_EQ(first->person.external_id, "https://id.example subject-1");
  EXPECT_TRUE(first->person.password_hash.empty());
  EXPECT_EQ(first->return_to, "/incidents");
  const auto found = directory_.find_session(first->session.token, "");
  ASSERT_TRUE(found.principal);
  EXPECT_EQ(found.principal->role, Role::kAnalyst);
  const auto second = sign_in(json::array{"soc"});
  EXPECT_EQ(second->person.id, first->person.id);
  EXPECT_EQ(directory_.people().size(), 2u);
}

TEST_F(OidcSignInTest, TheRoleIsTheProvidersAtEachSignInTheRestIsOurs) {
  auto person = sign_in(json::array{"soc"})->person;
  person.grants.front().scope.sources = {"wazuh"};
  ASSERT_TRUE(directory_.update_person(person).ok());
  const auto again = sign_in(json::array{"all"});
  ASSERT_TRUE(again.ok()) << to_string(again.error());
  EXPECT_EQ(again->person.grants.front().role, Role::kViewer);
  EXPECT_EQ(again->person.grants.front().scope.sources, std::vector<std::string>{"wazuh"});
}

TEST_F(OidcSignInTest, ALocalAccountOfTheSameNameIsNotTakenOver) {
  const auto who = sign_in(json::array{"root"}, "subject-9", "boss");
  ASSERT_TRUE(who.ok()) << to_string(who.error());
  EXPECT_NE(who->person.id, admin_.id);
  EXPECT_EQ(who->person.login, "boss@id.example");
}

TEST_F(OidcSignInTest, WhoIsDisabledHereStaysOut) {
  auto person = sign_in(json::array{"soc"})->person;
  person.disabled = true;
  ASSERT_TRUE(directory_.update_person(person).ok());
  EXPECT_EQ(sign_in(json::array{"root"}).error().kind, ErrorKind::kForbidden);
}

TEST_F(OidcSignInTest, TwoSubjectsOfOneNameAreTwoPeople) {
  const auto a = sign_in(json::array{"soc"}, "subject-1");
  const auto b = sign_in(json::array{"soc"}, "subject-2");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_NE(a->person.id, b->person.id);
  EXPECT_EQ(b->person.login, "alice@id.example");
}

TEST_F(OidcSignInTest, TheSessionThatTheBrowserHadIsEnded) {
  const auto before = sign_in(json::array{"soc"});
  const auto start = *oidc_.begin("/");
  provider_.answer_with(provider_.signer.sign(provider_.claims(parameter(start.authorization_url, "nonce"))));
  const auto after = oidc_.finish({"code", parameter(start.authorization_url, "state"), "", "", start.cookie},
                                  {"10.1.2.3", "test", before->session.session.id});
  ASSERT_TRUE(after.ok()) << to_string(after.error());
  EXPECT_FALSE(directory_.find_session(before->session.token, "").principal);
  EXPECT_TRUE(directory_.find_session(after->session.token, "").principal);
}

class FirstOidcSignInTest : public OidcSignInTest {};

TEST_F(FirstOidcSignInTest, WithoutAnAdminOnlyAnAdminGetsIn) {
  admin_.disabled = true;
  admin_ = *directory_.update_person(admin_);
  EXPECT_EQ(sign_in(json::array{"soc"}).error().kind, ErrorKind::kForbidden);
  EXPECT_TRUE(sign_in(json::array{"root"}, "subject-2", "root").ok());
  EXPECT_TRUE(sign_in(json::array{"soc"}).ok());
}

}  // namespace
}  // namespace tocsin::auth
