// Signing in, people, keys and tenants, through the gate as the server has it.

#include "api/testing/fixture.h"
#include "auth/totp.h"

namespace tocsin::api {
namespace {

using test::ApiTest;
using test::Method;
using test::Reply;

constexpr std::string_view kPassword = "correct horse battery staple 9";

class AccessRoutes : public ApiTest {
 protected:
  // The first admin, made in open mode; from then on the gate holds.
  void SetUp() override {
    with_gate_ = true;
    const auto made = post("/api/v1/people", person("ada", "admin"));
    ASSERT_EQ(made.status, 201) << made.text;
    admin_ = sign_in("ada");
  }
  static std::string person(std::string_view login, std::string_view role) {
    return R"({"login":")" + std::string(login) + R"(","password":")" + std::string(kPassword) +
           R"(","grants":[{"role":")" + std::string(role) + R"("}]})";
  }
  Reply try_to_sign_in(std::string_view login, std::string_view password, std::string_view code = {}) {
    std::string body =
        R"({"login":")" + std::string(login) + R"(","password":")" + std::string(password) + "\"";
    if (!code.empty()) body += R"(,"code":")" + std::string(code) + "\"";
    return post("/api/v1/session/sign-in", body + "}");
  }
  // The headers of a browser that signed in.
  std::vector<http::Header> sign_in(std::string_view login) {
    const auto reply = try_to_sign_in(login, kPassword);
    EXPECT_EQ(reply.status, 200) << reply.text;
    const auto cookie = reply.header("Set-Cookie");
    return {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Host", "soc"}, {"Origin", "https://soc"}};
  }
  std::vector<http::Header> add(std::string_view login, std::string_view role) {
    EXPECT_EQ(post("/api/v1/people", person(login, role), admin_).status, 201);
    return sign_in(login);
  }
  std::string id_of(std::string_view login) {
    const auto people = get("/api/v1/people", admin_);
    for (const auto& item : people.at("/items").as_array()) {
      if (item.at("login").as_string() == login) return std::string(item.at("id").as_string());
    }
    return {};
  }
  std::vector<http::Header> admin_;
};

TEST_F(AccessRoutes, TheFirstPersonMustBeAnAdminAndEndsOpenMode) {
  EXPECT_EQ(get("/api/v1/alerts").status, 401);
  EXPECT_EQ(get("/api/v1/session").text_at("/mode"), "sign-in");
  const auto session = get("/api/v1/session", admin_);
  EXPECT_EQ(session.text_at("/login"), "ada");
  EXPECT_EQ(session.text_at("/role"), "admin");
  EXPECT_EQ(get("/api/v1/alerts", admin_).status, 200);
}

TEST_F(AccessRoutes, ASessionCookieIsLockedToTheHost) {
  const auto cookie = try_to_sign_in("ada", kPassword).header("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-tocsin=tss_"));
  for (const char* part : {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"})
    EXPECT_NE(cookie.find(part), std::string::npos) << part;
}

TEST_F(AccessRoutes, WrongNamesAndPasswordsAreToldAlikeAndSlowDown) {
  const auto wrong = try_to_sign_in("ada", "not the password");
  const auto nobody = try_to_sign_in("nobody", "not the password");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.text_at("/detail"), nobody.text_at("/detail"));
  Reply last;
  for (int i = 0; i < 10; ++i) last = try_to_sign_in("ada", "not the password");
  EXPECT_EQ(last.status, 429);
  EXPECT_NE(last.header("Retry-After"), "");
}

TEST_F(AccessRoutes, SigningOutEndsTheSession) {
  EXPECT_EQ(post("/api/v1/session/sign-out", "", admin_).status, 204);
  EXPECT_EQ(get("/api/v1/alerts", admin_).status, 401);
}

TEST_F(AccessRoutes, APasswordIsChangedWithTheOldOneAndEndsOtherSessions) {
  const auto other = sign_in("ada");
  const auto change = [&](std::string_view current, std::string_view fresh) {
    return call(Method::kPut, "/api/v1/me/password",
                R"({"current":")" + std::string(current) + R"(","new":")" + std::string(fresh) + "\"}",
                admin_);
  };
  EXPECT_EQ(change("wrong", "another long passphrase 7").status, 403);
  EXPECT_EQ(change(kPassword, "short").status, 422);
  EXPECT_EQ(change(kPassword, "password1234").status, 422);
  EXPECT_EQ(change(kPassword, "another long passphrase 7").status, 204);
  EXPECT_EQ(get("/api/v1/alerts", admin_).status, 200);
  EXPECT_EQ(get("/api/v1/alerts", other).status, 401);
  EXPECT_EQ(try_to_sign_in("ada", kPassword).status, 401);
}

