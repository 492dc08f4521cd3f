#include "api/routes/ingest.h"

#include <array>

#include "api/changes.h"
#include "api/dto/ingest_dto.h"
#include "api/reasons.h"
#include "model/alert_json.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::array kAlertTypes{kJson, kLines};
constexpr std::int64_t kFirstVersion = 1;

http::Response alert_response(int status, const model::Alert& alert, std::int64_t version,
                              const AlertAnswer& shape) {
  std::string body;
  body.reserve(2048 + alert.raw.size());
  shape.show(body, alert);
  auto response = http::json_response(status, std::move(body));
  response.headers.emplace_back("Location", "/api/v1/alerts/" + alert.id.str());
  set_etag(response, version);
  return response;
}

// One alert was sent, and it could not be taken.
http::Response rejection_problem(const Pipeline::Rejected& rejected, std::string_view trace_id) {
  if (rejected.faults.size() > 1) {
    http::Problem problem{.status = 422, .title = "Invalid content", .detail = rejected.reason};
    problem.detail += "; " + std::to_string(rejected.faults.size() - 1) + " more";
    for (const auto& fault : rejected.faults) problem.errors.emplace_back(fault.pointer, fault.what);
    return http::problem_response(problem, trace_id);
  }
  return to_problem(error(rejected.kind, "read alert", rejected.reason, {}, rejected.pointer), trace_id);
}

// A repeat is shown as it is stored now, which takes a read: not on the thread that commits.
void answer_repeat(Context& context, const Pipeline::Item& item, const std::string& trace_id,
                   AlertAnswer shape, const http::Responder& respond) {
  const int status = item.kind == store::AppendKind::kDuplicate ? 200 : 201;
  context.read_back.run_soon([context = &context, id = item.id.str(), status, trace_id, shape, respond] {
    // The version first, as in GET: rather too old a tag than one that hides a change.
    const auto version = context->store().alerts().version(id);
    if (!version) return respond(to_problem(version.error(), trace_id));
    auto stored = context->store().alerts().find(id);
    if (!stored) return respond(to_problem(stored.error(), trace_id));
    if (!*stored) return respond(to_problem(not_found("alert", id), trace_id));
    if (shape.with_reasons) ReasonWriter(context->services).add(**stored);
    respond(alert_response(status, **stored, *version, shape));
  });
}

void answer(Context& context, const Result<Pipeline::Reply>& reply, const std::string& trace_id,
            AlertAnswer shape, const http::Responder& respond) {
  if (!reply) return respond(to_problem(reply.error(), trace_id));
  if (!reply->single) return respond(http::json_response(200, ingest_reply_json(*reply)));
  if (!reply->rejected.empty()) return respond(rejection_problem(reply->rejected.front(), trace_id));
  if (reply->items.empty()) return respond(http::json_response(200, ingest_reply_json(*reply)));
  const auto& item = reply->items.front();
  if (item.kind == store::AppendKind::kCreated)
    return respond(alert_response(201, *item.alert, kFirstVersion, shape));
  answer_repeat(context, item, trace_id, shape, respond);
}

void show_alert(std::string& out, const model::Alert& alert) {
  append_alert_json(out, alert, true);
}

}  // namespace

Result<Pipeline::Delivery> delivery_of(http::Request& request, std::span<const std::string_view> types) {
  const auto type = request.content_type();
  if (std::find(types.begin(), types.end(), type) == types.end()) {
    std::string hint = "send it as";
    for (const auto known : types) hint += (known == types.front() ? " " : ", ") + std::string(known);
    return error(ErrorKind::kUnsupported, "read body", "this content type is not taken here",
                 std::move(hint));
  }
  Pipeline::Delivery delivery;
  delivery.content_type = type;
  TOCSIN_TRY(key, idempotency_key(request));
  delivery.idempotency_key = std::move(key);
  delivery.trace_id = request.trace_id;
  delivery.actor = actor();
  delivery.body = std::move(request.body);
  return delivery;
}

http::AsyncHandler alert_ingest_handler(const ContextsPtr& contexts, AlertAnswer shape) {
  return async_handler(
      contexts, [shape](Context& context, http::Request request, const http::Responder& respond) {
        auto delivery = delivery_of(request, kAlertTypes);
        if (!delivery) return respond(to_problem(delivery.error(), request.trace_id));
        delivery->source = "api";
        delivery->with_reasons = shape.with_reasons;
        context.services.pipeline.ingest_alerts(
            *std::move(delivery), [&context, shape, respond, trace_id = request.trace_id](auto reply) {
              answer(context, reply, trace_id, shape, respond);
            });
      });
}

void add_ingest_routes(http::Router& router, const ContextsPtr& contexts) {
  router.add_async(http::Method::kPost, "/api/v1/alerts", alert_ingest_handler(contexts, {show_alert, true}));
}

}  // namespace tocsin::api
