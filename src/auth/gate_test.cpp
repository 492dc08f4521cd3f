#include "auth/gate.h"

#include "auth/testing_access.h"

namespace tocsin::auth {
namespace {

using http::Method;
using model::Role;
using model::Verb;

class GateTest : public test::AccessTest {
 protected:
  static std::optional<Verb> verbs(Method method, std::string_view pattern) {
    if (pattern == "/public") return Verb::kPublic;
    if (pattern == "/nowhere") return std::nullopt;
    if (pattern.starts_with("/api/v1/webhooks")) return Verb::kAlertsIngest;
    return method == Method::kGet ? Verb::kAlertsRead : Verb::kAlertsTriage;
  }
  // The status of the refusal; 0 when it is let in.
  int admit(http::Request& request, std::string_view pattern = "/alerts", bool websocket = false) {
    const auto refusal = gate_.admit(request, pattern, websocket);
    return refusal ? refusal->status : 0;
  }
  static http::Request asking(Method method, std::vector<http::Header> headers = {}) {
    http::Request request;
    request.method = method;
    request.path = "/alerts";
    request.headers = std::move(headers);
    return request;
  }
  static http::Header cookie(const std::string& token) {
    return {"Cookie", "a=b; " + std::string(kSessionCookie) + "=" + token};
  }
  static http::Header bearer(const std::string& token) { return {"Authorization", "Bearer " + token}; }

  Gate gate_{directory_, verbs, true};
};

TEST_F(GateTest, WithoutPeopleTheLocalAdminActs) {
  auto request = asking(Method::kPost);
  EXPECT_EQ(admit(request), 0);
  ASSERT_TRUE(request.principal);
  EXPECT_EQ(request.principal->name, "local-admin");
  const Gate closed(directory_, verbs, false);
  auto again = asking(Method::kPost);
  EXPECT_EQ(closed.admit(again, "/alerts", false)->status, 401);
}

TEST_F(GateTest, WithPeopleNobodyIs401AndABrowserIsLedToTheSignIn) {
  add("ana", Role::kViewer);
  auto request = asking(Method::kGet);
  const auto refusal = gate_.admit(request, "/alerts", false);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 401);
  auto page = asking(Method::kGet, {{"Sec-Fetch-Mode", "navigate"}});
  page.path = "/incidents/IN-1\" onload=x";
  page.query = {{"tab", "graph"}};
  const auto moved = gate_.admit(page, "/alerts", false);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->status, 303);
  EXPECT_EQ(moved->headers[0].second, "/sign-in?next=/incidents/IN-1%2522%2520onload%253Dx%3Ftab%3Dgraph");
  auto open = asking(Method::kGet);
  EXPECT_EQ(admit(open, "/public"), 0);
  EXPECT_FALSE(open.principal);
}

TEST_F(GateTest, ARouteThatTheDocumentDoesNotKnowIsNobodys) {
  auto request = asking(Method::kGet);
  EXPECT_EQ(admit(request, "/nowhere"), 403);
}

TEST_F(GateTest, RolesDecide) {
  const auto vera = session_of(add("vera", Role::kViewer));
  auto read = asking(Method::kGet, {cookie(vera)});
  EXPECT_EQ(admit(read), 0);
  auto write = asking(Method::kPatch, {cookie(vera), {"Origin", "https://soc"}, {"Host", "soc"}});
  EXPECT_EQ(admit(write), 403);
  auto key = asking(Method::kPatch, {bearer(key_of(Role::kAnalyst))});
  EXPECT_EQ(admit(key), 0);
  EXPECT_EQ(key.principal->kind, model::Principal::Kind::kKey);
}

