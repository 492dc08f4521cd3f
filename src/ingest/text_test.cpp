#include "ingest/text.h"

#include <gtest/gtest.h>

#include "ingest/cef.h"
#include "ingest/domain.h"
#include "ingest/ip.h"
#include "ingest/severity.h"
#include "ingest/syslog.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

TEST(Slug, SplitsVendorsTypesIntoWords) {
  EXPECT_EQ(slug("UnauthorizedAccess:EC2/SSHBruteForce"), "unauthorized_access_ec2_ssh_brute_force");
  EXPECT_EQ(slug("VM_SuspectActivity"), "vm_suspect_activity");
  EXPECT_EQ(slug("ssh_bruteforce"), "ssh_bruteforce");
  EXPECT_EQ(slug("--"), "");
}

TEST(Times, NumbersAreUnixTimesOrWindowsFileTimes) {
  const auto text = [](std::string_view number) {
    const auto time = read_time(number);
    return time ? to_rfc3339(*time) : std::string();
  };
  EXPECT_EQ(text("1686848064"), "2023-06-15T16:54:24.000Z");
  EXPECT_EQ(text("1643317697728000000"), "2022-01-27T21:08:17.728Z");
  EXPECT_EQ(text("133313215755670000"), "2023-06-15T16:52:55.567Z");
  EXPECT_EQ(text("99999999"), "");  // a counter
}

TEST(Slug, OfATitleDropsWhatVaries) {
  EXPECT_EQ(slug_of_title("12 failed logins from 10.0.0.1 on host-7"), "failed_logins_from_on_host");
  EXPECT_EQ(slug_of_title("Malware x64 in MS17-010"), "malware_x64_in_ms17");
  EXPECT_LE(slug_of_title(std::string(5000, 'a').append(" b")).size(), 96U);
}

TEST(BlankValue, KnowsWhatToolsWriteForNothing) {
  for (const auto* text : {"", "-", "N/A", "null", "(null)", "None", "unknown"})
    EXPECT_TRUE(is_blank_value(text)) << text;
  for (const auto* text : {"0", "admin", "-1", "nullable"}) EXPECT_FALSE(is_blank_value(text)) << text;
}

TEST(ReadTime, ReadsWhatVendorsWrite) {
  const auto at = [](std::string_view text) {
    const auto time = read_time(text);
    return time ? to_rfc3339(*time) : "absent";
  };
  EXPECT_EQ(at("Sep 07 2018 14:50:39"), "2018-09-07T14:50:39.000Z");
  EXPECT_EQ(at("Sep 7 2018 14:50:39.250 UTC"), "2018-09-07T14:50:39.250Z");
  EXPECT_EQ(at("Mon Aug  1 03:34:23 2022"), "2022-08-01T03:34:23.000Z");
  EXPECT_EQ(at("04/Jul/2025:21:23:11 +0200"), "2025-07-04T19:23:11.000Z");
  EXPECT_EQ(at("1629500007043"), "2021-08-20T22:53:27.043Z");
  EXPECT_EQ(at("2025-02-03T21:41:42.853014+01.00"), "2025-02-03T20:41:42.853Z");
  EXPECT_EQ(at("3/24/2022 2:42:35 PM"), "2022-03-24T14:42:35.000Z");
  EXPECT_EQ(at("12/1/2022 12:05:00 AM"), "2022-12-01T00:05:00.000Z");
  EXPECT_EQ(at("2023-10-26T5:32:08.107Z"), "2023-10-26T05:32:08.107Z");
  for (const auto* text :
       {"13/24/2022 2:42:35 PM", "3/24/2022 25:42:35", "3/24/2022 2:42:35 XM", "2023-10-26T:32:08Z"})
    EXPECT_EQ(at(text), "absent") << text;
  EXPECT_EQ(at("2025-04-11 20:51:04.058183200"), "2025-04-11T20:51:04.058Z");
  for (const auto* text : {"", "yesterday", "12345678", "0001-01-01T00:00:00", "Sep 07", "////////////"}) {
    EXPECT_EQ(at(text), "absent") << text;
  }
}

TEST(SyslogHeader, GivesTimeAndHost) {
  const auto now = *parse_time("2026-01-20T00:00:00Z");
  const auto old = read_syslog_header("<13>Jan 18 11:07:53 gw1 ", now);
  EXPECT_EQ(to_rfc3339(*old.time), "2026-01-18T11:07:53.000Z");
  EXPECT_EQ(old.host, "gw1");
  EXPECT_EQ(to_rfc3339(*read_syslog_header("Dec 31 23:00:00 gw1", now).time), "2025-12-31T23:00:00.000Z");
  const auto iso = read_syslog_header("<134>1 2026-01-18T11:07:53Z gw2 app - - -", now);
  EXPECT_EQ(to_rfc3339(*iso.time), "2026-01-18T11:07:53.000Z");
  EXPECT_EQ(iso.host, "gw2");
  EXPECT_FALSE(read_syslog_header("Syslogdate Sysloghost", now).time);
  EXPECT_FALSE(read_syslog_header("<", now).time);
}

