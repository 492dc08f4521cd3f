#include "auth/trust_table.h"

#include <gtest/gtest.h>

#include "auth/token.h"

namespace tocsin::auth {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Timestamp kNow{seconds(1'614'265'330)};
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TrustTable table() {
  TrustTable made;
  made["suricata"] = {WebhookScheme::kStandard, "", std::string(kSecret), kNow, make_webhook_secret(),
                      kNow + hours(1)};
  made["wazuh"] = {WebhookScheme::kHeaderToken,
                   "X-Token",
                   *to_kept_secret(WebhookScheme::kHeaderToken, "a token of some length"),
                   kNow,
                   "",
                   {}};
  return made;
}

TEST(TrustTable, WhatIsKeptComesBackAndOnlySealed) {
  const auto box = SecretBox::create();
  const auto kept = table();
  const auto value = encode_trust(kept, "1", box);
  EXPECT_EQ(value.find("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), std::string::npos);
  EXPECT_EQ(value.find(hash_token("a token of some length")), std::string::npos);
  const auto back = decode_trust(value, "1", box);
  ASSERT_TRUE(back.ok()) << to_string(back.error());
  ASSERT_EQ(back->size(), 2U);
  EXPECT_EQ(back->at("suricata").secret, kSecret);
  EXPECT_EQ(back->at("suricata").previous, kept.at("suricata").previous);
  EXPECT_EQ(back->at("suricata").previous_until, kNow + hours(1));
  EXPECT_EQ(back->at("wazuh").token_header, "X-Token");
  EXPECT_EQ(back->at("wazuh").scheme, WebhookScheme::kHeaderToken);
}

TEST(TrustTable, ItOpensForItsTenantAndItsKeyAlone) {
  const auto box = SecretBox::create();
  const auto value = encode_trust(table(), "1", box);
  EXPECT_FALSE(decode_trust(value, "2", box).ok());
  EXPECT_FALSE(decode_trust(value, "1", SecretBox::create()).ok());
  int taken = 0;
  for (std::size_t at = value.find('\n') + 1; at < value.size(); ++at) {
    auto changed = value;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    taken += decode_trust(changed, "1", box).ok() ? 1 : 0;
  }
  EXPECT_EQ(taken, 0);
}

TEST(TrustTable, WithoutTheKeyTheSourcesAreClosedNotOpen) {
  const auto value = encode_trust(table(), "1", SecretBox::create());
  const auto closed = closed_trust(value);
  ASSERT_TRUE(closed.ok());
  ASSERT_EQ(closed->size(), 2U);
  for (const auto& [source, trust] : *closed) EXPECT_TRUE(trust.at(kNow).secrets.empty()) << source;
}

TEST(TrustTable, TheSecretBeforeCountsUntilItsTimeIsOver) {
  const auto trust = table().at("suricata");
  EXPECT_EQ(trust.at(kNow).secrets.size(), 2U);
  EXPECT_EQ(trust.at(kNow + hours(1) - seconds(1)).secrets.size(), 2U);
  EXPECT_EQ(trust.at(kNow + hours(1)).secrets.size(), 1U);
}

TEST(TrustTable, AnEmptyOneIsAnEmptyText) {
  const auto box = SecretBox::create();
  EXPECT_EQ(encode_trust({}, "1", box), "");
  EXPECT_TRUE(decode_trust("", "1", box)->empty());
}

}  // namespace
}  // namespace tocsin::auth
