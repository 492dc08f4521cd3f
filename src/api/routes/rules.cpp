// Detection rules: what is loaded, what the tenant says of it, and trials on stored events.

#include <algorithm>

#include "api/body.h"
#include "api/context.h"
#include "api/dto/rule_dto.h"
#include "api/dto/rule_policy_dto.h"
#include "api/place_shower.h"
#include "api/query_text.h"
#include "base/ascii.h"
#include "detect/engine/rule_text.h"

namespace tocsin::api {
namespace {

using detect::RuleCatalog;
using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxText = 256 * 1024;  // of a rule to try
constexpr std::size_t kMaxReason = 2'000;
constexpr std::size_t kMaxKey = 500;
constexpr std::size_t kMaxTrialEvents = 1'000'000;
constexpr std::size_t kPage = 1'000;

// What is loaded, and who says what of it.
struct Rules {
  detect::RuleCatalogPtr catalog;
  detect::RulePolicyPtr policy;
  EventDesk::RuleFigures figures;
  MatchSumsByRule sums;
  PlaceShower show;  // paths, to who asks
};

Result<Rules> rules_of(Context& context, const Request& request) {
  TOCSIN_TRY(desk, context.events());
  TOCSIN_TRY(policy, desk->policy());
  TOCSIN_TRY(sums, desk->match_sums());
  auto& library = *context.services.settings.rules;
  return Rules{library.current(), std::move(policy), desk->rule_figures(), std::move(sums),
               PlaceShower(library, request)};
}

template <class Definition>
void fill(const Rules& rules, const Definition& rule, RuleView& view) {
  const auto& key = RuleCatalog::key_of(rule);
  view.file = rules.show(rule.file);
  view.enabled = rules.policy->is_on(key);
  view.level = rules.policy->level_of(key, rule.level);
  const auto& exceptions = rules.policy->data().exceptions;
  view.exceptions =
      static_cast<std::size_t>(std::count_if(exceptions.begin(), exceptions.end(), [&](const auto& one) {
        return one.rule.empty() || one.rule == key;
      }));
  if (rules.figures.catalog == rules.catalog) view.since = rules.figures.since;
  if (const auto sums = rules.sums.find(key); sums != rules.sums.end()) view.kept = sums->second;
}

// Nanoseconds an event are microseconds a thousand.
std::optional<RuleView::Cost> cost_of(const detect::RuleCosts::Figures& costs, std::size_t place) {
  if (costs.events == 0) return std::nullopt;
  const auto of = static_cast<double>(costs.of[place]);
  const auto all = static_cast<double>(costs.all);
  return RuleView::Cost{of / static_cast<double>(costs.events), all > 0 ? of / all : 0, costs.events};
}

// Rules by place, correlations after them.
RuleView view_of(const Rules& rules, std::size_t place) {
  RuleView view;
  const auto count = rules.catalog->rules().size();
  if (place >= count) {
    view.correlation = &rules.catalog->correlations()[place - count];
    fill(rules, *view.correlation, view);
    return view;
  }
  view.rule = &rules.catalog->rules()[place];
  fill(rules, *view.rule, view);
  if (!view.since) return view;
  view.matches = rules.figures.of.matches[place];
  view.cost = cost_of(rules.figures.costs, place);
  return view;
}

Result<void> add_history(Context& context, RuleView& view) {
  const auto& title = view.rule != nullptr ? view.rule->title : view.correlation->title;
  TOCSIN_TRY(history, context.store().rule_history(detect::kDetectionSource, detect::type_of_title(title)));
  view.closed_alerts = history.closed;
  view.false_positives = history.false_positives;
  return {};
}

bool has_words(const RuleView& view, std::string_view words) {
  const auto has = [&](std::string_view text) {
    return std::search(text.begin(), text.end(), words.begin(), words.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
  };
  const auto in = [&](const auto& rule) {
    return has(rule.title) || has(RuleCatalog::key_of(rule)) || has(rule.author) || has(view.file) ||
           std::any_of(rule.tags.begin(), rule.tags.end(), has);
  };
  return view.rule != nullptr ? in(*view.rule) : in(*view.correlation);
}

struct ListFilter {
  std::string q;
  std::optional<detect::sigma::Level> level;
  std::optional<bool> enabled;
  bool fired = false;

  bool passes(const RuleView& view) const {
    return (!level || view.level == *level) && (!enabled || view.enabled == *enabled) &&
           (!fired || view.matches > 0) && (q.empty() || has_words(view, q));
  }
};

Result<ListFilter> filter_of(const Request& request) {
  ListFilter filter;
  filter.q = request.query_param("q").value_or("").substr(0, kMaxKey);
  if (const auto level = request.query_param("level")) {
    filter.level = detect::sigma::parse_level(*level);
    if (!filter.level)
      return error(ErrorKind::kInvalidInput, "list rules", "level is no level of a rule",
                   "known: informational, low, medium, high, critical", "level");
  }
  if (request.query_param("enabled")) {
    TOCSIN_TRY(enabled, flag_parameter(request, "enabled", true));
    filter.enabled = enabled;
  }
  TOCSIN_TRY(fired, flag_parameter(request, "fired", false));
  filter.fired = fired;
  return filter;
}

// The cursor is a place in the list of the catalog, which a reload may change.
Result<Response> list_rules(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  TOCSIN_TRY(filter, filter_of(request));
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, kPage, 100));
  TOCSIN_TRY(from, number_parameter(request, "cursor", 0, 1'000'000, 0));
  const auto all = rules.catalog->rules().size() + rules.catalog->correlations().size();
  std::vector<RuleView> page;
  std::size_t total = 0, next = 0;
  for (std::size_t place = 0; place < all; ++place) {
    auto view = view_of(rules, place);
    if (!filter.passes(view)) continue;
    ++total;
    if (place < from) continue;
    if (page.size() < limit) {
      TOCSIN_CHECK(add_history(context, view));
      page.push_back(view);
    } else if (next == 0) {
      next = place;
    }
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& view : page) write_rule(json, view);
      });
    });
    next == 0 ? json.member("next_cursor", nullptr) : json.member("next_cursor", std::to_string(next));
    json.member("total", total);
    json.member("loaded", all);
    json.member("refused", rules.catalog->refusals().size());
  });
  return http::json_response(200, std::move(out));
}

