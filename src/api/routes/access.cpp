// People, tenants and the table of roles.
//
// An admin works on everybody. A tenant-admin works on people whose roles are all in the own tenant, and
// hands out roles there, but not that of an admin.

#include "api/access.h"

#include <sodium.h>

#include <map>

#include "api/changes.h"
#include "api/context.h"
#include "api/dto/access_dto.h"
#include "api/dto/page_dto.h"
#include "auth/password_rules.h"
#include "base/display_text.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;
using model::Role;

constexpr std::size_t kMaxLogin = 200;
constexpr std::size_t kMaxPassword = 1024;
constexpr std::size_t kMaxTenantName = 100;
constexpr std::int64_t kMaxAlertsPerSecond = 1'000'000;
constexpr std::int64_t kMaxStorage = std::int64_t{1} << 50;

http::Response json_with(int status, std::string body, std::int64_t version) {
  auto response = http::json_response(status, std::move(body));
  set_etag(response, version);
  return response;
}

// ---- people

bool belongs_to(const store::Person& person, std::int64_t tenant) {
  return std::any_of(person.grants.begin(), person.grants.end(), [&](const store::Grant& grant) {
    return grant.tenant == tenant || grant.tenant == store::kEveryTenant;
  });
}

std::int64_t shown_tenant(const model::Principal& caller) {
  return is_provider(caller) ? 0 : caller.tenant;
}

std::string person_json(const Context& context, const Request& request, const store::Person& person,
                        std::string_view password) {
  std::string out;
  JsonWriter json(out);
  write_person(json, person, context.site.access->directory, shown_tenant(caller_of(request)));
  if (password.empty()) return out;
  out.pop_back();
  out += ",\"password\":";
  append_json_string(out, password);
  out += '}';
  return out;
}

// A foreign person is not there.
Result<store::Person> find_person(const Context& context, const Request& request) {
  const auto id = PersonId::parse(request.path_param("id"));
  auto person = id ? context.site.access->directory.person(*id) : std::nullopt;
  const auto& caller = caller_of(request);
  if (!person || (!is_provider(caller) && !belongs_to(*person, caller.tenant)))
    return not_found("person", request.path_param("id"));
  return *std::move(person);
}

Error not_yours() {
  return error(ErrorKind::kForbidden, "change a person",
               "this needs an admin: the person has a role outside this tenant, or is to get one",
               "Ask an admin of the installation.");
}

bool lies_within(const std::vector<store::Grant>& grants, const model::Principal& caller) {
  return is_provider(caller) || std::all_of(grants.begin(), grants.end(), [&](const store::Grant& grant) {
           return grant.tenant == caller.tenant && grant.role != Role::kAdmin;
         });
}

bool is_admin(const store::Person& person) {
  return !person.disabled && std::any_of(person.grants.begin(), person.grants.end(),
                                         [](const auto& grant) { return grant.role == Role::kAdmin; });
}

// The installation never loses its last admin.
Result<void> check_admin_left(const auth::Directory& directory, const store::Person& after) {
  if (is_admin(after)) return {};
  for (const auto& other : directory.people()) {
    if (other.id != after.id && is_admin(other)) return {};
  }
  return error(ErrorKind::kConflict, "change a person", "nobody would be left who is an admin",
               "Make somebody else an admin first.");
}

// 22 characters of 65: 132 bits.
std::string make_password() {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_+=%!@#";
  std::string password;
  for (int i = 0; i < 22; ++i)
    password += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
  return password;
}

// Rare and for admins alone, so hashed on this thread. Sets the hash; answers what to show.
Result<std::string> give_password(const Access& access, store::Person& person) {
  auto password = make_password();
  TOCSIN_TRY(hash, auth::hash_password(password, access.cost));
  person.password_hash = hash;
  person.must_change_password = true;
  return password;
}

// A password here would outlive the account there.
Error has_no_password() {
  return error(ErrorKind::kConflict, "give a password",
               "this person signs in through the OpenID provider and has none here",
               "Change the password there.", "/reset_password");
}

