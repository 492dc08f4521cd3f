#include "auth/password.h"

#include <gtest/gtest.h>

#include "auth/common_passwords.h"
#include "auth/password_rules.h"

namespace tocsin::auth {
namespace {

// The least that libsodium takes: what is tested is not the price.
constexpr PasswordCost kCheap{.memory_bytes = 8192, .passes = 1};

TEST(Password, OnlyTheSamePasswordFits) {
  const auto stored = hash_password("correct horse battery", kCheap);
  ASSERT_TRUE(stored.ok());
  EXPECT_TRUE(verify_password(*stored, "correct horse battery"));
  EXPECT_FALSE(verify_password(*stored, "correct horse batterY"));
  EXPECT_FALSE(verify_password(*stored, ""));
}

TEST(Password, TwoHashesOfOnePasswordDiffer) {
  EXPECT_NE(*hash_password("correct horse battery", kCheap), *hash_password("correct horse battery", kCheap));
}

TEST(Password, DefaultsAreArgon2idAboveTheOwaspLeast) {
  const auto stored = hash_password("correct horse battery");
  ASSERT_TRUE(stored.ok());
  EXPECT_TRUE(stored->starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << *stored;
  EXPECT_FALSE(needs_rehash(*stored));
  EXPECT_TRUE(verify_password(*stored, "correct horse battery"));
}

TEST(Password, OldParametersAskForANewHash) {
  EXPECT_TRUE(needs_rehash(*hash_password("correct horse battery", kCheap)));
  EXPECT_TRUE(needs_rehash("not a hash"));
}

TEST(Password, ComposedAndDecomposedLettersAreTheSame) {
  const auto stored = hash_password("pass\u00e9 compos\u00e9 12", kCheap);
  ASSERT_TRUE(stored.ok());
  EXPECT_TRUE(verify_password(*stored, "passe\u0301 compose\u0301 12"));
}

TEST(Password, NulBytesCount) {
  using namespace std::string_view_literals;
  const auto stored = hash_password("abc\0def"sv, kCheap);
  EXPECT_FALSE(verify_password(*stored, "abc"));
  EXPECT_TRUE(verify_password(*stored, "abc\0def"sv));
}

TEST(Password, WhatIsNoHashFitsNothing) {
  for (const std::string_view stored :
       {"", "x", "$argon2id$", "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$2b$12$abc"})
    EXPECT_FALSE(verify_password(stored, "x")) << stored;
  EXPECT_FALSE(verify_password(std::string(4000, 'a'), "x"));
}

TEST(Password, InvalidTextAndHugeTextAreRefused) {
  EXPECT_EQ(hash_password("\xff\xfe", kCheap).error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(hash_password(std::string(1025, 'a'), kCheap).error().kind, ErrorKind::kInvalidInput);
}

TEST(Password, NobodyNeverSignsIn) {
  EXPECT_FALSE(verify_nobody("correct horse battery", kCheap));
}

bool accepted(std::string_view password, std::string_view name = "alice") {
  return check_new_password(password, name).ok();
}

TEST(PasswordRules, LengthIsCountedInCodePoints) {
  EXPECT_FALSE(accepted("kite ropes!"));
  EXPECT_TRUE(accepted("kite ropes!?"));
  EXPECT_TRUE(accepted("\u65e5\u672c\u8a9e\u306e\u9577\u3044\u5408\u8a00\u8449\u3067\u3059\u3002"));
  EXPECT_FALSE(accepted("\u65e5\u672c\u8a9e\u306e\u5408\u8a00\u8449"));
  std::string emoji;
  for (int i = 0; i < 128; ++i)
    emoji += i % 2 == 0 ? "\U0001F511" : (i % 3 == 0 ? "\U0001F512" : "\U0001F513");
  EXPECT_TRUE(accepted(emoji));
  EXPECT_FALSE(accepted(emoji + "x"));
  EXPECT_FALSE(accepted(std::string(5000, 'x')));
}

TEST(PasswordRules, NoCompositionIsAskedFor) {
  EXPECT_TRUE(accepted("meadow kettle ladder"));
  EXPECT_TRUE(accepted("83017264950182"));
}

TEST(PasswordRules, CommonPasswordsAreRefusedWithoutCaseAndWithOrnaments) {
  for (const std::string_view common :
       {"leavemealone", "LeaveMeAlone", "123456654321", "Password2026!", "p@ssw0rd2024", "!!dragon2026",
        "passwordpassword", "aaaaaaaaaaaa", "abcabcabcabc", "qwertyuiop123", "qwerty123456"})
    EXPECT_FALSE(accepted(common)) << common;
}

TEST(PasswordRules, NamesAloneAreNoPassword) {
  EXPECT_FALSE(accepted("alicealice123", "alice"));
  EXPECT_FALSE(accepted("Alice.Miller@corp.example", "alice.miller@corp.example"));
  EXPECT_FALSE(accepted("alice.miller1!", "alice.miller@corp.example"));
  EXPECT_FALSE(accepted("Tocsin-2026-!"));
  EXPECT_TRUE(accepted("alice likes wet kettles", "alice"));
}

TEST(PasswordRules, ARefusalSaysWhatToDoAndNeverThePassword) {
  const auto refusal = check_new_password("leavemealone", "alice");
  ASSERT_FALSE(refusal.ok());
  EXPECT_EQ(refusal.error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(to_string(refusal.error()).find("leavemealone"), std::string::npos);
  EXPECT_FALSE(refusal.error().hint.empty());
}

TEST(CommonPasswords, FirstMiddleAndLastLineAreFound) {
  for (const std::string_view line : {"123456", "password", "!qaz2wsx", "zzzzzzz1", "monkey"})
    EXPECT_TRUE(is_listed_password(line)) << line;
  for (const std::string_view other : {"", "\n", "passwordx", "zzzzzzzzzzzzzz", "!", "~~~~~"})
    EXPECT_FALSE(is_listed_password(other)) << other;
}

}  // namespace
}  // namespace tocsin::auth