Result<RuleView> find_rule(const Rules& rules, std::string_view key) {
  if (const auto rule = rules.catalog->find(key)) return view_of(rules, *rule);
  if (const auto correlation = rules.catalog->find_correlation(key))
    return view_of(rules, rules.catalog->rules().size() + *correlation);
  return not_found("rule", key);
}

Result<Response> rule_response(Context& context, const Rules& rules, std::string_view key) {
  TOCSIN_TRY(view, find_rule(rules, key));
  TOCSIN_CHECK(add_history(context, view));
  const auto& file = view.rule != nullptr ? view.rule->file : view.correlation->file;
  const auto at = view.rule != nullptr ? view.rule->at : view.correlation->at;
  std::string out;
  JsonWriter json(out);
  write_rule_detail(json, view, detect::rule_text(*rules.catalog, file, at));
  return http::json_response(200, std::move(out));
}

Result<Response> get_rule(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  return rule_response(context, rules, request.path_param("id"));
}

Result<Response> change_rule(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  const std::string key(request.path_param("id"));
  TOCSIN_CHECK(find_rule(rules, key));
  TOCSIN_TRY(body, Body::parse(request));
  const auto enabled = body.boolean("enabled");
  const auto* given_level = body.any("level");
  std::optional<detect::sigma::Level> level;
  if (given_level != nullptr && !given_level->is_null())
    level = body.choice("level", detect::sigma::parse_level, "informational, low, medium, high, critical");
  if (!enabled && given_level == nullptr)
    body.fail_whole("there is nothing to change", "Send enabled or level.");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(desk, context.events());
  TOCSIN_TRY(policy, desk->change_policy([&](detect::RulePolicyData& data) -> Result<void> {
    if (!data.rules.contains(key) && data.rules.size() >= detect::kMaxRuleSettings)
      return error(ErrorKind::kConflict, "change the rule", "20,000 rules have settings of their own",
                   "Take rules out of the directory instead.");
    auto& setting = data.rules[key];
    if (enabled) setting.enabled = *enabled;
    if (given_level != nullptr) setting.level = level;
    setting.actor = actor();
    setting.changed_at = context.services.clock.now();
    return {};
  }));
  rules.policy = std::move(policy);
  return rule_response(context, rules, key);
}

Result<Response> get_coverage(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  auto response = http::json_response(200, coverage_layer(*rules.catalog, *rules.policy));
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"tocsin-coverage.json\"");
  return response;
}

TrialBounds bounds_of(Body& body) {
  TrialBounds bounds;
  if (const auto most = body.integer("max_events", 1, kMaxTrialEvents))
    bounds.max_events = static_cast<std::size_t>(*most);
  return bounds;
}

Response trial_response(const Trial& trial) {
  std::string out;
  JsonWriter json(out);
  write_trial(json, trial);
  return http::json_response(200, std::move(out));
}

Result<Response> backtest(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  TOCSIN_TRY(body, Body::parse(request));
  const auto bounds = bounds_of(body);
  const auto key = body.text("rule_id", kMaxKey, false);
  const auto text = body.text("text", kMaxText, false);
  if (body.has("rule_id") == body.has("text"))
    body.fail_whole("say which rule", "Send either rule_id or the rule's text.");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(catalog, key ? catalog_of_one(*rules.catalog, *key) : catalog_of_text(*text, *rules.catalog));
  TOCSIN_TRY(trial,
             try_rules(context.store().events(), catalog, key.value_or(""), bounds, context.services.clock));
  return trial_response(trial);
}

