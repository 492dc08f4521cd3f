// Signing in and out, and what people do with their own account.

#include <variant>

#include "api/access.h"
#include "api/body.h"
#include "api/context.h"
#include "api/dto/access_dto.h"
#include "api/dto/page_dto.h"
#include "auth/gate.h"
#include "auth/password_rules.h"
#include "auth/totp.h"
#include "base/display_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Responder;
using http::Response;

constexpr std::size_t kMaxLogin = 200;
constexpr std::size_t kMaxPassword = 1024;
constexpr std::size_t kMaxCode = 40;
constexpr std::size_t kMaxTicket = 1000;
constexpr std::string_view kProduct = "Tocsin";

Response no_content() {
  return {.status = 204, .headers = {}, .body = {}, .static_body = {}};
}

// The tenants that the caller may name.
std::vector<std::string> tenants_of(const Access& access, const store::Person& person) {
  std::vector<std::string> names;
  for (const auto& tenant : access.directory.tenants()) {
    const bool is_granted =
        std::any_of(person.grants.begin(), person.grants.end(), [&](const store::Grant& grant) {
          return grant.tenant == tenant.number || grant.tenant == store::kEveryTenant ||
                 grant.role == model::Role::kAdmin;
        });
    if (is_granted && !tenant.suspended) names.push_back(tenant.name);
  }
  return names;
}

void write_caller(JsonWriter& json, const Access& access, const model::Principal& caller) {
  const auto id = PersonId::parse(caller.id);
  const auto person = id ? access.directory.person(*id) : std::nullopt;
  json.member("login", caller.name);
  json.member("name", person ? person->name : caller.name);
  json.member("role", to_text(caller.role));
  json.member("verbs", [&] {
    json.array([&] {
      for (const auto& row : model::verb_table()) {
        if (caller.may(row.verb)) json.value(row.name);
      }
    });
  });
  json.member("scope", [&] { write_scope(json, caller.scope); });
  json.member("tenant", caller.tenant_name);
  json.member("tenants", person ? tenants_of(access, *person) : std::vector{caller.tenant_name});
  json.member("must_change_password", person && person->must_change_password);
  json.member("second_factor", person && !person->totp_secret.empty());
}

void write_nobody(JsonWriter& json) {
  for (const std::string_view name : {"login", "name", "role", "scope", "tenant"}) json.member(name, nullptr);
  for (const std::string_view name : {"verbs", "tenants"}) json.member(name, std::vector<std::string>{});
  for (const std::string_view name : {"must_change_password", "second_factor"}) json.member(name, false);
}

// How to sign in elsewhere; null: only here.
void write_provider(JsonWriter& json, const Access& access) {
  if (access.oidc == nullptr) return json.member("provider", nullptr);
  json.member("provider", [&] {
    json.object([&] {
      json.member("name", access.oidc->display_name());
      json.member("start", "/api/v1/auth/oidc/start");
    });
  });
}

std::string session_json(const Access& access, const model::Principal* caller) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("mode", access.open_allowed && access.directory.is_open() ? "open" : "sign-in");
    json.member("signed_in", caller != nullptr);
    write_provider(json, access);
    caller != nullptr ? write_caller(json, access, *caller) : write_nobody(json);
  });
  return out;
}

Result<Response> get_session(Context& context, const Request& request) {
  const auto& access = *context.site.access;
  const bool is_open = access.open_allowed && access.directory.is_open();
  const auto* caller = request.principal ? request.principal.get() : nullptr;
  return http::json_response(200, session_json(access, is_open ? &caller_of(request) : caller));
}

Response wrong_code(bool was_wrong, std::string_view trace_id) {
  const std::string what = was_wrong ? "The code is not right, or was used before." : "A code is needed.";
  return http::problem_response({401,
                                 "Not signed in",
                                 what,
                                 "Type the code that your authenticator shows, or a recovery code.",
                                 {{"/code", what}}},
                                trace_id);
}

Response wrong_name_or_password(std::string_view trace_id) {
  return http::problem_response({401, "Not signed in", "Name or password is not right.", {}, {}}, trace_id);
}

