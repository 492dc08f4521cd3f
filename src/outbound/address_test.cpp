#include "outbound/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include "outbound/outbound.h"

namespace tocsin::outbound {
namespace {

AddressClass class_of(std::string_view text) {
  return classify(Address::parse(text).value());
}

// First and last address of each special range, and their neighbours outside it.
TEST(Address, SpecialRangesEndWhereTheyEnd) {
  struct Case {
    std::string_view text;
    AddressKind kind;
  };
  using enum AddressKind;
  constexpr Case kCases[] = {
      {"0.255.255.255", kUnroutable},
      {"1.0.0.0", kPublic},
      {"9.255.255.255", kPublic},
      {"10.0.0.0", kPrivate},
      {"10.255.255.255", kPrivate},
      {"11.0.0.0", kPublic},
      {"100.63.255.255", kPublic},
      {"100.64.0.0", kPrivate},
      {"100.127.255.255", kPrivate},
      {"100.128.0.0", kPublic},
      {"126.255.255.255", kPublic},
      {"127.0.0.0", kLoopback},
      {"127.255.255.255", kLoopback},
      {"128.0.0.0", kPublic},
      {"169.253.255.255", kPublic},
      {"169.254.0.0", kUnroutable},
      {"169.254.255.255", kUnroutable},
      {"169.255.0.0", kPublic},
      {"172.15.255.255", kPublic},
      {"172.16.0.0", kPrivate},
      {"172.31.255.255", kPrivate},
      {"172.32.0.0", kPublic},
      {"192.0.1.0", kPublic},
      {"192.0.0.255", kUnroutable},
      {"192.167.255.255", kPublic},
      {"192.168.0.0", kPrivate},
      {"192.169.0.0", kPublic},
      {"198.17.255.255", kPublic},
      {"198.18.0.0", kUnroutable},
      {"198.20.0.0", kPublic},
      {"223.255.255.255", kPublic},
      {"224.0.0.0", kUnroutable},
      {"255.255.255.255", kUnroutable},
      {"169.254.169.254", kMetadata},
      {"168.63.129.16", kMetadata},
      {"168.63.129.17", kPublic},
      {"::1", kLoopback},
      {"::2", kUnroutable},
      {"1fff::1", kUnroutable},
      {"2000::1", kPublic},
      {"2001:200::1", kPublic},
      {"2001:1ff::1", kUnroutable},
      {"2001:db7::1", kPublic},
      {"2001:db9::1", kPublic},
      {"2003::1", kPublic},
      {"2002::1", kUnroutable},
      {"2606:4700::1111", kPublic},
      {"3ffd::1", kPublic},
      {"4000::1", kUnroutable},
      {"fbff::1", kUnroutable},
      {"fc00::1", kPrivate},
      {"fdff::1", kPrivate},
      {"fe80::1", kUnroutable},
      {"ff0e::1", kUnroutable},
      {"::ffff:8.8.8.8", kPublic},
      {"::ffff:10.0.0.1", kPrivate},
      {"64:ff9b::8.8.8.8", kPublic},
      {"64:ff9b::10.0.0.1", kUnroutable},
      {"64:ff9b::a9fe:a9fe", kMetadata},
      {"64:ff9b:0:1::8.8.8.8", kUnroutable},
      {"2600::5efe:8.8.8.8", kUnroutable},
      {"2600::5eff:8.8.8.8", kPublic},
  };
  for (const auto& one : kCases) EXPECT_EQ(class_of(one.text).kind, one.kind) << one.text;
}

TEST(Address, OnlyTheUsualFormsAreRead) {
  for (const auto* text :
       {"", "1", "127.1", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1 ", "[::1]", "::1%lo", "1.2.3.4.5"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  EXPECT_FALSE(Address::parse(std::string_view("127.0.0.1\0x", 11)));
}

TEST(Address, AMappedOneIsTheSameAsItsIpv4Form) {
  EXPECT_EQ(Address::parse("::ffff:127.0.0.1"), Address::parse("127.0.0.1"));
  EXPECT_EQ(Address::parse("::ffff:127.0.0.1")->text(), "127.0.0.1");
  EXPECT_NE(Address::parse("::127.0.0.1"), Address::parse("127.0.0.1"));
}

TEST(Address, ComesFromASocketAddress) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  EXPECT_EQ(Address::from(reinterpret_cast<const sockaddr&>(v6)), Address::parse("::1"));
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(Address::from(other));
}

TEST(Range, HoldsWhatItsPrefixSays) {
  const auto range = Range::parse("10.1.2.0/23").value();
  EXPECT_TRUE(range.contains(*Address::parse("10.1.3.255")));
  EXPECT_FALSE(range.contains(*Address::parse("10.1.4.0")));
  EXPECT_FALSE(range.contains(*Address::parse("::a01:200")));
  EXPECT_TRUE(Range::parse("fd00::1")->is_single());
  EXPECT_FALSE(Range::parse("2001:db8::/33")->contains(*Address::parse("2001:db8:8000::")));
}

TEST(Range, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "x/8"}) {
    EXPECT_FALSE(Range::parse(text)) << text;
  }
}

bool permits(const std::vector<std::string>& allow, std::string_view host, std::string_view address) {
  return !parse_policy(allow)->refuses(host, *Address::parse(address));
}

TEST(Policy, ARangeOpensWhatLiesInIt) {
  EXPECT_TRUE(permits({"10.1.0.0/16"}, "x.example", "10.1.255.1"));
  EXPECT_FALSE(permits({"10.1.0.0/16"}, "x.example", "10.2.0.1"));
  EXPECT_TRUE(permits({"127.0.0.1"}, "x.example", "::ffff:127.0.0.1"));
  EXPECT_FALSE(permits({"127.0.0.1"}, "x.example", "64:ff9b::7f00:1"));
  EXPECT_TRUE(permits({}, "x.example", "8.8.8.8"));
}

TEST(Policy, MetadataOpensOnlyByItsVeryAddress) {
  EXPECT_FALSE(permits({"169.254.0.0/16"}, "x.example", "169.254.169.254"));
  EXPECT_TRUE(permits({"169.254.0.0/16"}, "x.example", "169.254.1.1"));
  EXPECT_TRUE(permits({"169.254.169.254"}, "x.example", "169.254.169.254"));
  EXPECT_FALSE(permits({"fd00::/8"}, "x.example", "fd00:ec2::254"));
}

TEST(Policy, ANameOpensPrivateAddressesOnly) {
  EXPECT_TRUE(permits({"misp.corp.example"}, "misp.corp.example", "10.0.0.7"));
  EXPECT_TRUE(permits({"MISP.corp.example"}, "misp.corp.example", "fd00::7"));
  EXPECT_TRUE(permits({"*.corp.example"}, "a.b.corp.example", "100.64.0.1"));
  EXPECT_FALSE(permits({"*.corp.example"}, "corp.example", "10.0.0.7"));
  EXPECT_FALSE(permits({"*.corp.example"}, "evilcorp.example", "10.0.0.7"));
  EXPECT_FALSE(permits({"misp.corp.example"}, "other.corp.example", "10.0.0.7"));
  for (const auto* address :
       {"127.0.0.1", "::1", "169.254.169.254", "169.254.1.1", "0.0.0.0", "100.100.100.200"}) {
    EXPECT_FALSE(permits({"misp.corp.example"}, "misp.corp.example", address)) << address;
  }
}

TEST(Policy, EntriesThatAreNoneAreNamed) {
  for (const auto* entry : {"", "*", "0.0.0.0/0", "10.0.0.0/7", "::/0", "10.0.0.1/8", "http://x.example",
                            "x.example:80", "a..b", "1.2.3", "x*.example"}) {
    const auto policy = parse_policy({entry});
    ASSERT_FALSE(policy) << entry;
    EXPECT_THAT(policy.error().message, testing::HasSubstr("'" + std::string(entry) + "'"));
  }
}

}  // namespace
}  // namespace tocsin::outbound
