// One alert judged, and questions in words made into queries.

#include <chrono>

#include "api/body.h"
#include "api/case_input.h"
#include "api/case_loader.h"
#include "api/routes/reference.h"
#include "copilot/query.h"
#include "copilot/triage_answer.h"
#include "enrich/library.h"
#include "respond/match.h"
#include "triage/reference_maps.h"

namespace tocsin::api {
namespace {

using boost::json::object;
using http::Method;
using http::Request;
using http::Response;

Result<std::optional<model::Alert>> stored_alert(Context& context, const object& given) {
  const auto* id = given.if_contains("alert_id");
  if (id == nullptr) id = given.if_contains("id");
  if (id == nullptr || !id->is_string()) return std::optional<model::Alert>{};
  const std::string_view text = id->get_string();
  TOCSIN_TRY(alert, context.store().alerts().find(text));
  if (!alert && given.size() == 1) return not_found("alert", text);
  return alert;
}

// ---- judging
// ------------------------------------------------------------------------------------------------------

std::vector<std::string> triage_steps(const Context& context, const model::Alert& alert) {
  const auto& playbooks = context.services.settings.playbooks->playbooks;
  std::vector<std::string> steps;
  for (const auto* playbook : respond::playbooks_of(respond::match_playbooks(playbooks, {&alert}))) {
    for (const auto& step : playbook->steps) {
      if (step.phase == respond::Phase::kTriage) steps.push_back(step.action);
    }
  }
  return steps;
}

std::string sentence_of(const triage::PlannedAction& action) {
  std::string text(to_text(action.type));
  if (action.target) text += " " + action.target->value;
  text += ": " + action.reason;
  if (action.requires_approval) text += " (needs approval)";
  return text;
}

std::vector<std::string> planned(const triage::ResponsePlan& plan) {
  std::vector<std::string> sentences;
  if (plan.primary_action.type != triage::ActionType::kNone)
    sentences.push_back(sentence_of(plan.primary_action));
  for (const auto& action : plan.secondary_actions) sentences.push_back(sentence_of(action));
  return sentences;
}

Result<std::size_t> others_in_incident(Context& context, const model::Alert& alert) {
  if (!alert.incident_id) return std::size_t{0};
  TOCSIN_TRY(incident, context.store().incidents().find(*alert.incident_id));
  const auto count = incident ? incident->alert_count : 0;
  return static_cast<std::size_t>(std::max<std::int64_t>(count - 1, 0));
}

std::string reply_json(const copilot::TriageAnswer& answer, bool with_queries, double milliseconds) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("alert_id", answer.alert_id);
    json.member("summary", answer.summary);
    json.member("risk_score", answer.risk_score);
    json.member("risk_reasoning", answer.risk_reasoning);
    json.member("key_findings", answer.key_findings);
    json.member("investigation_steps", answer.investigation_steps);
    json.member("suggested_queries", [&] {
      json.object([&] {
        if (!with_queries) return;
        json.member("kql", answer.kql);
        json.member("spl", answer.spl);
      });
    });
    json.member("mitre_context", answer.mitre_context);
    json.member("suggested_actions", answer.suggested_actions);
    json.member("escalation_recommended", answer.escalation_recommended);
    answer.escalation_reason.empty() ? json.member("escalation_reason", nullptr)
                                     : json.member("escalation_reason", answer.escalation_reason);
    json.member("processing_time_ms", milliseconds);
  });
  return out;
}

Result<copilot::TriageAnswer> judge(Context& context, model::Alert alert, bool is_stored, bool with_queries,
                                    std::size_t max_steps) {
  CaseLoader loader(context.services);
  TOCSIN_TRY(judged, judge_alert(loader, context.services, alert));
  const auto& input = judged.input;
  if (!is_stored) triage::apply(triage::score(alert, input.prior, input.options), alert);
  TOCSIN_TRY(others, others_in_incident(context, alert));
  const copilot::TriageFacts facts{alert,
                                   triage::s1_risk(alert.priority),
                                   triage::explain(alert, input.prior, input.options),
                                   triage::review_reason(alert, input.options),
                                   triage_steps(context, alert),
                                   planned(judged.plan),
                                   others};
  return copilot::triage_answer(facts, with_queries, max_steps);
}

Result<Response> triage_alert(Context& context, const Request& request) {
  const auto started = std::chrono::steady_clock::now();
  TOCSIN_TRY(body, Body::parse(request));
  body.require("alert");
  const auto* given = body.object("alert");
  const auto with_queries = body.boolean("include_queries").value_or(true);
  const auto max_steps = body.integer("max_investigation_steps", 1, 20).value_or(5);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(stored, stored_alert(context, *given));
  const bool is_stored = stored.has_value();
  if (!is_stored) {
    TOCSIN_TRY(read, read_case_alert(*given, context.services.clock.now()));
    enrich::apply(*context.services.settings.enrichment->knowledge(), read, read.received_at);
    stored = std::move(read);
  }
  TOCSIN_TRY(answer, judge(context, *std::move(stored), is_stored, with_queries,
                           static_cast<std::size_t>(max_steps)));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - started;
  return http::json_response(200, reply_json(answer, with_queries, took.count()));
}

// ---- questions
// ----------------------------------------------------------------------------------------------------

void write_query(JsonWriter& json, std::string_view name, const std::string& query) {
  query.empty() ? json.member(name, nullptr) : json.member(name, query);
}

Result<Response> build_query(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  body.require("question");
  const auto question = body.text("question", 2000, false);
  const auto platform = body.choice("target_platform", copilot::parse_platform, "kql, spl, both")
                            .value_or(copilot::Platform::kBoth);
  const auto* given = body.any("alert_context");
  if (given != nullptr && !given->is_object() && !given->is_null())
    body.fail("alert_context", "must be an object");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  std::optional<model::Alert> about;
  if (given != nullptr && given->is_object() && !given->get_object().empty()) {
    TOCSIN_TRY(stored, stored_alert(context, given->get_object()));
    about = std::move(stored);
    if (!about) {
      TOCSIN_TRY(read, read_case_alert(given->get_object(), context.services.clock.now()));
      about = std::move(read);
    }
  }
  TOCSIN_TRY(answer, copilot::build_queries(*question, about ? &*about : nullptr, platform));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("question", answer.question);
    write_query(json, "kql_query", answer.kql_query);
    write_query(json, "spl_query", answer.spl_query);
    json.member("explanation", answer.explanation);
    json.member("performance_notes", answer.performance_notes);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kPost, "/api/v1/triage", triage_alert},
    {Method::kPost, "/api/v1/query", build_query},
};

}  // namespace

void add_s1_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