Response suspended(std::string_view trace_id) {
  return http::problem_response(
      {403, "Suspended", "Every tenant that you belong to is suspended.", "Ask an admin.", {}}, trace_id);
}

Response must_wait(std::chrono::seconds time, std::string_view trace_id) {
  auto response = http::problem_response({429,
                                          "Too many tries",
                                          "There were too many wrong tries.",
                                          "Try again in " + std::to_string(time.count()) + " seconds.",
                                          {}},
                                         trace_id);
  for (auto& [name, value] : response.headers) {
    if (name == "Retry-After") value = std::to_string(time.count());
  }
  return response;
}

Response signed_in(const Access& access, const auth::SignIn::SignedIn& done) {
  const auto found = access.directory.find_session(done.session.token, "");
  auto response = http::json_response(200, session_json(access, found.principal.get()));
  response.headers.emplace_back("Set-Cookie", auth::session_cookie(done.session.token));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void note_refusal(const Access& access, auth::Refusal why, const auth::SignIn::Attempt& attempt) {
  if (access.refusals != nullptr) access.refusals->add(why, attempt.login, attempt.address);
}

// Absent when nobody was refused.
std::optional<auth::Refusal> refusal_of(const auth::SignIn::Outcome& outcome) {
  using auth::Refusal;
  using auth::SignIn;
  if (const auto* wrong = std::get_if<SignIn::Wrong>(&outcome))
    return wrong->is_disabled ? Refusal::kDisabled : Refusal::kPassword;
  if (const auto* code = std::get_if<SignIn::NeedsCode>(&outcome))
    return code->was_wrong ? std::optional(Refusal::kCode) : std::nullopt;
  if (std::holds_alternative<SignIn::Suspended>(outcome)) return Refusal::kSuspended;
  if (std::holds_alternative<SignIn::Wait>(outcome)) return Refusal::kThrottled;
  return std::nullopt;
}

Response outcome_response(const Access& access, const Result<auth::SignIn::Outcome>& outcome,
                          std::string_view trace_id) {
  if (!outcome) return to_problem(outcome.error(), trace_id);
  if (const auto* done = std::get_if<auth::SignIn::SignedIn>(&*outcome)) return signed_in(access, *done);
  if (const auto* code = std::get_if<auth::SignIn::NeedsCode>(&*outcome))
    return wrong_code(code->was_wrong, trace_id);
  if (std::holds_alternative<auth::SignIn::Suspended>(*outcome)) return suspended(trace_id);
  if (const auto* wait = std::get_if<auth::SignIn::Wait>(&*outcome)) return must_wait(wait->time, trace_id);
  return wrong_name_or_password(trace_id);
}

void sign_in(Context& context, Request request, const Responder& respond) {
  auto& access = *context.site.access;
  auto body = Body::parse(request);
  if (!body) return respond(to_problem(body.error(), request.trace_id));
  body->require("login");
  body->require("password");
  auth::SignIn::Attempt attempt;
  attempt.login = body->text("login", kMaxLogin).value_or("");
  attempt.password = body->text("password", kMaxPassword).value_or("");
  attempt.code = body->text("code", kMaxCode).value_or("");
  if (auto problem = body->problem(request.trace_id)) return respond(*std::move(problem));
  attempt.address = request.remote_address;
  attempt.user_agent = display_text(request.header("User-Agent"), 300);
  if (request.principal) attempt.ends = SessionId::parse(request.principal->session);
  auth::SignIn::Attempt who{.login = attempt.login, .address = attempt.address};
  access.sign_in.attempt(std::move(attempt),
                         [&access, respond, who, trace_id = request.trace_id](const auto& outcome) {
                           if (const auto why = outcome ? refusal_of(*outcome) : std::nullopt)
                             note_refusal(access, *why, who);
                           respond(outcome_response(access, outcome, trace_id));
                         });
}

Result<Response> sign_out(Context& context, const Request& request) {
  auto& directory = context.site.access->directory;
  const auto& caller = caller_of(request);
  const auto person = PersonId::parse(caller.id);
  const auto session = SessionId::parse(caller.session);
  if (person && request.query_param("everywhere") == "true") {
    TOCSIN_CHECK(directory.end_sessions_of(*person));
  } else if (session) {
    TOCSIN_CHECK(directory.end_sessions({*session}));
  }
  auto response = no_content();
  response.headers.emplace_back("Set-Cookie", auth::cleared_session_cookie());
  response.headers.emplace_back("Clear-Site-Data", "\"cache\"");
  return response;
}

// kForbidden for keys and in open mode: they have no account.
Result<store::Person> own_account(const Context& context, const Request& request) {
  const auto id = PersonId::parse(caller_of(request).id);
  auto person = id ? context.site.access->directory.person(*id) : std::nullopt;
  if (person) return *std::move(person);
  return error(ErrorKind::kForbidden, "change the own account", "only a person who signed in has one",
               "Add a person first: POST /api/v1/people");
}

Result<Response> list_sessions(Context& context, const Request& request) {
  TOCSIN_TRY(person, own_account(context, request));
  const auto sessions = context.site.access->directory.sessions_of(person.id);
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& session : sessions) {
          json.object([&] {
            json.member("id", session.id.str());
            json.member("created_at", session.created_at);
            json.member("last_seen", session.last_seen);
            json.member("address", session.address);
            json.member("user_agent", session.user_agent);
            json.member("current", session.id.str() == caller_of(request).session);
          });
        }
      });
    });
  });
  return http::json_response(200, std::move(out));
}

