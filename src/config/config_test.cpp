#include "config/config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/testing/temp_dir.h"

namespace tocsin::config {
namespace {

Environment environment_of(Values values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto it = values.find(name);
    return it == values.end() ? std::nullopt : std::optional(it->second);
  };
}

std::filesystem::path write_file(const std::string& text) {
  static const test::TempDir folder;
  std::ofstream(folder.file("tocsin.toml")) << text;
  return folder.file("tocsin.toml");
}

TEST(Config, FlagBeatsEnvironmentBeatsDotenvBeatsFile) {
  const auto file = write_file(
      "[listen]\nport = 1\n[scoring]\nhigh_priority_threshold = 10\n"
      "[correlation]\nwindow_minutes = 5\n[dedup]\nwindow_minutes = 7\n");
  const auto settings =
      load({{"listen.port", "3"}}, environment_of({{"PORT", "2"}, {"HIGH_PRIORITY_THRESHOLD", "20"}}),
           {{"HIGH_PRIORITY_THRESHOLD", "15"}, {"ALERT_CORRELATION_WINDOW", "6"}}, file);
  ASSERT_TRUE(settings) << to_string(settings.error());
  EXPECT_EQ(settings->port, 3);
  EXPECT_EQ(settings->high_priority_threshold, 20);
  EXPECT_EQ(settings->correlation_window, std::chrono::minutes(6));
  EXPECT_EQ(settings->dedup_window, std::chrono::minutes(7));
}

TEST(Config, NamesThePlaceOfAWrongOrUnknownSetting) {
  const auto unknown = load({}, environment_of({}), {}, write_file("[listen]\n\nprot = 1\n"));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().where.find(":3:"), std::string::npos) << unknown.error().where;
  EXPECT_NE(unknown.error().message.find("listen.prot"), std::string::npos);

  const auto wrong = load({}, environment_of({{"HIGH_PRIORITY_THRESHOLD", "101"}}), {}, {});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where, "environment: HIGH_PRIORITY_THRESHOLD");
}

TEST(Config, ListsAreArraysInTheFileAndHaveCommasElsewhere) {
  const auto file = write_file(
      "[outbound]\nallow = [\"10.1.0.0/16\", \"misp.corp.example\"]\nports = [443, 8443]\nallow_http = "
      "true\n");
  const auto settings = load({}, environment_of({}), {}, file);
  ASSERT_TRUE(settings) << to_string(settings.error());
  EXPECT_EQ(settings->outbound.allow, (std::vector<std::string>{"10.1.0.0/16", "misp.corp.example"}));
  EXPECT_EQ(settings->outbound.ports, (std::vector<std::uint16_t>{443, 8443}));
  EXPECT_TRUE(settings->outbound.allow_http);
  const auto env = load({}, environment_of({{"OUTBOUND_ALLOW", " 10.0.0.1 ,, x.example,"}}), {}, file);
  EXPECT_EQ(env->outbound.allow, (std::vector<std::string>{"10.0.0.1", "x.example"}));

  for (const auto* wrong :
       {"[outbound]\nallow = \"10.0.0.1\"\n", "[outbound]\nports = [0]\n", "[outbound]\nports = [70000]\n",
        "[outbound]\nallow_http = 1\n", "[data]\ndir = [\"a\"]\n"}) {
    const auto refused = load({}, environment_of({}), {}, write_file(wrong));
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().where.find(":2:"), std::string::npos) << refused.error().where;
  }
}

TEST(Config, RolesOfAnOpenIdProviderKeepTheirTexts) {
  const auto settings = load({}, environment_of({{"OIDC_CLIENT_ID", "tocsin"}}), {}, write_file(R"(
[auth.oidc]
issuer = "https://id.example"
scopes = ["openid", "groups"]
ask_userinfo = true
display_name = "Corp login"
[auth.oidc.roles]
analyst = ["CN=soc,OU=groups", "soc"]
)"));
  ASSERT_TRUE(settings) << to_string(settings.error());
  EXPECT_EQ(settings->oidc.issuer, "https://id.example");
  EXPECT_EQ(settings->oidc.client_id, "tocsin");
  EXPECT_EQ(settings->oidc.scopes, (std::vector<std::string>{"openid", "groups"}));
  EXPECT_TRUE(settings->oidc.ask_userinfo);
  EXPECT_EQ(settings->oidc.display_name, "Corp login");
  EXPECT_EQ(settings->oidc.roles.at("analyst"), (std::vector<std::string>{"CN=soc,OU=groups", "soc"}));
  for (const auto* wrong : {"[auth.oidc.roles]\nanalyst = \"soc\"\n", "[auth.oidc.roles]\nanalyst = [\"\"]\n",
                            "[auth.oidc.roles]\nanalyst = [1]\n"}) {
    const auto refused = load({}, environment_of({}), {}, write_file(wrong));
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().where.find(":2:"), std::string::npos) << refused.error().where;
  }
}