TEST_F(AccessRoutes, ASecondFactorIsAskedForAndCountsOnce) {
  const auto offer = post("/api/v1/me/second-factor", "", admin_);
  const auto secret = *auth::from_base32(offer.text_at("/secret"));
  const auto confirm = [&](const std::string& code) {
    return call(Method::kPut, "/api/v1/me/second-factor",
                R"({"ticket":")" + offer.text_at("/ticket") + R"(","code":")" + code + R"(","password":")" +
                    std::string(kPassword) + "\"}",
                admin_);
  };
  EXPECT_EQ(confirm("000000").status, 422);
  const auto step = auth::totp_step(clock_.now());
  const auto on = confirm(auth::totp_code(secret, step));
  ASSERT_EQ(on.status, 200) << on.text;
  EXPECT_EQ(on.size_at("/recovery_codes"), 10U);
  const auto without = try_to_sign_in("ada", kPassword);
  EXPECT_EQ(without.status, 401);
  EXPECT_EQ(without.text_at("/errors/0/pointer"), "/code");
  EXPECT_EQ(try_to_sign_in("ada", kPassword, auth::totp_code(secret, step)).status, 401);  // used before
  clock_.advance(std::chrono::seconds(30));
  const auto next = auth::totp_code(secret, step + 1);
  EXPECT_EQ(try_to_sign_in("ada", kPassword, next).status, 200);
  EXPECT_EQ(try_to_sign_in("ada", kPassword, next).status, 401);
  const auto recovery = on.text_at("/recovery_codes/3");
  EXPECT_EQ(try_to_sign_in("ada", kPassword, recovery).status, 200);
  EXPECT_EQ(try_to_sign_in("ada", kPassword, recovery).status, 401);
}

TEST_F(AccessRoutes, RolesAreHeld) {
  const auto viewer = add("vera", "viewer");
  const auto auditor = add("otto", "auditor");
  EXPECT_EQ(get("/api/v1/alerts", viewer).status, 200);
  EXPECT_EQ(post("/api/v1/incidents/rebuild", "", viewer).status, 403);
  EXPECT_EQ(get("/api/v1/people", viewer).status, 403);
  EXPECT_EQ(get("/api/v1/people", auditor).status, 200);
  EXPECT_EQ(post("/api/v1/people", person("x", "viewer"), auditor).status, 403);
}

TEST_F(AccessRoutes, AResponderTakesAnAlertAndDoesNotDecide) {
  const auto responder = add("rita", "responder");
  const auto made = post("/api/v1/alerts", R"({"message":"m","host":"h","severity":"high"})", admin_);
  const auto path = "/api/v1/alerts/" + made.text_at("/id");
  const auto patch_as = [&](std::string_view body, const std::vector<http::Header>& who) {
    return call(Method::kPatch, path, std::string(body), who).status;
  };
  for (const auto* body :
       {R"({"verdict":"false_positive"})", R"({"status":"closed"})", R"({"priority":1})", R"({"tags":["x"]})",
        R"({"close_reason":"no"})", R"({"status":"in_progress","verdict":"true_positive"})"}) {
    EXPECT_EQ(patch_as(body, responder), 403) << body;
    EXPECT_EQ(patch_as(body, admin_), 200) << body;
  }
  EXPECT_EQ(patch_as(R"({"status":"in_progress","assignee":"me"})", responder), 200);
}

TEST_F(AccessRoutes, ATenantAdminStaysInTheTenant) {
  ASSERT_EQ(post("/api/v1/tenants", R"({"name":"acme"})", admin_).status, 201);
  const auto body = [](std::string_view login, std::string_view grants) {
    return R"({"login":")" + std::string(login) + R"(","password":")" + std::string(kPassword) +
           R"(","grants":)" + std::string(grants) + "}";
  };
  ASSERT_EQ(
      post("/api/v1/people", body("tina", R"([{"tenant":"acme","role":"tenant-admin"}])"), admin_).status,
      201);
  const auto tina = sign_in("tina");
  EXPECT_EQ(post("/api/v1/people", body("a", R"([{"role":"analyst"}])"), tina).status, 201);
  EXPECT_EQ(post("/api/v1/people", body("b", R"([{"role":"admin"}])"), tina).status, 403);
  EXPECT_EQ(post("/api/v1/people", body("c", R"([{"tenant":"default","role":"viewer"}])"), tina).status, 403);
  EXPECT_EQ(post("/api/v1/people", body("d", R"([{"tenant":"*","role":"viewer"}])"), tina).status, 403);
  EXPECT_EQ(get("/api/v1/people", tina).size_at("/items"), 2U);  // not ada, who is of another tenant
  EXPECT_EQ(get("/api/v1/people/" + id_of("ada"), tina).status, 404);
  EXPECT_EQ(get("/api/v1/tenants", tina).status, 403);
}