Result<Response> end_session(Context& context, const Request& request) {
  auto& directory = context.site.access->directory;
  TOCSIN_TRY(person, own_account(context, request));
  const auto id = request.path_param("id");
  for (const auto& session : directory.sessions_of(person.id)) {
    if (session.id.str() != id) continue;
    TOCSIN_CHECK(directory.end_sessions({session.id}));
    return no_content();
  }
  return not_found("session", id);
}

// ---- what needs the password once more, on the password pool

using Proven = std::function<Result<Response>(Access&, store::Person)>;

Error wrong_password() {
  return error(ErrorKind::kForbidden, "check the password", "the password is not right", {}, "/password");
}

void with_password(Context& context, const Request& request, std::string password, const Responder& respond,
                   const Proven& proven) {
  auto& access = *context.site.access;
  auto person = own_account(context, request);
  if (!person) return respond(to_problem(person.error(), request.trace_id));
  auto work = [&access, respond, proven, person = *std::move(person), password = std::move(password),
               trace_id = request.trace_id, origin = origin_of(request)] {
    const store::Acting acting(origin);
    if (!access.sign_in.is_password(person, password)) {
      note_refusal(access, auth::Refusal::kPassword, {.login = person.login, .address = origin.address});
      return respond(to_problem(wrong_password(), trace_id));
    }
    auto response = proven(access, person);
    respond(response ? *std::move(response) : to_problem(response.error(), trace_id));
  };
  if (auto queued = access.pool.submit(std::move(work)); !queued)
    respond(to_problem(queued.error(), request.trace_id));
}

void change_password(Context& context, Request request, const Responder& respond) {
  auto body = Body::parse(request);
  if (!body) return respond(to_problem(body.error(), request.trace_id));
  body->require("current");
  body->require("new");
  const auto current = body->text("current", kMaxPassword).value_or("");
  const auto fresh = body->text("new", kMaxPassword).value_or("");
  if (body->has("new")) {
    if (const auto good = auth::check_new_password(fresh, caller_of(request).name); !good)
      body->fail("new", good.error().message, good.error().hint);
  }
  if (auto problem = body->problem(request.trace_id)) return respond(*std::move(problem));
  with_password(context, request, current, respond,
                [fresh, session = caller_of(request).session](Access& access,
                                                              store::Person person) -> Result<Response> {
                  TOCSIN_TRY(hash, auth::hash_password(fresh, access.cost));
                  person.password_hash = hash;
                  person.must_change_password = false;
                  TOCSIN_TRY(stored, access.directory.update_person(std::move(person)));
                  TOCSIN_CHECK(access.directory.end_sessions_of(stored.id, session));
                  return no_content();
                });
}

