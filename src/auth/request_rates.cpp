#include "auth/request_rates.h"

#include "model/access.h"

namespace tocsin::auth {
namespace {

http::Response too_many(const http::Request& request, std::string detail, std::chrono::seconds wait) {
  auto response =
      http::problem_response({429,
                              "Too many requests",
                              std::move(detail),
                              "Send it again after the seconds in Retry-After; nothing was taken.",
                              {}},
                             request.trace_id);
  std::erase_if(response.headers, [](const http::Header& header) { return header.first == "Retry-After"; });
  response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

}  // namespace

std::optional<http::Response> RequestRates::refuse(const http::Request& request, Time now) {
  const auto* caller = request.principal.get();
  if (caller == nullptr || caller->kind == model::Principal::Kind::kLocal) return std::nullopt;
  if (caller->kind == model::Principal::Kind::kKey) {
    if (const auto wait = key_.take(caller->id, now))
      return too_many(request, "This key sends too many.", *wait);
  }
  if (const auto wait = tenant_.take(std::to_string(caller->tenant), now))
    return too_many(request, "The people and keys of this tenant send too many.", *wait);
  return std::nullopt;
}

}  // namespace tocsin::auth
