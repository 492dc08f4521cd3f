#include "triage/attack_fallback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace tocsin::triage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::set<std::string> current_techniques() {
  std::ifstream file(TOCSIN_SOURCE_DIR "/data/attack/techniques.csv");
  std::set<std::string> ids;
  for (std::string line; std::getline(file, line);) ids.insert(line.substr(0, line.find(',')));
  return ids;
}

std::vector<std::string_view> names(const std::vector<const Family*>& matched) {
  std::vector<std::string_view> out;
  for (const auto* family : matched) out.push_back(family->name);
  return out;
}

TEST(AttackFallback, EveryTechniqueInTheTableIsCurrent) {
  const auto current = current_techniques();
  ASSERT_GT(current.size(), 500U);
  for (const auto& family : families()) {
    EXPECT_FALSE(family.techniques.empty()) << family.name;
    for (const auto id : family.techniques)
      EXPECT_TRUE(current.contains(std::string(id))) << family.name << " " << id;
  }
}

TEST(AttackFallback, KnowsAtLeastTwentyFiveFamilies) {
  EXPECT_GE(families().size(), 60U);
}

TEST(AttackFallback, TypesAreUniqueAndInSnakeCase) {
  std::set<std::string_view> seen;
  for (const auto& family : families()) {
    for (const auto type : family.types) {
      EXPECT_TRUE(seen.insert(type).second) << type << " stands twice";
      EXPECT_EQ(type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos)
          << type;
    }
    for (const auto pattern : family.patterns) {
      EXPECT_EQ(pattern.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789 *"), std::string_view::npos)
          << pattern;
    }
  }
}

TEST(AttackFallback, KnowsTheTypesOfTheReferenceSystems) {
  for (const auto* type : {"iam_key_created", "suspicious_powershell", "impossible_travel", "c2_outbound",
                           "multiple_failed_logins", "failed_login", "failed_logins", "bruteforce",
                           "brute_force", "s3_public", "ssh_bruteforce", "bot_traffic", "proxy_network",
                           "device_compromise", "anomaly_detection", "rate_limit_breach", "geo_anomaly"}) {
    EXPECT_NE(find_family(type), nullptr) << type;
  }
  EXPECT_EQ(find_family("SSH Brute-Force")->name, "ssh_bruteforce");
  EXPECT_EQ(find_family("weather_report"), nullptr);
}

struct TitleCase {
  const char* title;
  const char* family;
};

class AttackFallbackTitle : public ::testing::TestWithParam<TitleCase> {};

TEST_P(AttackFallbackTitle, IsFoundByWholeWordsInAnyCase) {
  const auto matched = match_families("other", GetParam().title);
  ASSERT_FALSE(matched.empty()) << GetParam().title;
  EXPECT_EQ(matched.front()->name, GetParam().family) << GetParam().title;
}

INSTANTIATE_TEST_SUITE_P(
    Titles, AttackFallbackTitle,
    ::testing::Values(TitleCase{"Malicious PowerShell execution detected", "suspicious_powershell"},
                      TitleCase{"SSH BRUTE-FORCE from 1.2.3.4", "ssh_bruteforce"},
                      TitleCase{"Possible LSASS access by rundll", "credential_dumping"},
                      TitleCase{"A scheduled task was created by winword", "scheduled_task"},
                      TitleCase{"Volume shadow copies deleted", "recovery_inhibited"},
                      TitleCase{"Unusual sign-in for bob", "valid_account_abuse"},
                      TitleCase{"Tor exit node traffic", "proxy_network"},
                      TitleCase{"ET TROJAN Cobalt Strike Beacon", "c2_outbound"},
                      TitleCase{"User clicked: phishing link", "phishing_link"},
                      TitleCase{"SQL injection in /login", "web_attack"},
                      TitleCase{"Kerberoasting suspected", "kerberoasting"},
                      TitleCase{"New inbox rule forwards mail", "mail_rule"},
                      TitleCase{"Files encrypted on share", "ransomware"}));

TEST(AttackFallback, PartsOfWordsDoNotMatch) {
  EXPECT_THAT(match_families("other", "Abc2 report of Boronia torrent warmth"), IsEmpty());
  EXPECT_THAT(match_families("", ""), IsEmpty());
}

TEST(AttackFallback, TheTypeGoesBeforeTheTitle) {
  EXPECT_THAT(names(match_families("s3_public", "failed login then malware")), ElementsAre("s3_public"));
}

TEST(AttackFallback, ALongHostileTitleIsScannedInPartOnly) {
  std::string title(600, 'x');
  title.append(" mimikatz");
  EXPECT_THAT(match_families("other", title), IsEmpty());
}

TEST(AttackFallback, ABrokenTableIsRefusedWithItsLine) {
  const auto parsed = parse_families("family,label,techniques,types,patterns\nonly,two\n");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().where, "attack_fallback.csv:2:1");
}

}  // namespace
}  // namespace tocsin::triage