TEST_F(AccessRoutes, FaultsInsideGrantsAreNamedWithTheirPlace) {
  const auto body = [](std::string_view grant) {
    return R"({"login":"eve","grants":[{"role":"viewer"},)" + std::string(grant) + "]}";
  };
  const auto pointer_of = [&](std::string_view grant) {
    return post("/api/v1/people", body(grant), admin_).text_at("/errors/0/pointer");
  };
  EXPECT_EQ(pointer_of(R"({"role":"viewer","is_admin":true})"), "/grants/1/is_admin");
  EXPECT_EQ(pointer_of(R"({"role":"viewer","scope":{"everything":true}})"), "/grants/1/scope/everything");
  EXPECT_EQ(pointer_of(R"({"tenant":"default"})"), "/grants/1/role");
  EXPECT_EQ(pointer_of("7"), "/grants/1/role");
}

TEST_F(AccessRoutes, AScopeTakesWhatItCannotDivide) {
  const auto made =
      post("/api/v1/keys",
           R"({"name":"k","role":"senior","scope":{"sources":["suricata"],"asset_groups":["dmz"]}})", admin_);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.text_at("/scope/sources/0"), "suricata");
  const std::vector<http::Header> key{{"Authorization", "Bearer " + made.text_at("/token")}};
  EXPECT_EQ(get("/api/v1/alerts", key).status, 200);
  const auto session = get("/api/v1/session", key);
  EXPECT_EQ(session.text_at("/scope/asset_groups/0"), "dmz");
  const auto refused = post("/api/v1/alerts", R"({"message":"x"})", key);
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.text_at("/detail").find("part of it"), std::string::npos) << refused.text;
  for (const std::string_view path : {"/api/v1/dead-letters", "/api/v1/jobs", "/metrics"})
    EXPECT_EQ(get(path, key).status, 403) << path;
}

TEST_F(AccessRoutes, AKeptAnswerIsOnlyForTheKeyThatGotIt) {
  const auto key = [&](std::string_view more) {
    const auto made =
        post("/api/v1/keys", R"({"name":"same","role":"analyst")" + std::string(more) + "}", admin_);
    return std::vector<http::Header>{{"Authorization", "Bearer " + made.text_at("/token")},
                                     {"Idempotency-Key", "one"}};
  };
  const auto view = R"({"name":"mine","q":"severity:high"})";
  const auto whole = key("");
  const auto first = post("/api/v1/views", view, whole);
  ASSERT_EQ(first.status, 201) << first.text;
  EXPECT_EQ(post("/api/v1/views", view, whole).text, first.text);
  EXPECT_EQ(post("/api/v1/views", view, key(R"(,"scope":{"sources":["suricata"]})")).status, 422);
  EXPECT_EQ(post("/api/v1/views", view, key("")).status, 422);
}

TEST_F(AccessRoutes, AScopeIsForRolesThatWorkOnAlerts) {
  for (const std::string_view role : {"tenant-admin", "admin", "auditor", "ingest"}) {
    const auto reply =
        post("/api/v1/keys",
             R"({"name":"k","role":")" + std::string(role) + R"(","scope":{"sources":["a"]}})", admin_);
    EXPECT_EQ(reply.status, 422) << role;
    EXPECT_EQ(reply.text_at("/errors/0/pointer"), "/scope") << role;
  }
  EXPECT_EQ(post("/api/v1/keys", R"({"name":"k","role":"viewer","scope":{"sources":[""]}})", admin_).status,
            422);
}

TEST_F(AccessRoutes, TheDefaultTenantsDeskIsNobodyElses) {
  ASSERT_EQ(post("/api/v1/tenants", R"({"name":"acme"})", admin_).status, 201);
  const auto made = directory_.add_key(
      {.tenant = 2, .role = model::Role::kAdmin, .verbs = model::verbs_of(model::Role::kAdmin)});
  ASSERT_TRUE(made);
  http::Router alone;
  register_routes(alone, services_, live_, Site{.access = &access_});
  auto match = alone.match(Method::kGet, "/api/v1/alerts");
  http::Request request;
  request.method = Method::kGet;
  request.path = "/api/v1/alerts";
  request.principal = directory_.find_key(made->token, "").principal;
  ASSERT_TRUE(request.principal);
  EXPECT_EQ((*match.handler)(request).status, 404);
  request.principal = model::local_admin();
  EXPECT_EQ((*match.handler)(request).status, 200);
}

