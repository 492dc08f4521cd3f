#include "auth/oidc_settings.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace tocsin::auth {
namespace {

config::OidcSettings good() {
  config::OidcSettings settings;
  settings.issuer = "https://id.example";
  settings.client_id = "tocsin";
  settings.redirect_url = "https://tocsin.example/api/v1/auth/oidc/callback";
  settings.roles = {
      {"analyst", {"CN=soc,OU=groups,DC=corp"}}, {"admin", {"soc-admins", "root"}}, {"viewer", {"all"}}};
  return settings;
}

TEST(OidcSettings, WithoutAnIssuerThereIsNoProvider) {
  const auto options = oidc_options({});
  ASSERT_TRUE(options.ok());
  EXPECT_FALSE(options->has_value());
}

TEST(OidcSettings, RulesStandByTheStrengthOfTheirRole) {
  const auto options = oidc_options(good());
  ASSERT_TRUE(options.ok()) << to_string(options.error());
  std::string order;
  for (const auto& rule : (*options)->role_rules) order += rule.role + "=" + rule.value + ";";
  EXPECT_EQ(order, "admin=soc-admins;admin=root;analyst=CN=soc,OU=groups,DC=corp;viewer=all;");
  EXPECT_FALSE((*options)->fallback_role);
}

TEST(OidcSettings, MistakesAreNamed) {
  const std::pair<std::function<void(config::OidcSettings&)>, std::string> mistakes[] = {
      {[](auto& s) { s.roles["boss"] = {"x"}; }, "auth.oidc.roles.boss"},
      {[](auto& s) { s.roles["ingest"] = {"x"}; }, "auth.oidc.roles.ingest"},
      {[](auto& s) { s.roles.clear(); }, "auth.oidc.roles"},
      {[](auto& s) { s.fallback_role = "boss"; }, "auth.oidc.fallback_role"},
      {[](auto& s) { s.client_id.clear(); }, "auth.oidc.client_id"},
      {[](auto& s) { s.redirect_url = "http://tocsin.example"; }, "auth.oidc.redirect_url"},
      {[](auto& s) { s.scopes = {"profile"}; }, "auth.oidc.scopes"}};
  for (const auto& [mistake, where] : mistakes) {
    auto settings = good();
    mistake(settings);
    const auto options = oidc_options(settings);
    ASSERT_FALSE(options.ok()) << where;
    EXPECT_EQ(options.error().where, where);
  }
}

TEST(OidcSettings, TheClientSecretComesFromAFileOfItsOwner) {
  const auto path = testing::TempDir() + "client_secret_" + std::to_string(::getpid());
  std::ofstream(path) << "the secret\n";
  auto settings = good();
  settings.client_secret_file = path;
  chmod(path.c_str(), 0644);
  EXPECT_EQ(oidc_options(settings).error().kind, ErrorKind::kForbidden);
  chmod(path.c_str(), 0600);
  EXPECT_EQ((*oidc_options(settings))->client_secret, "the secret");
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(oidc_options(settings).error().where, "auth.oidc.client_secret_file");
  std::filesystem::remove(path);
  EXPECT_EQ(oidc_options(settings).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace tocsin::auth