TEST_F(GateTest, ACookieWritesOnlyFromOurOwnPages) {
  const auto ana = session_of(add("ana", Role::kAnalyst));
  const auto write = [&](std::vector<http::Header> headers) {
    headers.push_back(cookie(ana));
    headers.emplace_back("Host", "soc.example:8443");
    auto request = asking(Method::kPatch, std::move(headers));
    return admit(request);
  };
  EXPECT_EQ(write({{"Origin", "https://soc.example:8443"}}), 0);
  EXPECT_EQ(write({{"Origin", "http://SOC.example:8443"}}), 0);
  EXPECT_EQ(write({{"Sec-Fetch-Site", "same-origin"}}), 0);
  for (const char* foreign : {"https://evil", "null", "https://soc.example", "https://soc.example:8443.evil",
                              "soc.example:8443", "file://soc.example:8443"})
    EXPECT_EQ(write({{"Origin", foreign}}), 403) << foreign;
  EXPECT_EQ(write({}), 403);
  EXPECT_EQ(write({{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(write({{"Origin", "https://evil"}, {"Sec-Fetch-Site", "same-origin"}}), 403);
  auto socket = asking(Method::kGet, {cookie(ana), {"Host", "soc"}, {"Origin", "https://evil"}});
  EXPECT_EQ(admit(socket, "/ws", true), 403);
}

TEST_F(GateTest, TwoCookiesOfTheNameAreNone) {
  const auto ana = session_of(add("ana", Role::kAnalyst));
  auto request = asking(Method::kGet, {cookie(ana), cookie(ana)});
  EXPECT_EQ(admit(request), 401);
}

TEST_F(GateTest, AnAuthorizationThatIsWrongIsNotHelpedByACookie) {
  const auto ana = session_of(add("ana", Role::kAnalyst));
  auto request = asking(Method::kGet, {cookie(ana), {"Authorization", "Basic YTpi"}});
  EXPECT_EQ(admit(request), 401);
  auto session_as_key = asking(Method::kGet, {bearer(ana)});
  EXPECT_EQ(admit(session_as_key), 401);
}

TEST_F(GateTest, AForeignTenantIsNotThere) {
  const auto ana = session_of(add("ana", Role::kTenantAdmin));
  ASSERT_TRUE(directory_.add_tenant({.name = "acme"}));
  auto request = asking(Method::kGet, {cookie(ana), {"X-Tocsin-Tenant", "acme"}});
  EXPECT_EQ(admit(request), 404);
  auto known = asking(Method::kGet, {cookie(ana), {"X-Tocsin-Tenant", "default"}});
  EXPECT_EQ(admit(known), 0);
}

TEST_F(GateTest, APageChoosesAmongItsTenantsByACookieThatGrantsNothing) {
  const auto acme = directory_.add_tenant({.name = "acme"});
  ASSERT_TRUE(acme);
  const auto mine = session_of(add("ana", Role::kSenior));
  const auto both = session_of(add("bo", {{1, Role::kViewer, {}}, {acme->number, Role::kViewer, {}}}));
  const auto shown = [&](const std::string& token, const std::string& tenant) {
    auto request =
        asking(Method::kGet, {cookie(token), {"Cookie", std::string(kTenantCookie) + "=" + tenant}});
    EXPECT_EQ(admit(request), 0);
    return request.principal ? request.principal->tenant : 0;
  };
  EXPECT_EQ(shown(both, "acme"), acme->number);
  EXPECT_EQ(shown(both, "gone"), 1);
  EXPECT_EQ(shown(mine, "acme"), 1);
}

TEST_F(GateTest, InOpenModeTheLocalAdminNamesTheTenant) {
  const auto acme = directory_.add_tenant({.name = "acme"});
  ASSERT_TRUE(acme);
  auto request = asking(Method::kGet, {{"X-Tocsin-Tenant", "acme"}});
  EXPECT_EQ(admit(request), 0);
  EXPECT_EQ(request.principal->tenant, acme->number);
  EXPECT_EQ(request.principal->tenant_name, "acme");
  auto unknown = asking(Method::kGet, {{"X-Tocsin-Tenant", "gone"}});
  EXPECT_EQ(admit(unknown), 404);
}

TEST_F(GateTest, AnIngestTokenIsForItsSourceAndMayStandInThePath) {
  add("ana", Role::kAdmin);
  const auto token = key_of(Role::kIngest, "suricata");
  const auto post = [&](std::string source, std::vector<http::Header> headers, std::string in_path) {
    auto request = asking(Method::kPost, std::move(headers));
    if (!source.empty()) request.path_params = {{"source", source}};
    if (!in_path.empty()) request.path_params.emplace_back("token", in_path);
    return admit(request, "/api/v1/webhooks/{source}");
  };
  EXPECT_EQ(post("suricata", {bearer(token)}, ""), 0);
  EXPECT_EQ(post("suricata", {}, token), 0);
  EXPECT_EQ(post("wazuh", {}, token), 403);
  EXPECT_EQ(post("", {bearer(token)}, ""), 403);
  EXPECT_EQ(post("suricata", {}, "tsi_nonsense"), 401);
  auto read = asking(Method::kGet, {bearer(token)});
  EXPECT_EQ(admit(read), 403);
}

// 2,000 tokens that differ from a real one in a character, a length or a prefix.
TEST_F(GateTest, NoMutatedTokenIsTaken) {
  add("ana", Role::kAdmin);
  const auto real = key_of(Role::kAdmin);
  constexpr std::string_view kAlphabet = "0Az_-. \t\"%";
  int accepted = 0;
  for (std::size_t i = 0; i < 2000; ++i) {
    auto token = real;
    const auto at = i % token.size();
    const auto with = kAlphabet[(i / token.size()) % kAlphabet.size()];
    if (i % 3 == 0) {
      token[at] = token[at] == with ? 'q' : with;
    } else if (i % 3 == 1) {
      token.erase(at, 1 + i % 5);
    } else {
      token.insert(at, 1, with);
    }
    auto request = asking(Method::kGet, {bearer(token)});
    accepted += admit(request) == 0 ? 1 : 0;
  }
  EXPECT_EQ(accepted, 0);
  auto request = asking(Method::kGet, {bearer(real)});
  EXPECT_EQ(admit(request), 0);
}

}  // namespace
}  // namespace tocsin::auth