Result<Response> list_people(Context& context, const Request& request) {
  const auto& caller = caller_of(request);
  auto people = context.site.access->directory.people();
  if (!is_provider(caller))
    std::erase_if(people, [&](const store::Person& person) { return !belongs_to(person, caller.tenant); });
  const auto count = static_cast<std::int64_t>(people.size());
  return http::json_response(
      200, whole_list_json(std::move(people), count, [&](JsonWriter& json, const store::Person& person) {
        write_person(json, person, context.site.access->directory, shown_tenant(caller));
      }));
}

Result<Response> get_person(Context& context, const Request& request) {
  TOCSIN_TRY(person, find_person(context, request));
  return json_with(200, person_json(context, request, person, {}), person.version);
}

Result<Response> add_person(Context& context, const Request& request) {
  auto& access = *context.site.access;
  TOCSIN_TRY(body, Body::parse(request));
  body.require("login");
  body.require("grants");
  store::Person person;
  person.login = body.text("login", kMaxLogin, false).value_or("");
  person.name = body.text("name", kMaxLogin).value_or(person.login);
  const auto password = body.text("password", kMaxPassword);
  if (display_text(person.login, kMaxLogin) != person.login || person.login.find(' ') != std::string::npos)
    body.fail("login", "has no blanks and no characters that cannot be seen");
  if (password) {
    if (const auto good = auth::check_new_password(*password, person.login); !good)
      body.fail("password", good.error().message, good.error().hint);
  }
  const auto grants = read_grants(body, access.directory, caller_of(request).tenant);
  if (grants && grants->empty()) body.fail("grants", "at least one role is needed");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  person.grants = *grants;
  if (!lies_within(person.grants, caller_of(request))) return not_yours();
  if (access.directory.is_open() && !is_admin(person)) {
    return error(ErrorKind::kInvalidInput, "add a person", "the first person must be an admin",
                 "Nobody could add others else.", "/grants");
  }
  std::string shown;
  if (password) {
    TOCSIN_TRY(hash, auth::hash_password(*password, access.cost));
    person.password_hash = hash;
  } else {
    TOCSIN_TRY(made, give_password(access, person));
    shown = made;
  }
  TOCSIN_TRY(stored, access.directory.add_person(std::move(person)));
  auto response = json_with(201, person_json(context, request, stored, shown), stored.version);
  response.headers.emplace_back("Location", "/api/v1/people/" + stored.id.str());
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> change_person(Context& context, const Request& request) {
  auto& access = *context.site.access;
  const auto& caller = caller_of(request);
  TOCSIN_TRY(person, find_person(context, request));
  if (!lies_within(person.grants, caller)) return not_yours();
  TOCSIN_TRY(body, Body::parse(request));
  if (auto login = body.text("login", kMaxLogin, false)) person.login = *std::move(login);
  if (auto name = body.text("name", kMaxLogin)) person.name = *std::move(name);
  if (const auto disabled = body.boolean("disabled")) person.disabled = *disabled;
  const bool new_password = body.boolean("reset_password").value_or(false);
  const bool no_second_factor = body.boolean("reset_second_factor").value_or(false);
  const bool sign_out = body.boolean("end_sessions").value_or(false);
  if (auto grants = read_grants(body, access.directory, caller.tenant)) person.grants = *std::move(grants);
  if (body.all().empty()) body.fail_whole("there is nothing to change");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  if (!lies_within(person.grants, caller)) return not_yours();
  TOCSIN_CHECK(check_admin_left(access.directory, person));
  const auto wanted = if_match(request);
  if (wanted) person.version = *wanted;
  if (new_password && !person.external_id.empty()) return has_no_password();
  if (no_second_factor) {
    person.totp_secret.clear();
    person.recovery_hashes.clear();
  }
  std::string shown;
  if (new_password) {
    TOCSIN_TRY(made, give_password(access, person));
    shown = made;
  }
  auto stored = access.directory.update_person(std::move(person));
  if (!stored) return to_change_problem(stored.error(), wanted.has_value(), request.trace_id);
  if (new_password || sign_out) TOCSIN_CHECK(access.directory.end_sessions_of(stored->id));
  auto response = json_with(200, person_json(context, request, *stored, shown), stored->version);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// ---- tenants

std::string tenant_json(const store::Tenant& tenant) {
  std::string out;
  JsonWriter json(out);
  write_tenant(json, tenant);
  return out;
}

bool is_tenant_name(std::string_view name) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 40 && is_plain(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_plain(c) || c == '-'; });
}

