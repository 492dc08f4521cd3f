// Closing by a stated bound: the operator's policy, what it rests on, and the way back.

#include "api/routes/auto_close.h"

#include <charconv>
#include <cmath>

#include "api/auto_close/closing.h"
#include "api/auto_close/evidence.h"
#include "api/auto_close/words.h"
#include "api/body.h"
#include "api/context.h"
#include "api/query_text.h"
#include "triage/auto_close/sample.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kWaitingShown = 50;
constexpr std::size_t kMostPreviewDays = 90;

struct Range {
  std::string_view name;
  double least;
  double most;
};
constexpr Range kMissedRange{"max_missed_share", 0.001, 0.2};
constexpr Range kConfidenceRange{"confidence", 0.8, 0.999};

bool is_inside(const Range& range, double number) {
  return std::isfinite(number) && number >= range.least && number <= range.most;
}

std::string bounds_text(const Range& range) {
  return "must be a number from " + number_text(range.least) + " to " + number_text(range.most);
}

double read_fraction(Body& body, const Range& range, double absent) {
  const auto* value = body.any(range.name);
  if (value == nullptr) return absent;
  const auto number = value->is_number() ? value->to_number<double>() : NAN;
  if (!is_inside(range, number)) body.fail(range.name, bounds_text(range));
  return number;
}

Result<double> read_fraction(const Request& request, const Range& range, double absent) {
  const auto text = request.query_param(range.name);
  if (!text) return absent;
  double number = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (failed == std::errc{} && end == text->data() + text->size() && is_inside(range, number)) return number;
  return error(ErrorKind::kInvalidInput, "read auto-close",
               std::string(range.name) + " " + bounds_text(range), {}, std::string(range.name));
}

std::string_view state_text(const AutoClosePolicy& policy, const AutoCloseState& state) {
  if (!policy.is_on) return "off";
  return state.stopped ? "stopped" : "on";
}

void write_bound(JsonWriter& json, std::size_t real, std::size_t missed, double upper) {
  json.object([&] {
    json.member("real_decisions", real);
    json.member("missed", missed);
    real > 0 ? json.member("missed_share", static_cast<double>(missed) / static_cast<double>(real))
             : json.member("missed_share", nullptr);
    json.member("missed_share_at_most", upper);
  });
}

struct Standing {
  AutoClosePolicy policy;
  AutoCloseState state;
  Evidence evidence;
  triage::Choice proposal;  // for its promise, on all decisions
  std::vector<std::string> waiting;
  model::Seq last_alert = 0;
};

void write_review(JsonWriter& json, const Standing& standing) {
  json.object([&] {
    json.member("share", triage::kReviewShare);
    json.member("kept", standing.state.kept);
    json.member("decided", standing.evidence.decided);
    json.member("real", standing.evidence.real);
    json.member("real_share_at_most", standing.evidence.real_upper);
    json.member("waiting", standing.waiting);
  });
}

void write_stop(JsonWriter& json, const std::optional<AutoCloseState::Stop>& stop) {
  if (!stop) return json.value(nullptr);
  json.object([&] {
    json.member("reason", to_text(stop->reason));
    json.member("at", stop->at);
    json.member("sentence", stop->sentence);
  });
}

void write_since(JsonWriter& json, const Standing& standing) {
  const auto& policy = standing.policy;
  const auto& state = standing.state;
  const auto& achieved = standing.evidence.achieved;
  const bool was_on = policy.revision > 0;
  was_on ? json.member("since", policy.since) : json.member("since", nullptr);
  was_on ? json.member("set_by", policy.set_by) : json.member("set_by", nullptr);
  was_on ? json.member("threshold", policy.threshold) : json.member("threshold", nullptr);
  json.key("guarantee");
  was_on ? write_bound(json, policy.real, policy.missed, policy.upper) : json.value(nullptr);
  json.key("achieved");
  was_on ? write_bound(json, achieved.real, achieved.missed, achieved.upper) : json.value(nullptr);
  json.key("review");
  write_review(json, standing);
  json.member("drift", [&] {
    json.object([&] {
      json.member("distance", state.drift);
      json.member("limit", triage::kDriftDistance);
    });
  });
  json.member("judged", state.judged);
  json.member("closed", state.closed);
  json.member("behind", policy.is_on ? std::max<model::Seq>(0, standing.last_alert - state.position) : 0);
  json.key("stopped");
  write_stop(json, state.stopped);
}

Response standing_response(const Standing& standing) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    const auto& policy = standing.policy;
    json.member("enabled", policy.is_on);
    json.member("state", state_text(policy, standing.state));
    json.member("max_missed_share", policy.promise.missed);
    json.member("confidence", policy.promise.confidence);
    json.member("wait_minutes", policy.wait_minutes);
    json.member("available", standing.proposal.threshold.has_value());
    json.member("needed", standing.proposal.needed);
    standing.proposal.threshold ? json.member("sentence", "")
                                : json.member("sentence", refusal_text(standing.proposal, policy.promise));
    write_since(json, standing);
  });
  return http::json_response(200, std::move(out));
}

