#include "api/routes/reference.h"

#include "api/query_text.h"

namespace tocsin::api {

Result<Window> window_of(const http::Request& request, std::size_t usual_limit) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, usual_limit));
  TOCSIN_TRY(offset, number_parameter(request, "offset", 0, 100'000, 0));
  return Window{limit, offset};
}

http::Response bare_array(std::string json, std::int64_t total) {
  auto response = http::json_response(200, std::move(json));
  response.headers.emplace_back("X-Total-Count", std::to_string(total));
  response.headers.emplace_back("Vary", "Accept");
  return response;
}

void add_reference_routes(http::Router& router, const ContextsPtr& contexts) {
  add_s0_routes(router, contexts);
  add_s1_routes(router, contexts);
  add_s3_routes(router, contexts);
  add_s4_routes(router, contexts);
}

}  // namespace tocsin::api
