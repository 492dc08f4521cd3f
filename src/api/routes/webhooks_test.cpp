// Deliveries of sources whose trust is set.

#include "api/testing/fixture.h"
#include "auth/sodium.h"
#include "auth/trust_table.h"
#include "auth/webhook_trust.h"
#include "base/sha256.h"

namespace tocsin::api::test {
namespace {

constexpr std::string_view kTrust = "/api/v1/sources/suricata/trust";
constexpr std::string_view kHook = "/api/v1/webhooks/suricata";
constexpr std::string_view kAlert =
    R"({"timestamp":"2026-01-04T12:00:00.000000+0000","event_type":"alert","src_ip":"203.0.113.9",)"
    R"("dest_ip":"198.51.100.20","alert":{"signature_id":2001219,"signature":"ET SCAN SSH","severity":2}})";

class WebhookTest : public ApiTest {
 protected:
  std::string set(std::string_view kind, std::string_view more = R"("generate":true)") {
    std::string body = R"({"kind":")" + std::string(kind) + "\"";
    if (!more.empty()) body.append(",").append(more);
    const auto reply = call(Method::kPut, kTrust, body + "}");
    EXPECT_EQ(reply.status, 200) << reply.text;
    const auto* secret = reply.json.as_object().if_contains("secret");
    return secret == nullptr ? std::string() : std::string(secret->as_string());
  }
  std::vector<http::Header> signed_by(const std::string& secret, const std::string& id,
                                      std::string_view body = kAlert) {
    const auto key = *auth::parse_webhook_secret(auth::WebhookScheme::kStandard, secret);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    return {{"webhook-id", id},
            {"webhook-timestamp", std::to_string(seconds)},
            {"webhook-signature", auth::sign_standard_webhook(key, id, clock_.now(), body)}};
  }
  Reply deliver(std::vector<http::Header> headers, std::string_view body = kAlert,
                std::string_view path = kHook) {
    return post(path, std::string(body), std::move(headers));
  }
  std::int64_t alerts() { return store_.counts()->alerts; }
};

TEST_F(WebhookTest, WithoutTrustDeliveriesAreTakenAsTheyCome) {
  EXPECT_EQ(get(kTrust).text_at("/kind"), "none");
  EXPECT_EQ(deliver({}).status, 200);
  EXPECT_EQ(alerts(), 1);
}

TEST_F(WebhookTest, WithTrustOnlySignedDeliveriesAreTakenInOpenModeToo) {
  const auto secret = set("standard");
  const auto unsigned_one = deliver({});
  EXPECT_EQ(unsigned_one.status, 401);
  EXPECT_EQ(unsigned_one.text_at("/title"), "Not trusted");
  EXPECT_EQ(alerts(), 0);
  EXPECT_EQ(deliver(signed_by(secret, "msg_1")).status, 200);
  EXPECT_EQ(alerts(), 1);
  EXPECT_EQ(deliver({}, kAlert, "/api/v1/webhooks/wazuh").status, 200);  // another source
  const auto trust = get(kTrust);
  EXPECT_EQ(trust.at("/refused").as_int64(), 1);
  EXPECT_NE(trust.text_at("/last_refused_reason").find("missing"), std::string::npos);
}

TEST_F(WebhookTest, WhatIsRefusedIsNotParsedAndLeavesNothing) {
  set("standard");
  EXPECT_EQ(deliver({}, "{not json").status, 401);
  EXPECT_EQ(store_.counts()->dead_letters, 0);
}

TEST_F(WebhookTest, AnAliasIsTheSameSource) {
  ASSERT_EQ(
      call(Method::kPut, "/api/v1/sources/guardduty/trust", R"({"kind":"standard","generate":true})").status,
      200);
  EXPECT_EQ(get("/api/v1/sources/aws-guardduty/trust").text_at("/kind"), "standard");
  for (const auto* name : {"guardduty", "aws-guardduty"})
    EXPECT_EQ(deliver({}, kAlert, std::string("/api/v1/webhooks/") + name).status, 401) << name;
}

TEST_F(WebhookTest, ARepeatIsAnsweredAsADuplicateWhateverItsIdempotencyKey) {
  const auto secret = set("standard");
  auto headers = signed_by(secret, "msg_1");
  EXPECT_EQ(deliver(headers).at("/accepted").as_int64(), 1);
  const auto again = deliver(headers);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.at("/accepted").as_int64(), 0);
  EXPECT_EQ(again.at("/duplicates").as_int64(), 1);
  headers.emplace_back("Idempotency-Key", "of the one who replays");
  EXPECT_EQ(deliver(headers).at("/accepted").as_int64(), 0);
  EXPECT_EQ(alerts(), 1);
}

