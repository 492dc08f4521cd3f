#include "outbound/redirect.h"

#include "outbound/request_check.h"

namespace tocsin::outbound {
namespace {

Error forbidden(const Url& from, std::string message) {
  return error(ErrorKind::kForbidden, "follow a redirect", std::move(message),
               "ask the service's final address directly", from.origin());
}

// RFC 9110 §15.4: 303 always becomes a GET; 301 and 302 do for POST, as all clients have it.
void change_method(Hop& hop, int status) {
  const bool rewrite = status == 303 || (status != 307 && status != 308 && hop.method == Method::kPost);
  if (!rewrite || hop.method == Method::kHead) return;
  hop.method = Method::kGet;
  hop.with_body = false;
}

}  // namespace

bool is_redirect(const Response& response) {
  const int status = response.status;
  const bool listed = (status >= 301 && status <= 303) || status == 307 || status == 308;
  return listed && !response.header("location").empty();
}

Result<Hop> next_hop(const Hop& from, const Response& response, const Policy& policy) {
  auto url = resolve_url(from.url, response.header("location"));
  if (!url) {
    auto why = std::move(url).error();
    why.op = "follow a redirect";
    why.where = from.url.origin();
    return why;
  }
  TOCSIN_CHECK(check_target(*url, policy));
  if (from.url.scheme == "https" && url->scheme != "https") return forbidden(from.url, "it leaves https");
  auto to = from;
  change_method(to, response.status);
  if (!from.url.same_origin(*url)) {
    if (to.with_body) return forbidden(from.url, "it takes the request's body to another origin");
    to.with_secrets = false;
  }
  to.url = *std::move(url);
  return to;
}

}  // namespace tocsin::outbound
