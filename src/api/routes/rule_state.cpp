// What is in force of the rule files, what of them is refused, and reading them again.

#include "api/context.h"
#include "api/dto/rule_dto.h"
#include "api/place_shower.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

std::vector<Error> refusals_for(const PlaceShower& show, const detect::RuleCatalog& catalog) {
  std::vector<Error> shown;
  for (const auto& refusal : catalog.refusals()) shown.push_back(show(refusal));
  return shown;
}

Response state_response(const detect::RuleState& state, const PlaceShower& show) {
  auto shown = state;
  for (auto& file : shown.kept) file = show(file);
  if (shown.problem) shown.problem = show(*std::move(shown.problem));
  std::string out;
  JsonWriter json(out);
  write_rule_state(json, shown, refusals_for(show, *state.catalog));
  return http::json_response(200, std::move(out));
}

Result<Response> list_refusals(Context& context, const Request& request) {
  TOCSIN_CHECK(context.events());
  const auto& library = *context.services.settings.rules;
  const auto refusals = refusals_for({library, request}, *library.current());
  std::string out;
  JsonWriter json(out);
  json.object([&] { json.member("items", [&] { write_refusals(json, refusals); }); });
  return http::json_response(200, std::move(out));
}

Result<Response> get_state(Context& context, const Request& request) {
  TOCSIN_CHECK(context.events());
  const auto& library = *context.services.settings.rules;
  return state_response(*library.state(), {library, request});
}

Result<Response> reload_rules(Context& context, const Request& request) {
  auto& library = *context.services.settings.rules;
  const PlaceShower show(library, request);
  auto state = library.reload(context.services.clock.now());
  if (!state) return show(std::move(state).error());
  return state_response(**state, show);
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/rules/refusals", list_refusals},
    {Method::kGet, "/api/v1/rules/state", get_state},
    {Method::kPost, "/api/v1/rules/reload", reload_rules},
};

}  // namespace

void add_rule_state_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