TEST_F(WebhookTest, ARepeatOfWhatWasRejectedIsAnsweredAsTheFirstTime) {
  const auto secret = set("standard");
  const auto body = "[" + std::string(kAlert) + R"(,{"unrelated":{"a":1}}])";
  const auto headers = signed_by(secret, "msg_1", body);
  const auto first = deliver(headers, body);
  EXPECT_EQ(first.at("/rejected").as_array().size(), 1U) << first.text;
  const auto again = deliver(headers, body);
  EXPECT_EQ(again.text, first.text);
  EXPECT_EQ(alerts(), 1);
}

TEST_F(WebhookTest, ADeliveryThatFailedForOurReasonsMayComeAgain) {
  const auto secret = set("standard");
  const auto headers = signed_by(secret, "msg_1");
  pipeline_.busy = true;
  EXPECT_EQ(deliver(headers).status, 429);
  pipeline_.busy = false;
  EXPECT_EQ(deliver(headers).at("/accepted").as_int64(), 1);
}

TEST_F(WebhookTest, AnOldDeliveryIsRefused) {
  const auto secret = set("standard");
  const auto headers = signed_by(secret, "msg_1");
  clock_.advance(std::chrono::seconds(301));
  const auto reply = deliver(headers);
  EXPECT_EQ(reply.status, 401);
  EXPECT_NE(reply.text_at("/detail").find("timestamp"), std::string::npos);
}

TEST_F(WebhookTest, ACompressedDeliveryIsNotVerifiedOverOtherBytes) {
  const auto secret = set("standard");
  auto headers = signed_by(secret, "msg_1");
  headers.emplace_back("Content-Encoding", "gzip");
  EXPECT_EQ(deliver(headers).status, 415);
}

TEST_F(WebhookTest, BothSecretsCountWhileOneIsChanged) {
  const auto old = set("standard");
  const auto fresh = set("standard", R"("generate":true,"keep_previous_minutes":60)");
  EXPECT_EQ(deliver(signed_by(old, "msg_1")).status, 200);
  EXPECT_EQ(deliver(signed_by(fresh, "msg_2")).status, 200);
  EXPECT_FALSE(get(kTrust).at("/previous_until").is_null());
  clock_.advance(std::chrono::minutes(60));
  EXPECT_EQ(deliver(signed_by(old, "msg_3")).status, 401);
  EXPECT_EQ(deliver(signed_by(fresh, "msg_4")).status, 200);
  EXPECT_TRUE(get(kTrust).at("/previous_until").is_null());
}

TEST_F(WebhookTest, TheSecretBeforeCanBeTakenAwayAtOnce) {
  const auto old = set("standard");
  const auto fresh = set("standard");
  set("standard", R"("keep_previous_minutes":0)");
  EXPECT_EQ(deliver(signed_by(old, "msg_1")).status, 401);
  EXPECT_EQ(deliver(signed_by(fresh, "msg_2")).status, 200);
}