Result<Standing> read_standing(Context& context) {
  auto& store = context.store();
  Standing standing;
  TOCSIN_TRY(policy, read_auto_close(store));
  TOCSIN_TRY(state, read_auto_close_state(store, policy));
  TOCSIN_TRY(rows, decided_rows(store, policy, context.services.clock.now()));
  TOCSIN_TRY(last, store.alerts().last_seq());
  standing.evidence = evidence_of(rows, policy);
  standing.proposal = choose(rows, policy.promise, Timestamp::max());
  standing.last_alert = last;
  std::vector<model::Seq> seqs;
  for (const auto& one : state.waiting) {
    if (seqs.size() < kWaitingShown) seqs.push_back(one.alert);
  }
  TOCSIN_TRY(alerts, store.alerts().by_seq(seqs));
  for (const auto& alert : alerts) {
    if (alert.triage.verdict == model::Verdict::kUndecided) standing.waiting.push_back(alert.id.str());
  }
  standing.policy = std::move(policy);
  standing.state = std::move(state);
  return standing;
}

Result<Response> get_auto_close(Context& context, const Request&) {
  TOCSIN_TRY(standing, read_standing(context));
  return standing_response(standing);
}

// kConflict when the promise cannot be made.
Result<void> switch_on(store::TenantStore& store, AutoClosePolicy& policy, Timestamp now) {
  TOCSIN_TRY(rows, decided_rows(store, policy, now));
  const auto choice = choose(rows, policy.promise, Timestamp::max());
  if (!choice.threshold) {
    return error(ErrorKind::kConflict, "switch auto-close on", refusal_text(choice, policy.promise),
                 "Accept a larger share or a smaller confidence, or go on deciding");
  }
  TOCSIN_TRY(shape, recent_shape(store));
  TOCSIN_TRY(last, store.alerts().last_seq());
  TOCSIN_CHECK(sample_key(store));
  policy.revision += 1;
  policy.threshold = *choice.threshold;
  policy.real = choice.real;
  policy.missed = choice.missed;
  policy.upper = choice.upper;
  policy.before = shape;
  policy.from = last;
  policy.since = now;
  policy.set_by = actor();
  policy.switch_on(now);
  return {};
}

Result<Response> put_auto_close(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  auto& store = context.store();
  const auto now = context.services.clock.now();
  TOCSIN_TRY(policy, read_auto_close(store));
  body.require("enabled");
  const auto enabled = body.boolean("enabled");
  policy.promise.missed = read_fraction(body, kMissedRange, policy.promise.missed);
  policy.promise.confidence = read_fraction(body, kConfidenceRange, policy.promise.confidence);
  policy.wait_minutes = body.integer("wait_minutes", 0, kMostWaitMinutes).value_or(policy.wait_minutes);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  policy.switch_off(now);
  if (*enabled) TOCSIN_CHECK(switch_on(store, policy, now));
  TOCSIN_CHECK(save_auto_close(store, policy));
  TOCSIN_TRY(standing, read_standing(context));
  return standing_response(standing);
}

void write_preview(JsonWriter& json, const Preview& found, const triage::Promise& promise) {
  json.member("available", found.choice.threshold.has_value());
  json.member("threshold", found.choice.threshold);
  json.member("needed", found.choice.needed);
  found.choice.threshold ? json.member("sentence", "")
                         : json.member("sentence", refusal_text(found.choice, promise));
  json.member("held_back", found.held_back);
  json.member("in_part", found.in_part);
  json.member("alerts", found.alerts);
  json.member("may_be_closed", found.may_be_closed);
  json.member("would_close", found.would_close);
  json.member("true_positives", found.real);
  json.member("missed", found.missed);
  json.member("missed_ids", found.missed_ids);
  json.member("rules", [&] {
    json.array([&] {
      for (const auto& rule : found.rules) {
        json.object([&] {
          json.member("source", rule.source);
          json.member("type", rule.type);
          json.member("would_close", rule.would_close);
          json.member("missed", rule.missed);
        });
      }
    });
  });
}

Result<Response> preview_auto_close(Context& context, const Request& request) {
  TOCSIN_TRY(policy, read_auto_close(context.store()));
  TOCSIN_TRY(days, number_parameter(request, "days", 1, kMostPreviewDays, 7));
  TOCSIN_TRY(missed, read_fraction(request, kMissedRange, policy.promise.missed));
  TOCSIN_TRY(confidence, read_fraction(request, kConfidenceRange, policy.promise.confidence));
  const triage::Promise promise{missed, confidence};
  const auto now = context.services.clock.now();
  const auto from = now - std::chrono::hours(24 * static_cast<int>(days));
  TOCSIN_TRY(found, preview(context.store(), policy, promise, from, now));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("from", from);
    json.member("until", now);
    json.member("max_missed_share", promise.missed);
    json.member("confidence", promise.confidence);
    write_preview(json, found, promise);
  });
  return http::json_response(200, std::move(out));
}

// Off first: nothing new is closed while it goes on.
Result<Response> reopen(Context& context, const Request&) {
  auto& store = context.store();
  TOCSIN_TRY(policy, read_auto_close(store));
  if (policy.is_on) {
    policy.switch_off(context.services.clock.now());
    TOCSIN_CHECK(save_auto_close(store, policy));
  }
  TOCSIN_TRY(reopened, reopen_all(store, actor()));
  if (reopened.alerts > 0) context.live.many_changed();
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("reopened", reopened.alerts);
    json.member("in_part", reopened.in_part);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/auto-close", get_auto_close},
    {Method::kPut, "/api/v1/auto-close", put_auto_close},
    {Method::kGet, "/api/v1/auto-close/preview", preview_auto_close},
    {Method::kPost, "/api/v1/auto-close/reopen", reopen},
};

}  // namespace

void add_auto_close_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
