#include "api/routes/pages.h"

#include <charconv>

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

double quality_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  double quality = 1;
  if (at == std::string_view::npos) return quality;
  const auto digits = parameters.substr(at + 2);
  std::from_chars(digits.data(), digits.data() + digits.size(), quality);
  return quality;
}

// RFC 9110 §12.5.1, exact media type only; 0 when it is not listed.
double accepts(std::string_view header, std::string_view type) {
  while (!header.empty()) {
    const auto item = header.substr(0, header.find(','));
    header.remove_prefix(std::min(item.size() + 1, header.size()));
    const auto name = trimmed(item.substr(0, item.find(';')));
    if (name == type) return quality_of(item.substr(name.size() + (item.size() > name.size() ? 1 : 0)));
  }
  return 0;
}

Response not_built(std::string_view what, const Request& request) {
  return to_problem(
      error(ErrorKind::kNotFound, "serve page", "this server was built without the " + std::string(what),
            "build it with ./scripts/start"),
      request.trace_id);
}

std::optional<Response> find_asset(const AssetFinder& finder, std::string_view path, const Request& request) {
  return finder ? finder(path, request) : std::nullopt;
}

Result<Response> dashboard(Context& context, const Request& request) {
  auto page = find_asset(context.site.console, "/index.html", request);
  return page ? *std::move(page) : not_built("console", request);
}

// A file of the console, or one of its pages: the console's own router knows which.
Result<Response> console_file(Context& context, const Request& request) {
  if (auto file = find_asset(context.site.console, request.path, request)) return *std::move(file);
  const bool is_api = request.path.starts_with("/api/");
  if (auto page = is_api ? std::nullopt : console_page(context, request)) return *std::move(page);
  return error(ErrorKind::kNotFound, "find page", "there is nothing at this path",
               "GET /docs lists every route");
}

Result<Response> docs(Context& context, const Request& request) {
  auto page = find_asset(context.site.docs, "/index.html", request);
  return page ? *std::move(page)
              : not_built("API reference viewer; the document is at /api/openapi.yaml", request);
}

Result<Response> docs_file(Context& context, const Request& request) {
  const auto path = "/" + std::string(request.path_param("file"));
  auto file = find_asset(context.site.docs, path, request);
  return file ? *std::move(file) : to_problem(not_found("file", path), request.trace_id);
}

Result<Response> openapi(Context&, const Request&) {
  Response response;
  response.headers.emplace_back("Content-Type", "application/yaml");
  response.static_body = openapi_document();
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/dashboard", dashboard},    {Method::kGet, "/docs", docs},
    {Method::kGet, "/docs/{file}", docs_file},  {Method::kGet, "/api/openapi.yaml", openapi},
    {Method::kGet, "/{page...}", console_file},
};

}  // namespace

bool prefers_html(const Request& request) {
  const auto accept = request.header("Accept");
  const auto html = accepts(accept, "text/html");
  return html > 0 && html >= accepts(accept, "application/json");
}

std::optional<Response> console_page(const Context& context, const Request& request) {
  if (!prefers_html(request)) return {};
  auto page = find_asset(context.site.console, "/index.html", request);
  if (page) page->headers.emplace_back("Vary", "Accept");
  return page;
}

void add_page_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
