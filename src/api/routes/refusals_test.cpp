// What is refused at the sign-in, as the audit log has it.

#include "api/testing/fixture.h"
#include "auth/testing/fake_provider.h"
#include "auth/totp.h"

namespace tocsin::api::test {
namespace {

constexpr std::string_view kPassword = "correct horse battery staple 9";

class RefusalRoutes : public ApiTest {
 protected:
  RefusalRoutes() {
    with_gate_ = true;
    add("boss", true);
  }
  store::Person add(const std::string& login, bool is_admin = false) {
    store::Person person;
    person.login = login;
    person.grants = {{1, is_admin ? model::Role::kAdmin : model::Role::kAnalyst, {}}};
    person.password_hash = *auth::hash_password(kPassword, kCheap);
    auto added = directory_.add_person(std::move(person));
    EXPECT_TRUE(added);
    return *added;
  }
  int sign_in(const std::string& login, std::string_view password, const std::string& code = {}) {
    std::string body = R"({"login":")" + login + R"(","password":")" + std::string(password) + "\"";
    if (!code.empty()) body += R"(,"code":")" + code + "\"";
    return post("/api/v1/session/sign-in", body + "}").status;
  }
  // Reasons by object id, and that no record has the text.
  std::map<std::string, boost::json::object> refused(std::string_view never) {
    EXPECT_TRUE(refusals_.write_due());
    std::map<std::string, boost::json::object> found;
    store::AuditQuery query;
    query.action = "session.refused";
    const auto page = *store_.audit().list(query);
    for (const auto& record : page.items) {
      EXPECT_EQ(record.after.find(never), std::string::npos) << record.after;
      found[record.object_id] = boost::json::parse(record.after).at("reasons").as_object();
    }
    return found;
  }
};

TEST_F(RefusalRoutes, WrongPasswordsAndCodesAndWhoIsTurnedAwayUnreadAreRecorded) {
  auto ana = add("ana");
  ana.totp_secret = secrets_.seal("12345678901234567890", auth::totp_owner(ana.id.str()));
  ASSERT_TRUE(directory_.update_person(ana));
  EXPECT_EQ(sign_in("ana", "not the password"), 401);
  EXPECT_EQ(sign_in("ana", kPassword), 401);  // asks for the code: nobody was refused
  EXPECT_EQ(sign_in("ana", kPassword, "000000"), 401);
  int throttled = 0;
  for (int i = 0; i < 10; ++i) throttled += sign_in("ana", "not the password") == 429 ? 1 : 0;
  ASSERT_GT(throttled, 0);
  const auto reasons = refused(kPassword).at(ana.id.str());
  EXPECT_EQ(reasons.at("wrong_code").as_int64(), 1);
  EXPECT_EQ(reasons.at("throttled").as_int64(), throttled);
  EXPECT_EQ(reasons.at("wrong_name_or_password").as_int64(), 1 + 10 - throttled);
}

TEST_F(RefusalRoutes, ANameThatNobodyHasIsNotWrittenDown) {
  EXPECT_EQ(sign_in("my-secret-in-the-wrong-field", "whatever"), 401);
  const auto found = refused("my-secret-in-the-wrong-field");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found.begin()->first.starts_with("unknown:"));
}

TEST_F(RefusalRoutes, WhoIsDisabledOrWhoseTenantsAreSuspendedIsRecordedAsSuch) {
  auto ana = add("ana");
  ana.disabled = true;
  ASSERT_TRUE(directory_.update_person(ana));
  EXPECT_EQ(sign_in("ana", kPassword), 401);
  const auto bob = add("bob");
  auto tenant = *directory_.tenant(1);
  tenant.suspended = true;
  ASSERT_TRUE(directory_.update_tenant(tenant));
  EXPECT_EQ(sign_in("bob", kPassword), 403);
  const auto found = refused(kPassword);
  EXPECT_EQ(found.at(ana.id.str()).at("disabled").as_int64(), 1);
  EXPECT_EQ(found.at(bob.id.str()).at("tenants_suspended").as_int64(), 1);
}

TEST_F(RefusalRoutes, AWrongPasswordOfWhoIsSignedInIsRecorded) {
  const auto ana = add("ana");
  const auto token = directory_.begin_session(ana, "10.1.2.3", "test")->token;
  const auto reply =
      call(Method::kPut, "/api/v1/me/password",
           R"({"current":"not the password","new":"another battery staple 7"})",
           {{"Cookie", std::string(auth::kSessionCookie) + "=" + token}, {"Sec-Fetch-Site", "same-origin"}});
  EXPECT_EQ(reply.status, 403) << reply.text;
  EXPECT_EQ(refused("not the password").at(ana.id.str()).at("wrong_name_or_password").as_int64(), 1);
}

TEST_F(RefusalRoutes, ARefusedCallbackOfTheProviderIsRecorded) {
  auth::test::FakeClock provider_clock;
  auth::test::FakeProvider provider{provider_clock};
  auth::OidcSignIn oidc{{.issuer = "https://id.example",
                         .client_id = "tocsin",
                         .redirect_url = "https://tocsin.example/api/v1/auth/oidc/callback",
                         .role_rules = {{"soc", "analyst"}}},
                        provider.fetch(),
                        secrets_,
                        directory_,
                        provider_clock};
  access_.oidc = &oidc;
  EXPECT_EQ(get("/api/v1/auth/oidc/callback?code=c&state=s").status, 403);
  provider.is_down = true;
  EXPECT_EQ(get("/api/v1/auth/oidc/start").status, 503);
  const auto found = refused("code=c");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at("").at("provider").as_int64(), 1);
  access_.oidc = nullptr;
}

}  // namespace
}  // namespace tocsin::api::test
