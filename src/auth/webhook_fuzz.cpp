// Headers and body from outside: nothing crashes, and nothing is accepted without the secret.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "auth/webhook_trust.h"

namespace {

using namespace tocsin::auth;

constexpr WebhookScheme kSchemes[] = {WebhookScheme::kStandard, WebhookScheme::kSlack, WebhookScheme::kGithub,
                                      WebhookScheme::kHeaderToken, WebhookScheme::kPathToken};

// "name: value" lines until an empty one; the rest is the body.
std::vector<std::pair<std::string, std::string>> read_headers(std::string_view& text) {
  std::vector<std::pair<std::string, std::string>> headers;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) break;
    const auto colon = std::min(line.find(": "), line.size());
    headers.emplace_back(line.substr(0, colon), line.substr(std::min(line.size(), colon + 2)));
  }
  return headers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto headers = read_headers(text);
  const tocsin::Timestamp now{std::chrono::seconds(1614265330)};
  for (const auto scheme : kSchemes) {
    const WebhookTrust trust{scheme, {"a key that nobody outside knows", std::string(64, '0')}, "x-token"};
    const auto path_token = headers.empty() ? std::string_view() : std::string_view(headers.front().second);
    if (verify_webhook(trust, {headers, path_token, text}, now)) std::abort();
  }
  if (const auto key = parse_webhook_secret(WebhookScheme::kStandard, text); key && key->size() < 24)
    std::abort();
  return 0;
}
