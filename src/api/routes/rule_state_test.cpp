#include <filesystem>
#include <fstream>

#include "api/testing/fixture.h"
#include "detect/engine/rule_library.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kRule = R"(title: Logon
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, service: security}
detection: {s: {EventID: 4624}, condition: s}
)";
constexpr std::string_view kPassword = "correct horse battery staple";

class RuleStateTest : public test::ApiTest {
 protected:
  RuleStateTest() {
    std::filesystem::create_directory(directory());
    write("a.yml", kRule);
    write("b.yml", kRule);  // refused: the id is taken by a.yml
    auto opened = detect::RuleLibrary::open({.paths = {directory()}, .bundled = false}, clock_.now());
    EXPECT_TRUE(opened) << to_string(opened.error());
    rules_ = *std::move(opened);
    desk_ = std::make_unique<EventDesk>(store_, pipeline_, clock_, *rules_, EventDesk::Hooks{});
    services_.settings.rules = rules_.get();
    services_.settings.events = desk_.get();
  }

  std::string directory() const { return folder_.file("rules"); }
  void write(const std::string& name, std::string_view text) {
    std::ofstream(directory() + "/" + name) << text;
  }
  // From here on callers are asked who they are; the headers of somebody with that role.
  std::vector<http::Header> sign_in_as(model::Role role) {
    with_gate_ = true;
    store::Person person;
    person.login = "person" + std::to_string(++people_);
    person.password_hash = *auth::hash_password(kPassword, kCheap);
    person.grants = {{1, role, {}}};
    EXPECT_TRUE(directory_.add_person(std::move(person)));
    const auto reply =
        post("/api/v1/session/sign-in", R"({"login":"person)" + std::to_string(people_) +
                                            R"(","password":")" + std::string(kPassword) + "\"}");
    EXPECT_EQ(reply.status, 200) << reply.text;
    const auto cookie = reply.header("Set-Cookie");
    return {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Host", "soc"}, {"Origin", "https://soc"}};
  }

  std::unique_ptr<detect::RuleLibrary> rules_;
  std::unique_ptr<EventDesk> desk_;
  int people_ = 0;
};

TEST_F(RuleStateTest, SaysWhatIsInForceAndWhatIsNot) {
  const auto state = get("/api/v1/rules/state");
  EXPECT_EQ(state.at("/rules").as_int64(), 1) << state.text;
  EXPECT_EQ(state.at("/files").as_int64(), 2);
  EXPECT_EQ(state.text_at("/loaded_at"), to_rfc3339(clock_.now()));
  EXPECT_EQ(state.size_at("/refused"), 1U);
  EXPECT_EQ(state.size_at("/kept"), 0U);
  EXPECT_TRUE(state.at("/problem").is_null());
}

TEST_F(RuleStateTest, AnInvalidFileIsTiedToTheVersionInForce) {
  write("a.yml", std::string(kRule) + "level: loud\n");
  const auto state = post("/api/v1/rules/reload");
  ASSERT_EQ(state.status, 200) << state.text;
  EXPECT_EQ(state.at("/rules").as_int64(), 1);
  EXPECT_EQ(state.text_at("/kept/0"), directory() + "/a.yml");
  EXPECT_TRUE(state.text_at("/refused/0/where").starts_with(directory() + "/a.yml:5:")) << state.text;
  EXPECT_NE(state.text_at("/refused/0/hint").find("stays in force"), std::string::npos);
  EXPECT_EQ(get("/api/v1/rules/state").text, state.text);
  EXPECT_EQ(get("/api/v1/rules").text_at("/items/0/title"), "Logon");
}

TEST_F(RuleStateTest, AReloadThatChangesNothingSaysWhy) {
  std::filesystem::remove_all(directory());
  EXPECT_EQ(post("/api/v1/rules/reload").status, 422);
  const auto state = get("/api/v1/rules/state");
  EXPECT_EQ(state.at("/rules").as_int64(), 1);
  EXPECT_EQ(state.text_at("/problem/reason"), "there is no " + directory());
}

TEST_F(RuleStateTest, OnlyThoseWhoRunTheInstallationSeeWhereRulesAre) {
  const std::vector<std::string> pages{"/api/v1/rules", "/api/v1/rules/11111111-1111-4111-8111-111111111111",
                                       "/api/v1/rules/refusals", "/api/v1/rules/state"};
  const auto admin = sign_in_as(model::Role::kAdmin);
  for (const auto& page : pages) {
    if (page.ends_with("/state")) continue;
    EXPECT_NE(get(page, admin).text.find(directory() + "/"), std::string::npos) << page;
  }
  EXPECT_EQ(get("/api/v1/rules?q=" + folder_.path().filename().string(), admin).at("/total").as_int64(), 1);
  for (const auto role : {model::Role::kViewer, model::Role::kTenantAdmin, model::Role::kAuditor}) {
    const auto caller = sign_in_as(role);
    for (const auto& page : pages) {
      const auto reply = get(page, caller);
      EXPECT_EQ(reply.status, 200) << page << reply.text;
      EXPECT_EQ(reply.text.find(folder_.path().string()), std::string::npos) << page << reply.text;
    }
    EXPECT_EQ(get("/api/v1/rules", caller).text_at("/items/0/file"), "rules/a.yml");
    const auto refused = get("/api/v1/rules/refusals", caller);
    EXPECT_TRUE(refused.text_at("/items/0/where").starts_with("rules/b.yml:")) << refused.text;
    EXPECT_NE(refused.text_at("/items/0/reason").find("taken by rules/a.yml"), std::string::npos);
    // Nor can they guess it word by word.
    EXPECT_EQ(get("/api/v1/rules?q=" + folder_.path().filename().string(), caller).at("/total").as_int64(),
              0);
  }
  const auto tenant_admin = sign_in_as(model::Role::kTenantAdmin);
  std::filesystem::remove_all(directory());
  const auto failed = post("/api/v1/rules/reload", {}, tenant_admin);
  EXPECT_EQ(failed.status, 422) << failed.text;
  EXPECT_EQ(failed.text.find(folder_.path().string()), std::string::npos) << failed.text;
}

}  // namespace
}  // namespace tocsin::api
