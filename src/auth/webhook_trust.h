#pragma once
// Who sent a webhook: signatures and tokens of deliveries, checked before a byte of the body is parsed.
//
//   standard      webhook-id, webhook-timestamp, webhook-signature: "v1,<base64>" (standardwebhooks.com)
//   slack         X-Slack-Request-Timestamp, X-Slack-Signature: "v0=<hex>" over "v0:<timestamp>:<body>"
//   github        X-Hub-Signature-256: "sha256=<hex>" over the body. No timestamp: see below
//   header token  a secret in a header, bare or after "Bearer "
//   path token    a secret in the path, for tools that cannot set headers
//
// All MACs are HMAC-SHA256 over the raw bytes. Every signature is compared with every secret in constant
// time. A header that is there twice counts as wrong, so that no proxy and we can read different ones.
//
// Pure: values and `now` in. Whether a delivery came before is the caller's business: `replay_key` names it.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::auth {

enum class WebhookScheme { kStandard, kSlack, kGithub, kHeaderToken, kPathToken };

// "standard", "slack", "github", "header-token", "path-token".
std::string_view to_text(WebhookScheme scheme);
std::optional<WebhookScheme> parse_webhook_scheme(std::string_view text);

// How far a timestamp may be from now, both ways: 300 s is accepted, more is not.
inline constexpr std::chrono::seconds kReplayWindow{300};
inline constexpr std::size_t kMaxWebhookSecrets = 4;

struct WebhookTrust {
  WebhookScheme scheme = WebhookScheme::kStandard;
  // At most four are tried: two while a secret is changed. Signatures: the keys' bytes
  // (parse_webhook_secret). Tokens: their hash_token, so that the token itself is stored nowhere. None:
  // nothing is accepted.
  std::vector<std::string> secrets;
  std::string token_header = "Authorization";  // of kHeaderToken
};

struct WebhookDelivery {
  std::span<const std::pair<std::string, std::string>> headers;  // names compare without case
  std::string_view path_token;                                   // empty: none
  std::string_view body;                                         // as it came, before inflating
};

struct VerifiedDelivery {
  // What makes the delivery unique and is covered by its signature; empty for tokens, which sign nothing. The
  // same signature is accepted again until its timestamp is too old; GitHub's form has none, so for good.
  std::string replay_key;
};

// kForbidden when anything is missing, malformed, too old, too new or wrong.
Result<VerifiedDelivery> verify_webhook(const WebhookTrust& trust, const WebhookDelivery& delivery,
                                        Timestamp now);

// "whsec_" and 24 random bytes in base64: what both sides are given.
std::string make_webhook_secret();

// The key's bytes. Standard: "whsec_" and base64 of 24 to 64 bytes. Slack and GitHub: the text itself, 16 to
// 256 bytes. kInvalidInput otherwise, without the text.
Result<std::string> parse_webhook_secret(WebhookScheme scheme, std::string_view text);

// What a sender puts into webhook-signature.
std::string sign_standard_webhook(std::string_view key, std::string_view id, Timestamp sent_at,
                                  std::string_view body);

}  // namespace tocsin::auth