TEST(Config, ACertificateNeedsItsKey) {
  const auto alone = load({}, environment_of({}), {}, write_file("[listen]\ncertificate_file = \"a.pem\"\n"));
  ASSERT_FALSE(alone);
  EXPECT_NE(alone.error().message.find("listen.key_file"), std::string::npos);
  const auto both = load({}, environment_of({}), {},
                         write_file("[listen]\ncertificate_file = \"a.pem\"\nkey_file = \"b.pem\"\n"));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->key_file, "b.pem");
}

TEST(Config, IntakeTablesAreRead) {
  const auto settings = load({}, environment_of({}), {}, write_file(R"(
[[intake.syslog]]
name = "fw"
listen = "127.0.0.1:5514"
transport = "udp"
zone = "-05:30"
expected_interval_seconds = 60
[[intake.syslog]]
name = "tls"
listen = "[::1]:6514"
transport = "tls"
certificate_file = "c.pem"
key_file = "k.pem"
[[intake.file]]
name = "eve"
paths = ["/var/log/eve.json", "/var/log/x/*.log"]
start = "begin"
)"));
  ASSERT_TRUE(settings) << to_string(settings.error());
  ASSERT_EQ(settings->syslog.size(), 2U);
  EXPECT_EQ(settings->syslog[0].port, 5514);
  EXPECT_EQ(settings->syslog[0].zone, std::chrono::minutes(-330));
  EXPECT_EQ(settings->syslog[0].expected_interval, std::chrono::seconds(60));
  EXPECT_EQ(settings->syslog[1].host, "::1");
  ASSERT_EQ(settings->files.size(), 1U);
  EXPECT_EQ(settings->files[0].paths.size(), 2U);
  EXPECT_EQ(settings->files[0].start, "begin");
}

TEST(Config, AWrongIntakeTableIsNamedWithItsPlace) {
  const std::string good = "[[intake.syslog]]\nname = \"a\"\nlisten = \"127.0.0.1:1\"\n";
  const std::string wrong[] = {
      "[[intake.syslog]]\nname = \"a\"\n",
      "[[intake.syslog]]\nlisten = \"127.0.0.1:1\"\n",
      good + "port = 1\n",
      good + "transport = \"sctp\"\n",
      good + "transport = \"tls\"\n",
      good + "key_file = \"k\"\n",
      good + "zone = \"CET\"\n",
      good + "max_connections = 0\n",
      good + good,
      "[[intake.file]]\nname = \"a\"\n",
      "[[intake.file]]\nname = \"a\"\npaths = [\"relative.log\"]\n",
      "[[intake.kafka]]\nname = \"a\"\n",
  };
  for (const auto& text : wrong) {
    const auto settings = load({}, environment_of({}), {}, write_file(text));
    ASSERT_FALSE(settings) << text;
    EXPECT_NE(settings.error().where.find(':'), std::string::npos) << text;
  }
}

TEST(Config, WeightsMustSumToOne) {
  EXPECT_FALSE(load({}, environment_of({}), {}, write_file("[scoring.weights]\nseverity = 0.5\n")));
  EXPECT_TRUE(load({}, environment_of({}), {},
                   write_file("[scoring.weights]\nseverity = 0.5\nbusiness_context = 0.05\n")));
}

TEST(Config, FirstResponseIsMinutesBySeverity) {
  const auto settings =
      load({}, environment_of({}), {}, write_file("[sla.first_response_minutes]\nhigh = 20\n"));
  ASSERT_TRUE(settings) << to_string(settings.error());
  EXPECT_EQ(settings->first_response_minutes.high, 20);
  EXPECT_EQ(settings->first_response_minutes.critical, 15);
  EXPECT_FALSE(load({}, environment_of({}), {}, write_file("[sla.first_response_minutes]\nlow = 0\n")));
}

TEST(Config, DotenvReadsQuotesCommentsAndExport) {
  const auto values = parse_dotenv("# c\nexport HOST=\"0.0.0.0\"\n PORT = 9 \r\n\nA='b c'\n", ".env");
  ASSERT_TRUE(values);
  EXPECT_EQ(*values, (Values{{"HOST", "0.0.0.0"}, {"PORT", "9"}, {"A", "b c"}}));
  const auto wrong = parse_dotenv("A=1\nnonsense\n", ".env");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().where, ".env:2");
}

TEST(Config, ListenTakesIpv4Ipv6AndBarePort) {
  EXPECT_EQ(*parse_listen("127.0.0.1:80"), (Values{{"listen.host", "127.0.0.1"}, {"listen.port", "80"}}));
  EXPECT_EQ(*parse_listen("[::1]:80"), (Values{{"listen.host", "::1"}, {"listen.port", "80"}}));
  EXPECT_EQ(*parse_listen(":80"), (Values{{"listen.port", "80"}}));
  EXPECT_FALSE(parse_listen("::1:80"));
  EXPECT_FALSE(parse_listen("127.0.0.1:70000"));
}

}  // namespace
}  // namespace tocsin::config
