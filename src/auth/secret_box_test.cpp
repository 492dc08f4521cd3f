#include "auth/secret_box.h"

#include <gtest/gtest.h>

#include <set>

namespace tocsin::auth {
namespace {

constexpr SecretOwner kOwner{"acme", "totp", "US-1"};

TEST(SecretBox, OpensWhatItSealed) {
  const auto box = SecretBox::create();
  for (const std::string& secret :
       {std::string(), std::string("whsec_abc"), std::string("\0\1\2", 3), std::string(100'000, 'x')}) {
    const auto sealed = box.seal(secret, kOwner);
    EXPECT_EQ(*box.open(sealed, kOwner), secret);
    EXPECT_TRUE(sealed.starts_with("tsb1."));
    EXPECT_TRUE(secret.size() < 5 || sealed.find(secret) == std::string::npos);
  }
}

TEST(SecretBox, TheSameSecretIsNeverSealedTheSameWay) {
  const auto box = SecretBox::create();
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) seen.insert(box.seal("secret", kOwner));
  EXPECT_EQ(seen.size(), 200u);
}

// Every bit of every character, every cut, and one more character at the end.
TEST(SecretBox, NoAlteredTextOpens) {
  const auto box = SecretBox::create();
  const auto sealed = box.seal("the secret of a webhook", kOwner);
  int tried = 0;
  int opened = 0;
  const auto attempt = [&](std::string_view text) {
    ++tried;
    if (box.open(text, kOwner)) ++opened;
  };
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto altered = sealed;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      attempt(altered);
    }
    attempt(std::string_view(sealed).substr(0, i));
  }
  for (const char c : {'A', '=', ' ', '\n'}) attempt(sealed + c);
  EXPECT_GT(tried, 800);
  EXPECT_EQ(opened, 0);
}

TEST(SecretBox, OpensOnlyWhereItBelongs) {
  const auto box = SecretBox::create();
  const auto sealed = box.seal("secret", kOwner);
  for (const SecretOwner& other :
       {SecretOwner{"acm", "etotp", "US-1"}, SecretOwner{"other", "totp", "US-1"},
        SecretOwner{"acme", "webhook", "US-1"}, SecretOwner{"acme", "totp", "US-2"}, SecretOwner{"", "", ""},
        SecretOwner{"acme", "totpUS", "-1"}}) {
    const auto opened = box.open(sealed, other);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::kInvalidInput);
  }
}

TEST(SecretBox, AnotherKeyUnderTheSameIdOpensNothing) {
  const auto box = SecretBox::create();
  const auto sealed = box.seal("secret", kOwner);
  const auto other = *SecretBox::from_keys({{box.keys()[0].id, std::string(32, 'k')}});
  EXPECT_FALSE(other.open(sealed, kOwner).ok());
  EXPECT_EQ(SecretBox::create().open(sealed, kOwner).error().kind, ErrorKind::kUnavailable);
}

TEST(SecretBox, RotationOpensOldAndSealsNew) {
  auto box = SecretBox::create();
  const auto old = box.seal("secret", kOwner);
  EXPECT_FALSE(box.needs_reseal(old));
  box.add_key();
  EXPECT_TRUE(box.needs_reseal(old));
  const auto resealed = box.seal(*box.open(old, kOwner), kOwner);
  EXPECT_FALSE(box.needs_reseal(resealed));
  box.drop_old_keys();
  EXPECT_EQ(*box.open(resealed, kOwner), "secret");
  EXPECT_EQ(box.open(old, kOwner).error().kind, ErrorKind::kUnavailable);
  EXPECT_TRUE(box.needs_reseal("no sealed text"));
}

TEST(SecretBox, MalformedKeysAreRefused) {
  const std::string bytes(32, 'k');
  EXPECT_FALSE(SecretBox::from_keys({}).ok());
  EXPECT_FALSE(SecretBox::from_keys({{"0011aabb", "short"}}).ok());
  EXPECT_FALSE(SecretBox::from_keys({{"0011AABB", bytes}}).ok());
  EXPECT_FALSE(SecretBox::from_keys({{"", bytes}}).ok());
  EXPECT_FALSE(SecretBox::from_keys({{"0011aabb", bytes}, {"0011aabb", bytes}}).ok());
  EXPECT_TRUE(SecretBox::from_keys({{"0011aabb", bytes}, {"0011aabc", bytes}}).ok());
}

}  // namespace
}  // namespace tocsin::auth