void read_limits(Body& body, store::Tenant& tenant) {
  if (auto title = body.text("title", kMaxLogin)) tenant.title = *std::move(title);
  if (const auto rate = body.integer("alerts_per_second", 0, kMaxAlertsPerSecond))
    tenant.alerts_per_second = *rate;
  if (const auto bytes = body.integer("storage_bytes", 0, kMaxStorage)) tenant.storage_bytes = *bytes;
}

// What a provider looks at first: which tenant has how much open, and which falls behind.
Result<Response> list_tenants(Context& context, const Request& request) {
  auto& access = *context.site.access;
  auto tenants = access.directory.tenants();
  const auto count = static_cast<std::int64_t>(tenants.size());
  const bool with_counts = request.query_param("counts") == "true" && access.counts_of;
  std::map<std::int64_t, store::Counts> counts;
  for (const auto& tenant : tenants) {
    if (!with_counts) break;
    TOCSIN_TRY(counted, access.counts_of({tenant.number}));
    counts.emplace(tenant.number, std::move(counted));
  }
  const auto write = [&](JsonWriter& json, const store::Tenant& tenant) {
    write_tenant(json, tenant, with_counts ? &counts.at(tenant.number) : nullptr);
  };
  return http::json_response(200, whole_list_json(std::move(tenants), count, write));
}

Result<Response> add_tenant(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  body.require("name");
  store::Tenant tenant;
  tenant.name = body.text("name", kMaxTenantName, false).value_or("");
  tenant.title = tenant.name;
  if (body.has("name") && !is_tenant_name(tenant.name))
    body.fail("name", "has 1 to 40 characters of a-z, 0-9 and '-'");
  read_limits(body, tenant);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  TOCSIN_TRY(stored, context.site.access->directory.add_tenant(std::move(tenant)));
  return json_with(201, tenant_json(stored), stored.version);
}

Result<Response> change_tenant(Context& context, const Request& request) {
  auto& directory = context.site.access->directory;
  auto tenant = directory.tenant_by_name(request.path_param("name"));
  if (!tenant) return not_found("tenant", request.path_param("name"));
  TOCSIN_TRY(body, Body::parse(request));
  read_limits(body, *tenant);
  if (const auto suspended = body.boolean("suspended")) tenant->suspended = *suspended;
  if (body.all().empty()) body.fail_whole("there is nothing to change");
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  if (tenant->suspended && tenant->number == store::kDefaultTenant.value)
    return error(ErrorKind::kConflict, "suspend a tenant", "the default tenant cannot be suspended");
  const auto wanted = if_match(request);
  if (wanted) tenant->version = *wanted;
  auto stored = directory.update_tenant(*std::move(tenant));
  if (!stored) return to_change_problem(stored.error(), wanted.has_value(), request.trace_id);
  return json_with(200, tenant_json(*stored), stored->version);
}

// ---- roles

Result<Response> list_roles(Context&, const Request&) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("roles", [&] {
      json.array([&] {
        for (const auto& role : model::role_table()) {
          json.object([&] {
            json.member("name", role.name);
            json.member("meaning", role.meaning);
          });
        }
      });
    });
    json.member("verbs", [&] {
      json.array([&] {
        for (const auto& verb : model::verb_table()) {
          json.object([&] {
            json.member("name", verb.name);
            json.member("meaning", verb.meaning);
            json.member("roles", [&] {
              json.array([&] {
                for (const auto& role : model::role_table()) {
                  if (model::verbs_of(role.role).test(static_cast<std::size_t>(verb.verb)))
                    json.value(role.name);
                }
              });
            });
          });
        }
      });
    });
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kGet, "/api/v1/roles", list_roles},
    {Method::kGet, "/api/v1/people", list_people},
    {Method::kPost, "/api/v1/people", add_person},
    {Method::kGet, "/api/v1/people/{id}", get_person},
    {Method::kPatch, "/api/v1/people/{id}", change_person},
    {Method::kGet, "/api/v1/tenants", list_tenants},
    {Method::kPost, "/api/v1/tenants", add_tenant},
    {Method::kPatch, "/api/v1/tenants/{name}", change_tenant},
};

}  // namespace

void add_access_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