TEST_F(WebhookTest, SlackAndGitHubSignaturesAndTokensAreTaken) {
  const std::string secret = "0123456789abcdef0123456789abcdef";
  const auto seconds =
      std::to_string(std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count());
  const auto hex = [&](const std::string& text) { return to_hex(auth::hmac_sha256(secret, text)); };
  set("slack", R"("secret":")" + secret + "\"");
  EXPECT_EQ(deliver({{"X-Slack-Request-Timestamp", seconds},
                     {"X-Slack-Signature", "v0=" + hex("v0:" + seconds + ":" + std::string(kAlert))}})
                .status,
            200);
  set("github", R"("secret":")" + secret + "\"");
  EXPECT_EQ(deliver({{"X-Hub-Signature-256", "sha256=" + hex(std::string(kAlert))}}).status, 200);
  set("header-token", R"("token_header":"X-Token","secret":")" + secret + "\"");
  EXPECT_EQ(deliver({{"X-Token", secret}}).status, 200);
  EXPECT_EQ(deliver({{"X-Token", secret + "0"}}).status, 401);
  set("path-token", R"("secret":")" + secret + "\"");
  EXPECT_EQ(deliver({}, kAlert, std::string(kHook) + "/" + secret).status, 200);
  EXPECT_EQ(deliver({}, kAlert, std::string(kHook) + "/" + secret + "0").status, 401);
  EXPECT_EQ(deliver({}).status, 401);
}

TEST_F(WebhookTest, TheSecretIsShownOnceAndKeptNowhereInTheClear) {
  const auto secret = set("standard");
  EXPECT_TRUE(secret.starts_with("whsec_"));
  EXPECT_EQ(get(kTrust).text.find("whsec_"), std::string::npos);
  const auto kept = **store_.setting(auth::kTrustSetting);
  EXPECT_EQ(kept.find(secret.substr(6)), std::string::npos);
  const auto own = std::string("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const auto reply = call(Method::kPut, kTrust, R"({"kind":"standard","secret":")" + own + "\"}");
  EXPECT_EQ(reply.text.find("whsec_"), std::string::npos);
  const auto page = *store_.audit().list({});
  for (const auto& record : page.items) {
    for (const auto& side : {record.before, record.after}) {
      EXPECT_EQ(side.find("whsec_"), std::string::npos) << side;
      EXPECT_EQ(side.find("tsb1."), std::string::npos) << side;
    }
  }
}

TEST_F(WebhookTest, RemovedTrustOpensTheSourceAgain) {
  set("standard");
  EXPECT_EQ(call(Method::kDelete, kTrust).status, 204);
  EXPECT_EQ(call(Method::kDelete, kTrust).status, 404);
  EXPECT_EQ(deliver({}).status, 200);
}

TEST_F(WebhookTest, WithoutTheKeyFileTheSourceIsClosedUntilASecretIsSet) {
  set("standard");
  secrets_ = auth::SecretBox::create();
  clock_.advance(std::chrono::seconds(2));
  const auto trust = get(kTrust);
  EXPECT_EQ(trust.text_at("/kind"), "standard");
  EXPECT_FALSE(trust.at("/usable").as_bool());
  EXPECT_EQ(deliver({}).status, 401);
  EXPECT_EQ(deliver(signed_by(set("standard"), "msg_1")).status, 200);
}

TEST_F(WebhookTest, WrongSettingsAreNamed) {
  const auto problem = [&](const std::string& body) {
    const auto reply = call(Method::kPut, kTrust, body);
    EXPECT_EQ(reply.status, 422) << body << reply.text;
    return reply.status == 422 && reply.json.as_object().contains("errors")
               ? reply.text_at("/errors/0/pointer")
               : std::string();
  };
  EXPECT_EQ(problem(R"({"kind":"magic"})"), "/kind");
  EXPECT_EQ(problem(R"({"kind":"standard"})"), "/secret");
  EXPECT_EQ(problem(R"({"kind":"standard","secret":"short"})"), "/secret");
  EXPECT_EQ(problem(R"({"kind":"slack","secret":"short"})"), "/secret");
  EXPECT_EQ(
      problem(R"({"kind":"standard","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","generate":true})"),
      "/generate");
  EXPECT_EQ(problem(R"({"kind":"standard","generate":true,"token_header":"X"})"), "/token_header");
  EXPECT_EQ(problem(R"({"kind":"header-token","generate":true,"token_header":"a b"})"), "/token_header");
  EXPECT_EQ(problem(R"({"kind":"standard","generate":true,"keep_previous_minutes":100000})"),
            "/keep_previous_minutes");
  EXPECT_EQ(call(Method::kPut, "/api/v1/sources/NO/trust", R"({"kind":"standard","generate":true})").status,
            404);
}

}  // namespace
}  // namespace tocsin::api::test
