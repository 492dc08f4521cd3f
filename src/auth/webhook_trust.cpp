#include "auth/webhook_trust.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "auth/sodium.h"
#include "auth/token.h"
#include "base/ascii.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

constexpr std::size_t kMaxHeaderBytes = 4096;
constexpr std::size_t kMaxSignatures = 16;
constexpr std::size_t kMaxIdLength = 256;
constexpr std::size_t kMaxTimestampDigits = 12;  // the year 33658: enough, and no overflow
constexpr std::string_view kStandardPrefix = "whsec_";

using Outcome = Result<VerifiedDelivery>;

Error refused(std::string message, std::string hint = {}) {
  return error(ErrorKind::kForbidden, "verify webhook", std::move(message), std::move(hint));
}

// Absent when the header is missing, there twice, empty or too long.
std::optional<std::string_view> only_header(const WebhookDelivery& delivery, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : delivery.headers) {
    if (!equal_ignoring_case(key, name)) continue;
    if (found || value.empty() || value.size() > kMaxHeaderBytes) return std::nullopt;
    found = value;
  }
  return found;
}

// Digits only: no sign, blank or fraction, so that one time has one text.
std::optional<Timestamp> parse_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto* const end = text.data() + text.size();
  if (text.empty() || text.size() > kMaxTimestampDigits || !is_digit(text.front())) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  const auto [stop, failure] = std::from_chars(text.data(), end, seconds);
  if (failure != std::errc() || stop != end) return std::nullopt;
  constexpr std::int64_t kMaxSeconds = 9'000'000'000;  // 2255; nanoseconds of it fit
  if (seconds > kMaxSeconds) return std::nullopt;
  return Timestamp(std::chrono::seconds(seconds));
}

bool is_within_window(Timestamp sent_at, Timestamp now) {
  return sent_at <= now + kReplayWindow && sent_at >= now - kReplayWindow;
}

Result<void> check_timestamp(std::string_view text, Timestamp now) {
  const auto sent_at = parse_seconds(text);
  if (!sent_at) return refused("the timestamp is not a number of seconds");
  if (!is_within_window(*sent_at, now))
    return refused("the timestamp is more than 300 seconds from now", "check the clocks of both sides");
  return {};
}

bool is_id(std::string_view id) {
  // A full stop would leave open where the id ends in what is signed.
  return id.size() <= kMaxIdLength &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f && c != '.'; });
}

std::string standard_mac(std::string_view key, std::string_view id, std::string_view seconds,
                         std::string_view body) {
  std::string text;
  text.reserve(id.size() + seconds.size() + body.size() + 2);
  text.append(id).append(".").append(seconds).append(".").append(body);
  return "v1," + to_base64(hmac_sha256(key, text));
}

// The parts between single blanks; none when one is empty or there are too many.
std::vector<std::string_view> split_signatures(std::string_view list) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(' ', at), list.size());
    parts.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  if (parts.size() > kMaxSignatures || std::count(parts.begin(), parts.end(), "") > 0) parts.clear();
  return parts;
}

// Whether one of the offered texts is what `mac_of` gives for one of the keys. All pairs are compared,
// whichever fits. Text is compared, not bytes: another spelling of the same bytes is another text.
template <class MacOf>
bool fits_any(const WebhookTrust& trust, std::span<const std::string_view> offered, const MacOf& mac_of) {
  bool fits = false;
  for (std::size_t i = 0; i < std::min(trust.secrets.size(), kMaxWebhookSecrets); ++i) {
    const std::string wanted = mac_of(trust.secrets[i]);
    for (const auto signature : offered) fits |= equal_in_constant_time(wanted, signature);
  }
  return fits;
}

Outcome verify_standard(const WebhookTrust& trust, const WebhookDelivery& delivery, Timestamp now) {
  const auto id = only_header(delivery, "webhook-id");
  const auto seconds = only_header(delivery, "webhook-timestamp");
  const auto signatures = only_header(delivery, "webhook-signature");
  if (!id || !seconds || !signatures)
    return refused("webhook-id, webhook-timestamp or webhook-signature is missing or there twice");
  if (!is_id(*id))
    return refused("webhook-id is longer than 256 characters, or holds a full stop or a blank");
  TOCSIN_CHECK(check_timestamp(*seconds, now));
  const auto mac = [&](std::string_view key) { return standard_mac(key, *id, *seconds, delivery.body); };
  if (!fits_any(trust, split_signatures(*signatures), mac)) return refused("no signature fits");
  return VerifiedDelivery{std::string(*id)};
}