TEST_F(AccessRoutes, TheLastAdminStays) {
  const auto id = id_of("ada");
  EXPECT_EQ(patch("/api/v1/people/" + id, R"({"disabled":true})", admin_).status, 409);
  EXPECT_EQ(patch("/api/v1/people/" + id, R"({"grants":[{"role":"viewer"}]})", admin_).status, 409);
  add("bea", "admin");
  EXPECT_EQ(patch("/api/v1/people/" + id, R"({"disabled":true})", admin_).status, 200);
  EXPECT_EQ(get("/api/v1/alerts", admin_).status, 401);
}

TEST_F(AccessRoutes, AResetPasswordMustBeChangedBeforeAnythingElse) {
  add("vera", "viewer");
  const auto id = id_of("vera");
  const auto reset = patch("/api/v1/people/" + id, R"({"reset_password":true})", admin_);
  ASSERT_EQ(reset.status, 200);
  const auto reply = try_to_sign_in("vera", reset.text_at("/password"));
  ASSERT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.at("/must_change_password").as_bool());
  const auto cookie = reply.header("Set-Cookie");
  EXPECT_EQ(get("/api/v1/alerts", {{"Cookie", cookie.substr(0, cookie.find(';'))}}).status, 403);
}

TEST_F(AccessRoutes, AKeyIsShownOnceAndDoesNoMoreThanItsVerbs) {
  const auto made =
      post("/api/v1/keys", R"({"name":"grafana","role":"viewer","verbs":["metrics.read"]})", admin_);
  ASSERT_EQ(made.status, 201) << made.text;
  const std::vector<http::Header> key{{"Authorization", "Bearer " + made.text_at("/token")}};
  EXPECT_EQ(get("/metrics", key).status, 200);
  EXPECT_EQ(get("/api/v1/alerts", key).status, 403);
  EXPECT_EQ(get("/api/v1/keys", admin_).text.find(made.text_at("/token")), std::string::npos);
  EXPECT_EQ(call(Method::kDelete, "/api/v1/keys/" + made.text_at("/id"), {}, admin_).status, 204);
  EXPECT_EQ(get("/metrics", key).status, 401);
  EXPECT_EQ(post("/api/v1/keys", R"({"name":"x","role":"viewer","verbs":["people.write"]})", admin_).status,
            422);
}

TEST_F(AccessRoutes, AnIngestTokenMayStandInThePath) {
  const auto made = post("/api/v1/keys", R"({"name":"ids","role":"ingest","source":"generic"})", admin_);
  ASSERT_EQ(made.status, 201);
  const auto token = made.text_at("/token");
  const std::string alert = R"({"title":"x","severity":"high"})";
  EXPECT_EQ(post("/api/v1/webhooks/generic/" + token, alert).status, 200);
  EXPECT_EQ(post("/api/v1/webhooks/suricata/" + token, alert).status, 403);
  EXPECT_EQ(post("/api/v1/webhooks/generic/tsi_wrong", alert).status, 401);
}

TEST_F(AccessRoutes, WritesAreRecordedUnderTheirName) {
  const auto ana = add("ana", "analyst");
  const auto id = post("/api/v1/alerts", R"({"title":"x","severity":"high"})", ana).text_at("/id");
  EXPECT_EQ(patch("/api/v1/alerts/" + id, R"({"assignee":"ana"})", ana).status, 200);
  std::vector<std::string> who;
  ASSERT_TRUE(store_.audit().scan(0, [&](std::span<const store::AuditRecord> records) {
    for (const auto& record : records) {
      if (record.action == "alert.update") who.push_back(record.actor);
    }
    return true;
  }));
  EXPECT_EQ(who, std::vector<std::string>{"ana"});
}

// A secret is never kept for a repeat of the call.
TEST_F(AccessRoutes, AnAnswerWithASecretIsNotKept) {
  auto headers = admin_;
  headers.emplace_back("Idempotency-Key", "one");
  const auto body = R"({"name":"k","role":"viewer"})";
  const auto first = post("/api/v1/keys", body, headers).text_at("/token");
  EXPECT_NE(post("/api/v1/keys", body, headers).text_at("/token"), first);
  EXPECT_FALSE(*store_.kept_answer("one"));
}

}  // namespace
}  // namespace tocsin::api
