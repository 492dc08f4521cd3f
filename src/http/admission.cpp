#include "http/admission.h"

#include "http/refusals.h"
#include "http/target.h"
#include "http/text.h"

namespace tocsin::http {
namespace {

Response refuse(const Request& request, int status, std::string_view title, std::string_view detail,
                std::string_view hint = {}) {
  return problem_response(refusal(status, title, detail, hint), request.trace_id);
}

bool has(const std::vector<Method>& methods, Method method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

std::string allow_header(const std::vector<Method>& methods) {
  std::string text;
  for (const auto method : methods) text.append(to_text(method)).append(", ");
  if (has(methods, Method::kGet) && !has(methods, Method::kHead)) text += "HEAD, ";
  return text + "OPTIONS";
}

Response not_found(const Request& request) {
  return refuse(request, 404, "Not found", "There is nothing at this path.",
                "GET /api/openapi.yaml lists the paths.");
}

Response answer_options(const std::vector<Method>& allowed) {
  Response response;
  response.status = 204;
  response.headers.emplace_back("Allow", allow_header(allowed));
  return response;
}

Response wrong_method(const Request& request, const std::vector<Method>& allowed) {
  const auto allow = allow_header(allowed);
  auto response = refuse(request, 405, "Method not allowed", "This path does not take this method.",
                         "It takes " + allow + ".");
  response.headers.emplace_back("Allow", allow);
  return response;
}

std::vector<Method> methods_at(const Shared& shared, std::string_view path) {
  // kOther has no routes, so the search visits them all.
  return shared.router.match(Method::kOther, path).allowed;
}

std::optional<Response> authorize(const Shared& shared, Request& request, std::string_view pattern,
                                  bool websocket) {
  if (!shared.options.authorize) return std::nullopt;
  return shared.options.authorize(request, pattern, websocket);
}

void route(const Shared& shared, Request& request, std::string_view path, Admission& out) {
  out.match = shared.router.match(request.method, path);
  if (out.match.handler != nullptr || out.match.async_handler != nullptr) {
    request.path_params = std::move(out.match.params);
    out.refusal = authorize(shared, request, out.match.pattern, false);
    return;
  }
  const auto allowed = path == "*" ? std::vector<Method>{Method::kGet} : methods_at(shared, path);
  if (allowed.empty()) {
    out.refusal = not_found(request);
  } else if (request.method == Method::kOptions) {
    out.refusal = answer_options(allowed);
  } else {
    out.refusal = wrong_method(request, allowed);
  }
}

std::optional<Response> guard(const Shared& shared, const Request& request, const Target& target,
                              const RequestParser& parser) {
  const auto& rules = shared.options.open_mode;
  if (rules) {
    const bool is_open = !rules->applies || rules->applies();
    auto problem =
        is_open ? check_open_mode(*rules, request, target.authority, parser.wants_websocket()) : std::nullopt;
    if (!problem && parser.content_length() > 0) problem = check_body_type(*rules, request);
    if (problem) return problem_response(*problem, request.trace_id);
  }
  if (!parser.is_http_1_0() && request.header("Host").empty()) {
    return refuse(request, 400, "Bad request", "The request has no Host header.");
  }
  return std::nullopt;
}

std::optional<Response> limit(const Shared& shared, const Request& request) {
  if (shared.options.client_rate.per_second <= 0) return std::nullopt;
  if (!shared.options.limit_loopback && is_loopback_address(request.remote_address)) return std::nullopt;
  const auto wait = shared.clients.take(client_key(request.remote_address), std::chrono::steady_clock::now());
  return wait ? std::optional(too_many_requests(*wait, request.trace_id)) : std::nullopt;
}

}  // namespace

Admission admit(const Shared& shared, RequestParser& parser) {
  Admission out;
  auto& request = parser.request();
  out.refusal = limit(shared, request);
  if (out.refusal) return out;
  auto target = parse_target(parser.target());
  if (!target) {
    out.refusal = to_response(target.error(), request.trace_id);
    return out;
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  out.refusal = guard(shared, request, *target, parser);
  if (out.refusal) return out;
  const auto websocket = shared.websockets.find(request.path);
  if (websocket != shared.websockets.end() && parser.wants_websocket()) {
    // What a proxy took for the body would here be frames.
    if (parser.content_length() > 0 || parser.is_chunked()) {
      out.refusal = refuse(request, 400, "Bad request", "An upgrade has no body.");
    } else {
      out.refusal = authorize(shared, request, request.path, true);
      if (!out.refusal) out.websocket = &websocket->second;
    }
    return out;
  }
  route(shared, request, target->raw_path, out);
  if (out.refusal && out.refusal->status == 404 && websocket != shared.websockets.end()) {
    out.refusal = refuse(request, 426, "Upgrade required", "This path speaks WebSocket only.");
    out.refusal->headers.emplace_back("Upgrade", "websocket");
  }
  return out;
}

std::optional<Response> check_body(const Shared& shared, const Request& request) {
  const auto encoding = request.header("Content-Encoding");
  if (!encoding.empty() && !equal_ignoring_case(encoding, "gzip") &&
      !equal_ignoring_case(encoding, "identity")) {
    return refuse(request, 415, "Unsupported content coding", "The only Content-Encoding taken is gzip.");
  }
  if (!shared.options.open_mode || request.body.empty()) return std::nullopt;
  const auto problem = check_body_type(*shared.options.open_mode, request);
  return problem ? std::optional(problem_response(*problem, request.trace_id)) : std::nullopt;
}

}  // namespace tocsin::http