// The members of an exception; its `when` is checked by the code that will read it.
detect::RuleException read_exception(Body& body, const Rules& rules) {
  detect::RuleException exception;
  exception.rule = body.nullable_text("rule_id", kMaxKey).value_or(std::nullopt).value_or("");
  if (!exception.rule.empty() && !find_rule(rules, exception.rule))
    body.fail("rule_id", "names no rule that is loaded", "GET /api/v1/rules lists them.");
  body.require("when");
  if (const auto* when = body.object("when")) {
    exception.when = boost::json::serialize(*when);
    if (const auto checked = detect::parse_exception(exception.when); !checked)
      body.fail("when", checked.error().message, checked.error().hint);
  }
  return exception;
}

Result<Response> preview_exception(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  TOCSIN_TRY(body, Body::parse(request));
  const auto exception = read_exception(body, rules);
  const auto bounds = bounds_of(body);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  auto catalog = rules.catalog;
  if (!exception.rule.empty()) {
    TOCSIN_TRY(one, catalog_of_one(*rules.catalog, exception.rule));
    catalog = std::move(one);
  }
  TOCSIN_TRY(trial,
             try_exception(context.store().events(), catalog, exception, bounds, context.services.clock));
  return trial_response(trial);
}

Response exception_response(int status, const detect::RuleException& exception) {
  std::string out;
  JsonWriter json(out);
  write_exception(json, exception);
  return http::json_response(status, std::move(out));
}

Result<Response> add_exception(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  TOCSIN_TRY(body, Body::parse(request));
  auto exception = read_exception(body, rules);
  body.require("reason");
  exception.reason = body.text("reason", kMaxReason, false).value_or("");
  exception.owner = body.text("owner", kMaxKey, false).value_or(actor());
  const auto now = context.services.clock.now();
  if (const auto until = body.nullable_text("expires_at", 64).value_or(std::nullopt)) {
    exception.expires_at = parse_time(*until);
    if (!exception.expires_at || *exception.expires_at <= now)
      body.fail("expires_at", "must be a time to come", "Write it as 2030-01-31T12:00:00Z, or leave it out.");
  }
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  exception.id = "EX-" + make_ulid(now);
  exception.created_at = now;
  TOCSIN_TRY(desk, context.events());
  TOCSIN_CHECK(desk->change_policy([&](detect::RulePolicyData& data) -> Result<void> {
    if (data.exceptions.size() >= detect::kMaxExceptions)
      return error(ErrorKind::kConflict, "add the exception", "there are 1,000 exceptions",
                   "Delete those that have expired.");
    data.exceptions.push_back(exception);
    return {};
  }));
  return exception_response(201, exception);
}

Result<Response> list_exceptions(Context& context, const Request& request) {
  TOCSIN_TRY(rules, rules_of(context, request));
  const auto now = context.services.clock.now();
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& exception : rules.policy->data().exceptions) {
          const auto hidden = rules.figures.of.hidden.find(exception.id);
          json.object([&] {
            write_exception_members(json, exception);
            json.member("expired", exception.expires_at && *exception.expires_at <= now);
            json.member("hidden", static_cast<std::int64_t>(
                                      hidden == rules.figures.of.hidden.end() ? 0 : hidden->second));
          });
        }
      });
    });
  });
  return http::json_response(200, std::move(out));
}

Result<Response> delete_exception(Context& context, const Request& request) {
  TOCSIN_TRY(desk, context.events());
  const auto id = request.path_param("id");
  TOCSIN_CHECK(desk->change_policy([&](detect::RulePolicyData& data) -> Result<void> {
    const auto gone = std::erase_if(data.exceptions, [&](const auto& one) { return one.id == id; });
    return gone > 0 ? Result<void>() : Result<void>(not_found("exception", id));
  }));
  Response response;
  response.status = 204;
  return response;
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/rules", list_rules},
    {Method::kGet, "/api/v1/rules/coverage", get_coverage},
    {Method::kPost, "/api/v1/rules/backtest", backtest},
    {Method::kGet, "/api/v1/rules/exceptions", list_exceptions},
    {Method::kPost, "/api/v1/rules/exceptions", add_exception},
    {Method::kPost, "/api/v1/rules/exceptions/preview", preview_exception},
    {Method::kDelete, "/api/v1/rules/exceptions/{id}", delete_exception},
    {Method::kGet, "/api/v1/rules/{id}", get_rule},
    {Method::kPatch, "/api/v1/rules/{id}", change_rule},
};

}  // namespace

void add_rule_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
