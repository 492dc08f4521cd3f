// What vendors' tools post, as it is: checked against the trust of its source before a byte is parsed.

#include "api/case_data/change_intake.h"
#include "api/context.h"
#include "api/dto/ingest_dto.h"
#include "api/routes/ingest.h"
#include "base/hash.h"

namespace tocsin::api {
namespace {

using http::Request;
using http::Responder;
using http::Response;

constexpr std::array<std::string_view, 5> kWebhookTypes{"application/json", "application/x-ndjson",
                                                        "text/plain", "message/rfc822",
                                                        "application/cloudevents+json"};

using Reply = Result<Pipeline::Reply>;

Response response_of(const Reply& reply, std::string_view trace_id) {
  return reply ? http::json_response(200, ingest_reply_json(*reply)) : to_problem(reply.error(), trace_id);
}

// Not the pipeline's: a change is no alert. Blocks, so not on an I/O thread.
void take_change_soon(Context& context, Request request, const Pipeline::Done& done) {
  auto held = std::make_shared<Request>(std::move(request));
  context.read_back.run_soon([context = &context, held, done, origin = store::Acting::current()] {
    const store::Acting acting(origin);
    done(take_change(*context, held->body, held->content_type(), actor()));
  });
}

// `key`: under which it is taken once, whatever the client's own key; empty: the client's.
void hand_over(Context& context, Request request, const std::string& key, const Pipeline::Done& done) {
  auto delivery = delivery_of(request, kWebhookTypes);
  if (!delivery) return done(delivery.error());
  if (request.path_param("source") == kChangesSource) {
    request.body = std::move(delivery->body);
    return take_change_soon(context, std::move(request), done);
  }
  delivery->source = request.path_param("source");
  if (!key.empty()) delivery->idempotency_key = key;
  context.services.pipeline.ingest_payload(*std::move(delivery), done);
}

void hand_over(Context& context, Request request, const Responder& respond) {
  const auto trace_id = request.trace_id;
  hand_over(context, std::move(request), {},
            [trace_id, respond](const Reply& reply) { respond(response_of(reply, trace_id)); });
}

Response not_trusted(const Error& why, std::string_view trace_id) {
  if (why.kind != ErrorKind::kForbidden) return to_problem(why, trace_id);
  auto response = http::problem_response(
      {401, "Not trusted", "The delivery was refused: " + why.message + ".", why.hint, {}}, trace_id);
  response.headers.emplace_back("WWW-Authenticate", "Webhook");
  return response;
}

// Alerts are stored once by their key, in the transaction that stores them. Events and what could not be read
// have no key, so for those the answer is kept. What failed for our own reasons may come again.
bool is_to_be_kept(const Reply& reply) {
  if (reply) return reply->events > 0 || !reply->rejected.empty();
  const auto& why = reply.error();
  return why.where != "Idempotency-Key" &&
         (why.kind == ErrorKind::kInvalidSyntax || why.kind == ErrorKind::kInvalidInput);
}

void take_once(Context& context, Request request, const std::string& key, const Responder& respond) {
  const auto trace_id = request.trace_id;
  if (!context.webhooks.begin(key)) {
    return respond(to_problem(error(ErrorKind::kConflict, "take a delivery",
                                    "this very delivery is under way", "Send it again in a second."),
                              trace_id));
  }
  const auto answer = [&context, key, respond](Response response) {
    context.webhooks.end(key);
    respond(std::move(response));
  };
  const auto kept = context.store().kept_answer(key);
  if (!kept) return answer(to_problem(kept.error(), trace_id));
  if (*kept) return answer({(*kept)->status, (*kept)->headers, (*kept)->body, {}});
  const auto hash = hash64(request.body);
  hand_over(context, std::move(request), key, [&context, key, hash, trace_id, answer](const Reply& reply) {
    auto response = response_of(reply, trace_id);
    const auto keep = [&context, key, hash, answer, response] {
      (void)context.store().keep_answer(key, {hash, response.status, response.headers, response.body});
      answer(response);
    };
    // When too many wait, it is answered all the same.
    if (!is_to_be_kept(reply) || !context.read_back.try_run_soon(keep)) answer(std::move(response));
  });
}

void receive_checked(Context& context, Request request, const Responder& respond) {
  const auto trace_id = request.trace_id;
  if (!context.webhooks.is_fresh()) {
    if (const auto read = context.webhooks.refresh(); !read)
      return respond(to_problem(read.error(), trace_id));
  }
  const auto source = WebhookDesk::name_of(request.path_param("source"));
  const auto trust = context.webhooks.find(source);
  if (!trust) return hand_over(context, std::move(request), respond);
  const auto key = context.webhooks.verify(source, *trust, request);
  if (!key) return respond(not_trusted(key.error(), trace_id));
  if (key->empty()) return hand_over(context, std::move(request), respond);
  take_once(context, std::move(request), *key, respond);
}

void receive(Context& context, Request request, const Responder& respond) {
  const bool is_open = context.webhooks.is_fresh() &&
                       !context.webhooks.find(WebhookDesk::name_of(request.path_param("source")));
  if (is_open) return hand_over(context, std::move(request), respond);
  // What is set, and what was answered before, is read from the database: not on an I/O thread.
  auto held = std::make_shared<Request>(std::move(request));
  context.read_back.run_soon([context = &context, held, respond, origin = store::Acting::current()] {
    const store::Acting acting(origin);
    receive_checked(*context, std::move(*held), respond);
  });
}

}  // namespace

void add_webhook_routes(http::Router& router, const ContextsPtr& contexts) {
  for (const auto* pattern : {"/api/v1/webhooks/{source}", "/api/v1/webhooks/{source}/{token}"})
    router.add_async(http::Method::kPost, pattern, async_handler(contexts, receive));
}

}  // namespace tocsin::api
