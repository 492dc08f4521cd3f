#include "auth/outbound_fetch.h"

namespace tocsin::auth {
namespace {

// Somebody waits for the sign-in with a browser open.
constexpr std::chrono::milliseconds kTotal{10'000};
constexpr std::uint64_t kMaxBody = 512 * 1024;

outbound::Request to_outbound(const FetchRequest& request) {
  outbound::Request out;
  out.method = request.form ? outbound::Method::kPost : outbound::Method::kGet;
  out.url = request.url;
  for (const auto& [name, value] : request.headers) out.headers.push_back({name, value});
  if (request.form) out.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  out.body = request.form.value_or("");
  out.limits.attempt = kTotal;
  out.limits.total = kTotal;
  out.limits.wire_bytes = kMaxBody;
  out.limits.body_bytes = kMaxBody;
  out.limits.retries = 1;
  out.credential = "oidc";
  return out;
}

}  // namespace

Fetch fetch_through(outbound::Client& client) {
  return [&client](const FetchRequest& request) -> Result<FetchResponse> {
    auto response = client.send(to_outbound(request));
    if (!response) return std::move(response).error();
    return FetchResponse{response->status, std::move(response->body)};
  };
}

}  // namespace tocsin::auth
