// What is handed to others: the key that signs it.

#include "api/context.h"
#include "api/json_writer.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

Result<Response> get_signing_key(Context& context, const Request&) {
  TOCSIN_TRY(key, context.services.settings.signing_key());
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("algorithm", "Ed25519");
    json.member("public_key", key.public_pem());
    json.member("fingerprint", key.fingerprint());
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/signing-key", get_signing_key},
};

}  // namespace

void add_sharing_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
