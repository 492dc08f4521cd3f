// What a source's webhooks must prove: set by people, checked in webhooks.cpp.

#include <algorithm>

#include "api/access.h"
#include "api/body.h"
#include "api/context.h"
#include "api/json_writer.h"
#include "base/ascii.h"

namespace tocsin::api {
namespace {

using auth::SourceTrust;
using auth::WebhookScheme;
using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxSource = 64;
constexpr std::size_t kMaxSecret = 400;
constexpr std::size_t kMaxHeader = 100;
constexpr std::int64_t kPreviousMinutes = 24 * 60;
constexpr std::int64_t kMostPreviousMinutes = 7 * 24 * 60;
constexpr std::string_view kKinds = "standard, slack, github, header-token, path-token";

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxSource && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
  });
}

// RFC 9110 names of fields, those that are in use.
bool is_header(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

Result<std::string> source_of(const Request& request) {
  const auto source = request.path_param("source");
  if (is_name(source)) return WebhookDesk::name_of(source);
  return not_found("source", source);
}

std::string trust_json(const Context& context, const std::string& source,
                       const std::optional<SourceTrust>& trust, std::string_view shown_secret) {
  const auto now = context.services.clock.now();
  const auto refused = context.webhooks.refused(source);
  const bool has_previous = trust && !trust->previous.empty() && now < trust->previous_until;
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("source", source);
    json.member("kind", trust ? to_text(trust->scheme) : std::string_view("none"));
    json.member("token_header", trust && !trust->token_header.empty() ? std::optional(trust->token_header)
                                                                      : std::optional<std::string>());
    json.member("set_at", trust ? std::optional(trust->set_at) : std::nullopt);
    json.member("previous_until", has_previous ? std::optional(trust->previous_until) : std::nullopt);
    json.member("usable", !trust || !trust->at(now).secrets.empty());
    json.member("refused", refused.count);
    json.member("last_refused_at", refused.last_at);
    json.member("last_refused_reason", refused.last_at ? std::optional(refused.last_reason) : std::nullopt);
    if (!shown_secret.empty()) json.member("secret", shown_secret);
  });
  return out;
}

Result<Response> get_trust(Context& context, const Request& request) {
  TOCSIN_TRY(source, source_of(request));
  TOCSIN_CHECK(context.webhooks.refresh());
  return http::json_response(200, trust_json(context, source, context.webhooks.find(source), {}));
}

struct Wanted {
  WebhookScheme scheme = WebhookScheme::kStandard;
  std::string token_header;
  std::string secret;  // as both sides have it; empty: the one that is set stays
  bool was_made = false;
  std::chrono::minutes previous{kPreviousMinutes};
};

// Where people sign in, the server has read a token in these places before, and as one of its own.
bool is_place_of_ingest_tokens(const Wanted& wanted) {
  return wanted.scheme == WebhookScheme::kPathToken ||
         (wanted.scheme == WebhookScheme::kHeaderToken &&
          equal_ignoring_case(wanted.token_header, "Authorization"));
}

void check_kind(Body& body, const Context& context, const Wanted& wanted) {
  const bool is_token = wanted.scheme == WebhookScheme::kHeaderToken;
  if (!is_token && body.has("token_header")) body.fail("token_header", "belongs to header-token alone");
  if (is_token && !is_header(wanted.token_header)) body.fail("token_header", "must be the name of a header");
  if (is_place_of_ingest_tokens(wanted) && !context.services.settings.open_mode())
    body.fail("kind", "where people sign in, tokens there are ingest tokens",
              "Make one: POST /api/v1/keys with the role ingest, or use another header.");
}

void read_secret(Body& body, Wanted& wanted) {
  const auto given = body.text("secret", kMaxSecret, false);
  wanted.was_made = body.boolean("generate").value_or(false);
  if (given && wanted.was_made) body.fail("generate", "is for when no secret is given");
  if (wanted.was_made) wanted.secret = auth::make_webhook_secret();
  if (!given) return;
  if (const auto sound = auth::parse_webhook_secret(wanted.scheme, *given); !sound)
    body.fail("secret", sound.error().message, "Let the server make one: generate.");
  wanted.secret = *given;
}

Wanted read_wanted(Body& body, const Context& context) {
  Wanted wanted;
  body.require("kind");
  wanted.scheme = body.choice("kind", auth::parse_webhook_scheme, kKinds).value_or(wanted.scheme);
  const auto header = body.text("token_header", kMaxHeader);
  if (wanted.scheme == WebhookScheme::kHeaderToken) wanted.token_header = header.value_or("Authorization");
  wanted.previous = std::chrono::minutes(
      body.integer("keep_previous_minutes", 0, kMostPreviousMinutes).value_or(kPreviousMinutes));
  read_secret(body, wanted);
  check_kind(body, context, wanted);
  return wanted;
}

// The secret before stays valid for a while, when it is of the same kind.
Result<void> apply(auth::TrustTable& table, const std::string& source, const Wanted& wanted, Timestamp now) {
  const auto before = table.find(source);
  const bool is_same_kind = before != table.end() && before->second.scheme == wanted.scheme;
  SourceTrust trust = is_same_kind ? before->second : SourceTrust{.scheme = wanted.scheme};
  trust.token_header = wanted.token_header;
  trust.set_at = now;
  if (wanted.secret.empty() && trust.secret.empty())
    return error(ErrorKind::kInvalidInput, "set the trust of a source", "it has no secret of this kind yet",
                 "Give one as secret, or let the server make one: generate.", "/secret");
  if (!wanted.secret.empty()) {
    trust.previous = trust.secret;
    TOCSIN_TRY(kept, auth::to_kept_secret(wanted.scheme, wanted.secret));
    trust.secret = kept;
    trust.previous_until = now + wanted.previous;
  }
  trust.previous_until = std::min(trust.previous_until, now + wanted.previous);
  if (trust.previous_until <= now) trust.previous.clear();
  if (before == table.end() && table.size() >= auth::kMaxTrustedSources)
    return error(ErrorKind::kConflict, "set the trust of a source", "there are 200 already");
  table[source] = std::move(trust);
  return {};
}

Result<Response> put_trust(Context& context, const Request& request) {
  TOCSIN_TRY(source, source_of(request));
  TOCSIN_TRY(body, Body::parse(request));
  const auto wanted = read_wanted(body, context);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  const auto now = context.services.clock.now();
  TOCSIN_CHECK(
      context.webhooks.change([&](auth::TrustTable& table) { return apply(table, source, wanted, now); }));
  const auto shown = wanted.was_made ? std::string_view(wanted.secret) : std::string_view();
  auto response = http::json_response(200, trust_json(context, source, context.webhooks.find(source), shown));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> remove_trust(Context& context, const Request& request) {
  TOCSIN_TRY(source, source_of(request));
  TOCSIN_CHECK(context.webhooks.change([&](auth::TrustTable& table) -> Result<void> {
    if (table.erase(source) == 0) return not_found("trust of", source);
    return {};
  }));
  return Response{.status = 204, .headers = {}, .body = {}, .static_body = {}};
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/sources/{source}/trust", get_trust},
    {Method::kPut, "/api/v1/sources/{source}/trust", put_trust},
    {Method::kDelete, "/api/v1/sources/{source}/trust", remove_trust},
};

}  // namespace

void add_source_trust_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