Outcome verify_slack(const WebhookTrust& trust, const WebhookDelivery& delivery, Timestamp now) {
  const auto seconds = only_header(delivery, "x-slack-request-timestamp");
  const auto signature = only_header(delivery, "x-slack-signature");
  if (!seconds || !signature)
    return refused("X-Slack-Request-Timestamp or X-Slack-Signature is missing or there twice");
  TOCSIN_CHECK(check_timestamp(*seconds, now));
  const auto signed_text = "v0:" + std::string(*seconds) + ":" + std::string(delivery.body);
  const auto mac = [&](std::string_view key) { return "v0=" + to_hex(hmac_sha256(key, signed_text)); };
  if (!fits_any(trust, {&*signature, 1}, mac)) return refused("the signature does not fit");
  return VerifiedDelivery{std::string(*signature)};
}

Outcome verify_github(const WebhookTrust& trust, const WebhookDelivery& delivery, Timestamp) {
  const auto signature = only_header(delivery, "x-hub-signature-256");
  if (!signature) return refused("X-Hub-Signature-256 is missing or there twice");
  const auto mac = [&](std::string_view key) { return "sha256=" + to_hex(hmac_sha256(key, delivery.body)); };
  if (!fits_any(trust, {&*signature, 1}, mac)) return refused("the signature does not fit");
  return VerifiedDelivery{std::string(*signature)};
}

Outcome verify_token(const WebhookTrust& trust, std::string_view token) {
  const auto hash = hash_token(token);
  const std::string_view offered = hash;
  const auto stored = [](const std::string& secret) { return secret; };
  if (token.empty() || !fits_any(trust, {&offered, 1}, stored))
    return refused("the token is missing or wrong");
  return VerifiedDelivery{};
}

Outcome verify_header_token(const WebhookTrust& trust, const WebhookDelivery& delivery, Timestamp) {
  static constexpr std::string_view kBearer = "Bearer ";
  auto value = only_header(delivery, trust.token_header).value_or("");
  if (equal_ignoring_case(value.substr(0, kBearer.size()), kBearer)) value.remove_prefix(kBearer.size());
  return verify_token(trust, value);
}

Outcome verify_path_token(const WebhookTrust& trust, const WebhookDelivery& delivery, Timestamp) {
  return verify_token(trust, delivery.path_token);
}

struct Scheme {
  WebhookScheme scheme;
  std::string_view name;
  Outcome (*verify)(const WebhookTrust&, const WebhookDelivery&, Timestamp);
};
constexpr std::array kSchemes{Scheme{WebhookScheme::kStandard, "standard", verify_standard},
                              Scheme{WebhookScheme::kSlack, "slack", verify_slack},
                              Scheme{WebhookScheme::kGithub, "github", verify_github},
                              Scheme{WebhookScheme::kHeaderToken, "header-token", verify_header_token},
                              Scheme{WebhookScheme::kPathToken, "path-token", verify_path_token}};

}  // namespace

std::string_view to_text(WebhookScheme scheme) {
  for (const auto& row : kSchemes)
    if (row.scheme == scheme) return row.name;
  return {};
}

std::optional<WebhookScheme> parse_webhook_scheme(std::string_view text) {
  for (const auto& row : kSchemes)
    if (row.name == text) return row.scheme;
  return std::nullopt;
}

Result<VerifiedDelivery> verify_webhook(const WebhookTrust& trust, const WebhookDelivery& delivery,
                                        Timestamp now) {
  for (const auto& row : kSchemes)
    if (row.scheme == trust.scheme) return row.verify(trust, delivery, now);
  return refused("the source has no known scheme");
}

std::string make_webhook_secret() {
  return std::string(kStandardPrefix) + to_base64(random_bytes(24));
}

Result<std::string> parse_webhook_secret(WebhookScheme scheme, std::string_view text) {
  const auto invalid = [](std::string message) {
    return error(ErrorKind::kInvalidInput, "read webhook secret", std::move(message), "let Tocsin make one",
                 "/secret");
  };
  if (scheme != WebhookScheme::kStandard) {
    if (text.size() < 16 || text.size() > 256) return invalid("it has fewer than 16 or more than 256 bytes");
    return std::string(text);
  }
  if (!text.starts_with(kStandardPrefix)) return invalid("it does not begin with whsec_");
  Result<std::string> key = from_base64(text.substr(kStandardPrefix.size())).value_or(std::string());
  if (key->size() < 24 || key->size() > 64) return invalid("it is not base64 of 24 to 64 bytes");
  return key;
}

std::string sign_standard_webhook(std::string_view key, std::string_view id, Timestamp sent_at,
                                  std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(sent_at).time_since_epoch().count();
  return standard_mac(key, id, std::to_string(seconds), body);
}

}  // namespace tocsin::auth
