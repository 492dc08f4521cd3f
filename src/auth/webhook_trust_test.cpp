#include "auth/webhook_trust.h"

#include <gtest/gtest.h>

#include <random>

#include "auth/token.h"

namespace tocsin::auth {
namespace {

using std::chrono::seconds;
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Case {
  WebhookTrust trust;
  Headers headers;
  std::string path_token;
  std::string body;
  Timestamp now;

  bool accepted() const { return verify_webhook(trust, {headers, path_token, body}, now).ok(); }
  bool accepted_after(seconds later) const {
    return verify_webhook(trust, {headers, path_token, body}, now + later).ok();
  }
};

// The example of the Standard Webhooks specification.
Case standard_case() {
  return {{WebhookScheme::kStandard,
           {*parse_webhook_secret(WebhookScheme::kStandard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")}},
          {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
           {"webhook-timestamp", "1614265330"},
           {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}},
          "",
          R"({"test": 2432232314})",
          Timestamp(seconds(1614265330))};
}

// The example of Slack's page on verifying requests.
Case slack_case() {
  return {{WebhookScheme::kSlack, {"8f742231b10e8888abcd99yyyzzz85a5"}},
          {{"X-Slack-Request-Timestamp", "1531420618"},
           {"X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}},
          "",
          "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
          "channel_name="
          "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%"
          "3A%2F%"
          "2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id="
          "398738663015."
          "47445629121.803a0bc887a14d10d2c447fce8b6703c",
          Timestamp(seconds(1531420618))};
}

// The example of GitHub's page on validating deliveries.
Case github_case() {
  return {
      {WebhookScheme::kGithub, {"It's a Secret to Everybody"}},
      {{"X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
      "",
      "Hello, World!",
      Timestamp(seconds(1614265330))};
}

Case header_token_case(const std::string& token) {
  return {{WebhookScheme::kHeaderToken, {hash_token(token)}},
          {{"Authorization", "Bearer " + token}},
          "",
          "{}",
          {}};
}

Case path_token_case(const std::string& token) {
  return {{WebhookScheme::kPathToken, {hash_token(token)}}, {}, token, "{}", {}};
}

TEST(WebhookTrust, PublishedExamplesAreAccepted) {
  EXPECT_TRUE(standard_case().accepted());
  EXPECT_TRUE(slack_case().accepted());
  EXPECT_TRUE(github_case().accepted());
}

TEST(WebhookTrust, HeaderNamesCompareWithoutCase) {
  auto delivery = standard_case();
  for (auto& header : delivery.headers)
    for (char& c : header.first) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(delivery.accepted());
}

TEST(WebhookTrust, TheWindowIs300SecondsBothWays) {
  for (const auto& delivery : {standard_case(), slack_case()})
    for (const int sign : {-1, 1}) {
      EXPECT_TRUE(delivery.accepted_after(seconds(sign * 299)));
      EXPECT_TRUE(delivery.accepted_after(seconds(sign * 300)));
      EXPECT_FALSE(delivery.accepted_after(seconds(sign * 301)));
      EXPECT_FALSE(delivery.accepted_after(seconds(sign * 86'400)));
    }
}

TEST(WebhookTrust, OneOfSeveralSignaturesAndOneOfTwoSecretsIsEnough) {
  auto delivery = standard_case();
  delivery.headers[2].second = "v1a,abc v1,AAAA " + delivery.headers[2].second + " v2,xyz";
  EXPECT_TRUE(delivery.accepted());
  delivery.trust.secrets.insert(delivery.trust.secrets.begin(), std::string(24, 'n'));
  EXPECT_TRUE(delivery.accepted());
  delivery.trust.secrets.pop_back();
  EXPECT_FALSE(delivery.accepted());
}

TEST(WebhookTrust, ListsOfSignaturesAndOfSecretsAreBounded) {
  auto delivery = standard_case();
  std::string list;
  for (int i = 0; i < 16; ++i) list += "v1,AAAA ";
  delivery.headers[2].second = list + delivery.headers[2].second;
  EXPECT_FALSE(delivery.accepted());
  delivery = standard_case();
  delivery.trust.secrets.insert(delivery.trust.secrets.begin(), kMaxWebhookSecrets, std::string(24, 'n'));
  EXPECT_FALSE(delivery.accepted());
  delivery = standard_case();
  delivery.headers[0].second = std::string(5000, 'x');
  EXPECT_FALSE(delivery.accepted());
}

TEST(WebhookTrust, WithoutASecretNothingIsAccepted) {
  for (auto delivery :
       {standard_case(), slack_case(), github_case(), header_token_case("t"), path_token_case("t")}) {
    delivery.trust.secrets.clear();
    EXPECT_FALSE(delivery.accepted());
  }
  auto empty = path_token_case("");
  EXPECT_FALSE(empty.accepted());
}

TEST(WebhookTrust, AMissingOrDoubledHeaderIsRefused) {
  for (const auto& whole : {standard_case(), slack_case(), github_case(), header_token_case("token")})
    for (std::size_t i = 0; i < whole.headers.size(); ++i) {
      auto missing = whole;
      missing.headers.erase(missing.headers.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(missing.accepted());
      auto doubled = whole;
      doubled.headers.push_back(doubled.headers[i]);
      EXPECT_FALSE(doubled.accepted());
    }
}

TEST(WebhookTrust, ASchemeIsNotAcceptedForAnother) {
  const auto cases = {standard_case(), slack_case(), github_case()};
  for (const auto& delivery : cases)
    for (const auto& other : cases) {
      auto confused = delivery;
      confused.trust.scheme = other.trust.scheme;
      confused.trust.secrets.insert(confused.trust.secrets.end(), other.trust.secrets.begin(),
                                    other.trust.secrets.end());
      EXPECT_EQ(confused.accepted(), delivery.trust.scheme == other.trust.scheme);
    }
}

TEST(WebhookTrust, AShiftedBorderBetweenIdTimestampAndBodyIsRefused) {
  auto delivery = standard_case();
  const auto key = delivery.trust.secrets.front();
  delivery.headers[2].second = sign_standard_webhook(key, "a", delivery.now, "1614265330.{}");
  delivery.headers[0].second = "a";
  delivery.body = "1614265330.{}";
  EXPECT_TRUE(delivery.accepted());
  delivery.headers[0].second = "a.1614265330";
  delivery.body = "{}";
  EXPECT_FALSE(delivery.accepted());
}

TEST(WebhookTrust, WhatASenderSignsIsAccepted) {
  const auto secret = make_webhook_secret();
  const auto key = *parse_webhook_secret(WebhookScheme::kStandard, secret);
  auto delivery = standard_case();
  delivery.trust.secrets = {key};
  delivery.headers[2].second =
      sign_standard_webhook(key, delivery.headers[0].second, delivery.now, delivery.body);
  EXPECT_TRUE(delivery.accepted());
}

TEST(WebhookTrust, SecretsAreReadByTheirScheme) {
  for (const std::string_view wrong :
       {"", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!!"})
    EXPECT_FALSE(parse_webhook_secret(WebhookScheme::kStandard, wrong).ok()) << wrong;
  EXPECT_FALSE(parse_webhook_secret(WebhookScheme::kSlack, "short").ok());
  EXPECT_TRUE(parse_webhook_secret(WebhookScheme::kSlack, "8f742231b10e8888abcd99yyyzzz85a5").ok());
  for (const auto scheme : {WebhookScheme::kStandard, WebhookScheme::kPathToken})
    EXPECT_EQ(parse_webhook_scheme(to_text(scheme)), scheme);
  EXPECT_FALSE(parse_webhook_scheme("Standard"));
}

// Changes one thing: a byte to another, one in, one out, two swapped, upper case, a blank around, a bit.
std::string mutated(const std::string& text, std::mt19937& random) {
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  auto out = text;
  const auto at = text.empty() ? 0 : pick(text.size());
  switch (text.empty() ? 1 : pick(7)) {
    case 0:
      out[at] = static_cast<char>(pick(256));
      break;
    case 1:
      out.insert(at, 1, static_cast<char>(pick(256)));
      break;
    case 2:
      out.erase(at, 1 + pick(4));
      break;
    case 3:
      std::swap(out[at], out[pick(text.size())]);
      break;
    case 4:
      out[at] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[at])));
      break;
    case 5:
      out = pick(2) == 0 ? " " + out : out + " ";
      break;
    default:
      out[at] = static_cast<char>(out[at] ^ (1 << pick(8)));
      break;
  }
  return out;
}

// Tries `wanted` different changes of what `part` names; returns how many were accepted.
int accepted_mutants(const Case& original, int wanted, const std::function<std::string&(Case&)>& part,
                     std::uint32_t seed) {
  std::mt19937 random(seed);
  int accepted = 0;
  for (int tried = 0; tried < wanted;) {
    auto mutant = original;
    auto& text = part(mutant);
    const auto changed = mutated(text, random);
    if (changed == text) continue;
    text = changed;
    ++tried;
    if (mutant.accepted()) {
      ++accepted;
      ADD_FAILURE() << "accepted: " << changed;
    }
  }
  return accepted;
}

struct Part {
  Case original;
  std::function<std::string&(Case&)> text;
};

std::vector<Part> signed_parts() {
  std::vector<Part> parts;
  for (const auto& delivery : {standard_case(), slack_case(), github_case()}) {
    for (std::size_t i = 0; i < delivery.headers.size(); ++i)
      parts.push_back({delivery, [i](Case& c) -> std::string& { return c.headers[i].second; }});
    parts.push_back({delivery, [](Case& c) -> std::string& { return c.body; }});
  }
  const auto token = make_token(TokenKind::kIngest).text;
  parts.push_back({path_token_case(token), [](Case& c) -> std::string& { return c.path_token; }});
  auto bare = header_token_case(token);
  bare.headers[0].second = token;
  parts.push_back({bare, [](Case& c) -> std::string& { return c.headers[0].second; }});
  return parts;
}

// 11 parts (ids, timestamps, signatures, bodies, tokens), 2,000 changes of each.
TEST(WebhookForgery, OfTwentyTwoThousandMutantsNoneIsAccepted) {
  const auto parts = signed_parts();
  ASSERT_EQ(parts.size(), 11u);
  int accepted = 0;
  std::uint32_t seed = 20260101;
  for (const auto& part : parts) {
    ASSERT_TRUE(part.original.accepted());
    accepted += accepted_mutants(part.original, 2000, part.text, ++seed);
  }
  EXPECT_EQ(accepted, 0);
}

}  // namespace
}  // namespace tocsin::auth
