// What people say of alerts, incidents and triage answers: stored whole, and applied at once where it says
// how.

#include "api/body.h"
#include "api/context.h"
#include "api/incident_access.h"
#include "api/json_writer.h"
#include "api/reasons.h"
#include "triage/reference_maps.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxId = 500;
constexpr std::size_t kMaxText = 20'000;
constexpr std::string_view kVerdicts = "true_positive, benign_positive, false_positive";

struct Given {
  store::Feedback feedback;
  std::string notes;
};

std::optional<model::Verdict> decided_verdict(std::string_view text) {
  const auto verdict = model::parse_verdict(text);
  return verdict == model::Verdict::kUndecided ? std::nullopt : verdict;
}

void read_target(Body& body, store::Feedback& feedback) {
  feedback.alert_id = body.text("alert_id", kMaxId, false);
  const auto incident = body.text("incident_id", kMaxId, false);
  if (incident) feedback.incident_id = IncidentId::parse(*incident);
  if (incident && !feedback.incident_id) body.fail("incident_id", "is not an incident id");
  if (body.has("alert_id") == body.has("incident_id")) {
    body.fail_whole("exactly one of \"alert_id\" and \"incident_id\" is needed");
  }
}

Given read_verdict_feedback(Body& body) {
  Given given;
  read_target(body, given.feedback);
  given.feedback.verdict = body.choice("verdict", decided_verdict, kVerdicts);
  if (const auto priority = body.integer("correct_priority", 0, 100)) {
    given.feedback.correct_priority = static_cast<int>(*priority);
  }
  body.text("reason", kMaxText);
  given.notes = body.text("analyst_notes", kMaxText).value_or("");
  if (!body.has("verdict") && !body.has("correct_priority") && !body.has("analyst_notes")) {
    body.fail_whole("nothing is said",
                    "send verdict, correct_priority or analyst_notes; or triage_helpful and rating about a "
                    "triage answer");
  }
  return given;
}

Given read_triage_feedback(Body& body) {
  Given given;
  body.require("alert_id");
  body.require("triage_helpful");
  body.require("rating");
  given.feedback.alert_id = body.text("alert_id", kMaxId, false);
  body.boolean("triage_helpful");
  body.integer("rating", 1, 5);
  body.nullable_text("comments", kMaxText);
  const auto disposition = body.nullable_text("actual_disposition", 200);
  if (disposition && *disposition) given.feedback.verdict = triage::parse_disposition(**disposition);
  return given;
}

// ---- applying
// -----------------------------------------------------------------------------------------------------

std::vector<std::string> said(const store::Feedback& feedback) {
  std::vector<std::string> applied;
  if (feedback.verdict) applied.push_back("verdict set to " + std::string(to_text(*feedback.verdict)));
  if (feedback.correct_priority)
    applied.push_back("priority set to " + std::to_string(*feedback.correct_priority));
  return applied;
}

// What was computed, without what people said of its rule: the distance that the correction speaks of.
Result<store::PriorityCorrection> correction_of(Context& context, const model::Alert& alert, int wanted) {
  TOCSIN_TRY(history, context.store().rule_history(alert.source, alert.type));
  const triage::Prior uncorrected{history.closed, history.false_positives};
  const auto computed = triage::score(alert, uncorrected, context.services.settings.scoring).priority;
  return store::PriorityCorrection{alert.source, alert.type, alert.id.str(), wanted - computed};
}

Result<std::string> said_of_rule(Context& context, const store::PriorityCorrection& correction) {
  TOCSIN_TRY(history, context.store().rule_history(correction.source, correction.type));
  const auto points = triage::priority_shift(prior_of(history));
  return "later alerts of this rule: " + std::string(points < 0 ? "" : "+") + std::to_string(points) +
         " points of priority";
}

Result<void> apply_to_alert(Context& context, store::Feedback& feedback) {
  auto& alerts = context.store().alerts();
  TOCSIN_TRY(alert, alerts.find(*feedback.alert_id));
  if (!alert) return not_found("alert", *feedback.alert_id);
  if (!feedback.verdict && !feedback.correct_priority) return {};
  if (feedback.correct_priority) {
    TOCSIN_TRY(correction, correction_of(context, *alert, *feedback.correct_priority));
    feedback.correction = std::move(correction);
  }
  store::AlertChange change;
  change.verdict = feedback.verdict;
  change.priority = feedback.correct_priority;
  change.review_from = context.services.settings.scoring.high_priority_threshold;
  change.actor = feedback.actor;
  TOCSIN_TRY(changed, alerts.update(alert->id.str(), change));
  context.live.alert_changed(changed);
  return {};
}

Result<void> apply_to_incident(Context& context, const store::Feedback& feedback, const std::string& notes) {
  TOCSIN_TRY(incident, find_standing_incident(context.store(), feedback.incident_id->str()));
  if (!notes.empty()) {
    TOCSIN_TRY(note, context.store().incidents().add_note(incident.id, feedback.actor, notes));
  }
  if (!feedback.verdict && !feedback.correct_priority) return {};
  store::IncidentChange change;
  change.verdict = feedback.verdict;
  change.priority = feedback.correct_priority;
  change.actor = feedback.actor;
  TOCSIN_TRY(changed, change_incident(context, incident.id, change));
  return {};
}

std::string reply_json(const store::Feedback& feedback, const std::vector<std::string>& applied) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("status", "acknowledged");
    json.member("alert_id", feedback.alert_id);
    feedback.incident_id ? json.member("incident_id", feedback.incident_id->str())
                         : json.member("incident_id", nullptr);
    json.member("applied", applied);
  });
  return out;
}

Result<Response> give_feedback(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  const bool about_triage = body.has("triage_helpful") || body.has("rating");
  auto given = about_triage ? read_triage_feedback(body) : read_verdict_feedback(body);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  auto& feedback = given.feedback;
  feedback.body = request.body;
  feedback.actor = actor();
  feedback.created_at = context.services.clock.now();
  TOCSIN_CHECK(feedback.alert_id ? apply_to_alert(context, feedback)
                                 : apply_to_incident(context, feedback, given.notes));
  TOCSIN_CHECK(context.store().add_feedback(feedback));
  context.services.pipeline.rules_changed();
  auto applied = said(feedback);
  if (feedback.correction) {
    TOCSIN_TRY(sentence, said_of_rule(context, *feedback.correction));
    applied.push_back(std::move(sentence));
  }
  if (!given.notes.empty())
    applied.emplace_back(feedback.incident_id ? "note added" : "notes kept with the feedback");
  return http::json_response(200, reply_json(feedback, applied));
}

constexpr RouteRow kRoutes[] = {{Method::kPost, "/api/v1/feedback", give_feedback}};

}  // namespace

void add_feedback_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
