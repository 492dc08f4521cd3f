#pragma once
// Which webhook sources of a tenant take trusted deliveries only, and by which secret: one setting of the
// tenant's store.
//
//   {"sources":{"suricata":{"kind":"standard",…}}}     for the audit log, which shows this line alone
//   tsb1.…                                             the whole, sealed
//
// Pure but for the random bytes of a seal.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secret_box.h"
#include "auth/webhook_trust.h"
#include "base/clock.h"
#include "base/result.h"

namespace tocsin::auth {

inline constexpr std::string_view kTrustSetting = "secret.webhook_trust";
inline constexpr std::size_t kMaxTrustedSources = 200;

struct SourceTrust {
  WebhookScheme scheme = WebhookScheme::kStandard;
  std::string token_header;  // of kHeaderToken
  std::string secret;        // of signatures: as both sides have it; of tokens: its hash_token
  Timestamp set_at{};
  std::string previous;  // the secret before; empty: none
  Timestamp previous_until{};

  // As of `now`: the one before counts until its time is over.
  WebhookTrust at(Timestamp now) const;
};
using TrustTable = std::map<std::string, SourceTrust, std::less<>>;  // by source

// The secret as SourceTrust has it. kInvalidInput as parse_webhook_secret.
Result<std::string> to_kept_secret(WebhookScheme scheme, std::string_view text);

// `tenant`: its number. Empty for a table without sources.
std::string encode_trust(const TrustTable& table, std::string_view tenant, const SecretBox& box);
// kUnavailable when no key opens it; kInvalidInput when it was altered or is another tenant's.
Result<TrustTable> decode_trust(std::string_view value, std::string_view tenant, const SecretBox& box);
// The same sources without their secrets, which accept nothing: for a value that no key opens.
Result<TrustTable> closed_trust(std::string_view value);

}  // namespace tocsin::auth