TEST(Ip, OneSpellingPerAddress) {
  EXPECT_EQ(to_string(*parse_ip("[2001:DB8:0:0::1]")), "2001:db8::1");
  EXPECT_EQ(to_string(*parse_ip("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_FALSE(parse_ip("1.2.3"));
  EXPECT_FALSE(parse_ip("1.2.3.256"));
  EXPECT_FALSE(parse_ip("1.2.3.4:80"));
  EXPECT_TRUE(parse_ip_and_port("1.2.3.4:80"));
  EXPECT_FALSE(parse_ip_and_port("1.2.3.4:"));
}

TEST(Domain, RegistrablePartKnowsSecondLevels) {
  EXPECT_EQ(registrable_domain("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(registrable_domain("www.example.com"), "example.com");
  EXPECT_EQ(registrable_domain("localhost"), "");
  EXPECT_EQ(registrable_domain("a.evil.github.io"), "evil.github.io");
  EXPECT_EQ(registrable_domain("a.b.shop.kawasaki.jp"), "b.shop.kawasaki.jp");
  EXPECT_EQ(registrable_domain("x.city.kawasaki.jp"), "city.kawasaki.jp");
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
  EXPECT_TRUE(is_within("a.example.com", "example.com"));
  EXPECT_FALSE(is_within("badexample.com", "example.com"));
}

TEST(Domain, FieldsKnowEveryTopLevelDomainProseThinksTwice) {
  EXPECT_TRUE(is_public_domain("login.bank-example.photography", DomainHint::kField));
  EXPECT_TRUE(is_public_domain("payload.example.zip", DomainHint::kField));
  EXPECT_TRUE(is_public_domain("payload.example.RIP", DomainHint::kField));
  EXPECT_FALSE(is_public_domain("host.example.nosuchtld", DomainHint::kField));
  EXPECT_FALSE(is_public_domain("printer.local", DomainHint::kField));
  EXPECT_TRUE(is_public_domain("evil.monster", DomainHint::kText));
  EXPECT_FALSE(is_public_domain("process.pid", DomainHint::kText));
  EXPECT_TRUE(is_public_domain("login.example.app", DomainHint::kText));
  EXPECT_FALSE(is_public_domain("backup.zip", DomainHint::kText));
}

TEST(Severity, WordsAndHundreds) {
  using model::Severity;
  EXPECT_EQ(severity_from_text("HIGH"), Severity::kHigh);
  EXPECT_EQ(severity_from_text("Very-High"), Severity::kCritical);
  EXPECT_EQ(severity_from_text("95"), Severity::kCritical);
  EXPECT_EQ(severity_from_text("40"), Severity::kMedium);
  EXPECT_EQ(severity_from_text("0"), Severity::kInfo);
  EXPECT_FALSE(severity_from_text("101"));
  EXPECT_FALSE(severity_from_text("loud"));
}

TEST(Cef, ReadsEscapesAndValuesWithBlanks) {
  const auto line =
      parse_cef(R"(<1>h CEF:0|a\|b|c\\d|1|id|na me|5|msg=x \= y src=1.2.3.4  path=C:\\a b cs1= cs1Label=L)");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->vendor, "a|b");
  EXPECT_EQ(line->product, "c\\d");
  EXPECT_EQ(line->name, "na me");
  EXPECT_EQ(line->get("msg"), "x = y");
  EXPECT_EQ(line->get("src"), "1.2.3.4");
  EXPECT_EQ(line->get("path"), "C:\\a b");
  EXPECT_EQ(line->get("cs1"), "");
  EXPECT_EQ(line->get("cs1Label"), "L");
}

TEST(Cef, KeysInsideValuesNeedABlankBefore) {
  const auto line = parse_cef("CEF:1|v|p|1|i|n|1|request=http://x.com/?a=1&b=2 moo=this =has = equals");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->get("request"), "http://x.com/?a=1&b=2");
  EXPECT_EQ(line->get("moo"), "this =has = equals");
}

TEST(Cef, RefusesShortHeaders) {
  EXPECT_FALSE(parse_cef("CEF:0|v|p|1|id|name"));
  EXPECT_FALSE(parse_cef("CEF:|v|p|1|id|name|1|"));
  EXPECT_FALSE(parse_cef("no cef"));
  EXPECT_TRUE(parse_cef("CEF:0||||||1|"));
}

}  // namespace
}  // namespace tocsin::ingest
