#include "auth/totp.h"

#include <gtest/gtest.h>

#include <set>

namespace tocsin::auth {
namespace {

constexpr std::string_view kRfcSecret = "12345678901234567890";
constexpr PasswordCost kCheap{.memory_bytes = 8192, .passes = 1};

Timestamp at(std::int64_t seconds) {
  return Timestamp(std::chrono::seconds(seconds));
}

// RFC 6238 appendix B, SHA-1 rows, the last six of their eight digits.
TEST(Totp, VectorsOfRfc6238) {
  const std::pair<std::int64_t, std::string_view> vectors[] = {
      {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
      {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, code] : vectors) EXPECT_EQ(totp_code(kRfcSecret, seconds / 30), code) << seconds;
}

// RFC 4226 appendix D.
TEST(Totp, VectorsOfRfc4226) {
  const std::string_view codes[] = {"755224", "287082", "359152", "969429", "338314",
                                    "254676", "287922", "162583", "399871", "520489"};
  for (std::int64_t step = 0; step < 10; ++step) EXPECT_EQ(totp_code(kRfcSecret, step), codes[step]);
}

TEST(Totp, OneStepBeforeAndAfterCountsAndNoMore) {
  const auto now = at(30 * 1000);
  for (const std::int64_t step : {999, 1000, 1001})
    EXPECT_EQ(accept_totp(kRfcSecret, totp_code(kRfcSecret, step), now, {}), step);
  for (const std::int64_t step : {997, 998, 1002, 1003})
    EXPECT_FALSE(accept_totp(kRfcSecret, totp_code(kRfcSecret, step), now, {})) << step;
}

TEST(Totp, NoCodeCountsTwiceNorOneBeforeTheLast) {
  const auto now = at(30 * 1000);
  const auto used = accept_totp(kRfcSecret, totp_code(kRfcSecret, 1000), now, {});
  ASSERT_TRUE(used);
  EXPECT_FALSE(accept_totp(kRfcSecret, totp_code(kRfcSecret, 1000), now, used));
  EXPECT_FALSE(accept_totp(kRfcSecret, totp_code(kRfcSecret, 999), now, used));
  EXPECT_EQ(accept_totp(kRfcSecret, totp_code(kRfcSecret, 1001), now, used), 1001);
}

TEST(Totp, BlanksInACodeDoNotMatterOtherThingsDo) {
  const auto now = at(59);
  EXPECT_TRUE(accept_totp(kRfcSecret, "287 082", now, {}));
  for (const std::string_view wrong :
       {"", "287082x", "28708", "2870820", "\xd9\xa2\xd9\xa8\xd9\xa7\xd9\xa0\xd9\xa8\xd9\xa2"})
    EXPECT_FALSE(accept_totp(kRfcSecret, wrong, now, {})) << wrong;
}

TEST(Totp, AShortSecretAcceptsNothing) {
  EXPECT_FALSE(accept_totp("", totp_code("", 1), at(30), {}));
  EXPECT_FALSE(accept_totp("123456789012345", totp_code("123456789012345", 1), at(30), {}));
}

// RFC 4648 §10.
TEST(Base32, VectorsOfRfc4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "MY"},
                                                                   {"fo", "MZXQ"},
                                                                   {"foo", "MZXW6"},
                                                                   {"foob", "MZXW6YQ"},
                                                                   {"fooba", "MZXW6YTB"},
                                                                   {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base32(bytes), text);
    EXPECT_EQ(from_base32(text), bytes);
  }
  EXPECT_EQ(from_base32("mzxw 6ytb-oi"), "foobar");
  for (const std::string_view wrong : {"1", "MZXW6YTBO1", "A", "MZ=", "MZXW6Y="})
    EXPECT_FALSE(from_base32(wrong)) << wrong;
}

TEST(Totp, UriIsReadByAuthenticators) {
  EXPECT_EQ(otpauth_uri("Tocsin", "alice smith@corp", "foobar"),
            "otpauth://totp/"
            "Tocsin:alice%20smith%40corp?secret=MZXW6YTBOI&issuer=Tocsin&algorithm=SHA1&digits=6&period=30");
  EXPECT_EQ(make_totp_secret().size(), 20u);
  EXPECT_NE(make_totp_secret(), make_totp_secret());
}

TEST(RecoveryCodes, TenDifferentOnesAndEachIsFound) {
  const auto codes = make_recovery_codes(kCheap);
  ASSERT_TRUE(codes.ok());
  ASSERT_EQ(codes->shown.size(), 10u);
  EXPECT_EQ(std::set<std::string>(codes->shown.begin(), codes->shown.end()).size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(codes->shown[i].size(), 11u);
    EXPECT_EQ(find_recovery_code(codes->stored, codes->shown[i], kCheap), i);
    EXPECT_EQ(codes->stored[i].find(codes->shown[i]), std::string::npos);
  }
}

TEST(RecoveryCodes, AUsedOneIsGoneOthersStay) {
  auto codes = *make_recovery_codes(kCheap);
  codes.stored.erase(codes.stored.begin());
  EXPECT_FALSE(find_recovery_code(codes.stored, codes.shown[0], kCheap));
  EXPECT_EQ(find_recovery_code(codes.stored, codes.shown[1], kCheap), 0u);
}

TEST(RecoveryCodes, PeopleTypeThemAsTheyLike) {
  const auto codes = *make_recovery_codes(kCheap);
  std::string typed;
  for (const char c : codes.shown[3]) {
    if (c == '-') continue;
    typed += c == '1' ? 'l' : c == '0' ? 'o' : c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c;
    typed += ' ';
  }
  EXPECT_EQ(find_recovery_code(codes.stored, typed, kCheap), 3u);
}

TEST(RecoveryCodes, WhatIsNoneOfThemIsNotFound) {
  const auto codes = *make_recovery_codes(kCheap);
  for (const std::string_view typed : {"", "AAAAA-AAAAA", "x", "K7QD4-9MXPT-"})
    EXPECT_FALSE(find_recovery_code(codes.stored, typed, kCheap)) << typed;
  EXPECT_FALSE(find_recovery_code({}, codes.shown[0], kCheap));
  const std::vector<std::string> broken = {"", "$", "zz$00", codes.stored[0]};
  EXPECT_FALSE(find_recovery_code(broken, codes.shown[0], kCheap));
}

}  // namespace
}  // namespace tocsin::auth