auth::SecretOwner offer_owner(const std::string& person_id) {
  return {"", "totp-offer", person_id};
}

Result<Response> begin_second_factor(Context& context, const Request& request) {
  TOCSIN_TRY(person, own_account(context, request));
  const auto secret = auth::make_totp_secret();
  const auto id = person.id.str();
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("secret", auth::to_base32(secret));
    json.member("uri", auth::otpauth_uri(kProduct, person.login, secret));
    json.member("ticket", context.site.access->secrets.seal(secret, offer_owner(id)));
  });
  auto response = http::json_response(200, std::move(out));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> keep_second_factor(Access& access, store::Person person, const std::string& ticket,
                                    const std::string& code) {
  const auto id = person.id.str();
  TOCSIN_TRY(secret, access.secrets.open(ticket, offer_owner(id)));
  const auto step = auth::accept_totp(secret, code, access.clock.now(), {});
  if (!step) {
    return error(ErrorKind::kInvalidInput, "turn on the second factor", "the code is not right",
                 "Type the code that the authenticator shows now.", "/code");
  }
  TOCSIN_TRY(codes, auth::make_recovery_codes(access.cost));
  person.totp_secret = access.secrets.seal(secret, auth::totp_owner(id));
  person.totp_step = *step;
  person.recovery_hashes = codes.stored;
  TOCSIN_CHECK(access.directory.update_person(std::move(person)));
  std::string out;
  JsonWriter json(out);
  json.object([&] { json.member("recovery_codes", codes.shown); });
  auto response = http::json_response(200, std::move(out));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void confirm_second_factor(Context& context, Request request, const Responder& respond) {
  auto body = Body::parse(request);
  if (!body) return respond(to_problem(body.error(), request.trace_id));
  for (const std::string_view name : {"ticket", "code", "password"}) body->require(name);
  const auto ticket = body->text("ticket", kMaxTicket).value_or("");
  const auto code = body->text("code", kMaxCode).value_or("");
  const auto password = body->text("password", kMaxPassword).value_or("");
  if (auto problem = body->problem(request.trace_id)) return respond(*std::move(problem));
  with_password(context, request, password, respond, [ticket, code](Access& access, store::Person person) {
    return keep_second_factor(access, std::move(person), ticket, code);
  });
}

void remove_second_factor(Context& context, Request request, const Responder& respond) {
  auto body = Body::parse(request);
  if (!body) return respond(to_problem(body.error(), request.trace_id));
  body->require("password");
  const auto password = body->text("password", kMaxPassword).value_or("");
  if (auto problem = body->problem(request.trace_id)) return respond(*std::move(problem));
  with_password(context, request, password, respond,
                [](Access& access, store::Person person) -> Result<Response> {
                  person.totp_secret.clear();
                  person.recovery_hashes.clear();
                  TOCSIN_CHECK(access.directory.update_person(std::move(person)));
                  return no_content();
                });
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/session", get_session},
    {Method::kPost, "/api/v1/session/sign-out", sign_out},
    {Method::kGet, "/api/v1/me/sessions", list_sessions},
    {Method::kDelete, "/api/v1/me/sessions/{id}", end_session},
    {Method::kPost, "/api/v1/me/second-factor", begin_second_factor},
};

}  // namespace

void add_session_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
  router.add_async(Method::kPost, "/api/v1/session/sign-in", async_handler(contexts, sign_in));
  router.add_async(Method::kPut, "/api/v1/me/password", async_handler(contexts, change_password));
  router.add_async(Method::kPut, "/api/v1/me/second-factor", async_handler(contexts, confirm_second_factor));
  router.add_async(Method::kPost, "/api/v1/me/second-factor/remove",
                   async_handler(contexts, remove_second_factor));
}

}  // namespace tocsin::api
