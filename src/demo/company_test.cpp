#include "demo/company.h"

#include <gtest/gtest.h>

#include <set>

#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

TEST(DemoCompany, HasPeopleAndHostsEachOnce) {
  const auto company = make_company(7);
  EXPECT_EQ(company.people.size(), 120U);
  EXPECT_EQ(company.hosts.size(), 180U);
  std::set<std::string> logins, hosts, addresses;
  for (const auto& person : company.people) logins.insert(person.login);
  for (const auto& host : company.hosts) {
    hosts.insert(host.name);
    addresses.insert(host.ip);
  }
  EXPECT_EQ(logins.size(), 120U);
  EXPECT_EQ(hosts.size(), 180U);
  EXPECT_EQ(addresses.size(), 180U);
}

TEST(DemoCompany, IsMadeAgainFromItsSeed) {
  const auto first = make_company(7), again = make_company(7), other = make_company(8);
  EXPECT_EQ(first.people[50].email, again.people[50].email);
  EXPECT_EQ(first.hosts[100].device_id, again.hosts[100].device_id);
  EXPECT_NE(first.hosts[100].device_id, other.hosts[100].device_id);
}

TEST(DemoCompany, PeopleSitAtTheirOwnWorkstations) {
  const auto company = make_company(7);
  std::set<std::size_t> taken;
  for (const auto& person : company.people) {
    EXPECT_EQ(company.workstation_of(person).role, HostRole::kWorkstation);
    taken.insert(person.workstation);
  }
  EXPECT_EQ(taken.size(), company.people.size());
}

// Two numbers that the C++ standard fixes for mt19937_64, through our own distributions.
TEST(DemoRandom, DrawsTheSameOnEveryStandardLibrary) {
  Random random(5489);
  EXPECT_EQ(random.next(), 14514284786278117030ULL);
  EXPECT_EQ(random.below(1000), 4620546740167642908ULL % 1000);
}

TEST(DemoRandom, UuidHasItsVersionAndVariant) {
  Random random(1);
  const auto uuid = random.uuid();
  ASSERT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_EQ(uuid[8], '-');
  EXPECT_EQ(uuid[23], '-');
}

TEST(DemoVendors, EncodesPowerShellCommandsAsUtf16) {
  EXPECT_EQ(encoded_command("dir"), "ZABpAHIA");
  EXPECT_EQ(encoded_command("ls"), "bABzAA==");
  EXPECT_EQ(encoded_command(""), "");
}

TEST(DemoVendors, CefValuesAreEscaped) {
  const auto payload = cef({.at = from_unix_nanos(1'767'528'000'000'000'000),
                            .device_host = "fw",
                            .vendor = "A|B",
                            .product = "P",
                            .version = "1",
                            .signature_id = "7",
                            .name = "n",
                            .severity = 4,
                            .extension = {{"msg", "a=b\\c"}}});
  EXPECT_EQ(payload.body, "<134>Jan 04 12:00:00 fw CEF:0|A\\|B|P|1|7|n|4|rt=1767528000000 msg=a\\=b\\\\c");
}

}  // namespace
}  // namespace tocsin::demo
