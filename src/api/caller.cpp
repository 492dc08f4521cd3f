#include "api/caller.h"

#include "base/display_text.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxReason = 500;

store::ActorKind kind_of(const model::Principal& caller) {
  return caller.kind == model::Principal::Kind::kKey ? store::ActorKind::kKey : store::ActorKind::kPerson;
}

// How much a verdict counts where one learns from it: those who are new to the desk learn themselves, and a
// key speaks for a program.
double word_of(const model::Principal& caller) {
  if (caller.kind == model::Principal::Kind::kKey) return 0.5;
  switch (caller.role) {
    case model::Role::kResponder:
      return 0.5;
    case model::Role::kAnalyst:
      return 0.75;
    default:
      return 1;
  }
}

std::string roles_with(model::Verb verb) {
  std::string names;
  for (const auto& row : model::role_table()) {
    if (!model::verbs_of(row.role).test(static_cast<std::size_t>(verb))) continue;
    names.append(names.empty() ? "" : ", ").append(row.name);
  }
  return names;
}

}  // namespace

const model::Principal& caller_of(const http::Request& request) {
  static const auto nobody_asked = model::local_admin();
  return request.principal ? *request.principal : *nobody_asked;
}

store::Origin origin_of(const http::Request& request) {
  const auto& caller = caller_of(request);
  return {.actor = caller.name,
          .kind = kind_of(caller),
          .address = request.remote_address,
          .trace_id = request.trace_id,
          .reason = display_text(request.header("X-Tocsin-Reason"), kMaxReason),
          .word = word_of(caller)};
}

const std::string& actor() {
  return store::Acting::current().actor;
}

Error forbidden(const model::Principal& caller, model::Verb verb) {
  return error(ErrorKind::kForbidden, "check rights",
               "the role " + std::string(to_text(caller.role)) + " may not do this: it needs " +
                   std::string(to_text(verb)),
               "These roles have it: " + roles_with(verb));
}

Result<void> require(const http::Request& request, model::Verb verb) {
  const auto& caller = caller_of(request);
  if (caller.may(verb)) return {};
  return forbidden(caller, verb);
}

}  // namespace tocsin::api
