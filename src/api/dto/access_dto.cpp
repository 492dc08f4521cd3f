#include "api/dto/access_dto.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kEverywhere = "*";
constexpr std::size_t kMaxGrants = 100;
constexpr std::size_t kMaxScoped = 100;
constexpr std::size_t kMaxName = 100;

std::string tenant_name(const auth::Directory& directory, std::int64_t number) {
  if (number == store::kEveryTenant) return std::string(kEverywhere);
  const auto tenant = directory.tenant(number);
  return tenant ? tenant->name : std::string();
}

std::optional<std::int64_t> tenant_number(const auth::Directory& directory, std::string_view name) {
  if (name == kEverywhere) return store::kEveryTenant;
  const auto tenant = directory.tenant_by_name(name);
  if (!tenant) return {};
  return tenant->number;
}

std::optional<store::Grant> read_grant(Body& body, const auth::Directory& directory, std::int64_t here) {
  store::Grant grant;
  grant.tenant = here;
  body.require("role");
  const auto role = body.choice("role", model::parse_role, "viewer, responder, analyst, senior, …");
  if (role == model::Role::kIngest) body.fail("role", "is for keys, not for people");
  if (const auto named = body.text("tenant", kMaxName)) {
    const auto number = tenant_number(directory, *named);
    if (!number) body.fail("tenant", "there is no such tenant");
    grant.tenant = number.value_or(here);
  }
  grant.scope = read_scope(body, role);
  if (!role) return {};
  grant.role = *role;
  return grant;
}

}  // namespace

void write_scope(JsonWriter& json, const model::AlertScope& scope) {
  json.object([&] {
    json.member("sources", scope.sources);
    json.member("asset_groups", scope.asset_groups);
  });
}

void write_person(JsonWriter& json, const store::Person& person, const auth::Directory& directory,
                  std::int64_t tenant) {
  json.object([&] {
    json.member("id", person.id.str());
    json.member("login", person.login);
    json.member("name", person.name);
    json.member("grants", [&] {
      json.array([&] {
        for (const auto& grant : person.grants) {
          if (tenant != 0 && grant.tenant != tenant && grant.tenant != store::kEveryTenant) continue;
          json.object([&] {
            json.member("tenant", tenant_name(directory, grant.tenant));
            json.member("role", to_text(grant.role));
            json.member("scope", [&] { write_scope(json, grant.scope); });
          });
        }
      });
    });
    json.member("disabled", person.disabled);
    json.member("must_change_password", person.must_change_password);
    json.member("second_factor", !person.totp_secret.empty());
    json.member("external", !person.external_id.empty());
    json.member("created_at", person.created_at);
    json.member("last_sign_in", person.last_sign_in);
    json.member("version", person.version);
  });
}

void write_key(JsonWriter& json, const store::ApiKey& key) {
  json.object([&] {
    json.member("id", key.id.str());
    json.member("name", key.name);
    json.member("role", to_text(key.role));
    json.member("verbs", [&] {
      json.array([&] {
        for (const auto& row : model::verb_table()) {
          if (key.verbs.test(static_cast<std::size_t>(row.verb))) json.value(row.name);
        }
      });
    });
    json.member("scope", [&] { write_scope(json, key.scope); });
    json.member("source", key.source);
    json.member("created_by", key.created_by);
    json.member("created_at", key.created_at);
    json.member("expires_at", key.expires_at);
    json.member("last_used", key.last_used);
    json.member("revoked", key.revoked);
  });
}

void write_counts(JsonWriter& json, const store::Counts& counts) {
  json.object([&] {
    json.member("alerts", counts.alerts);
    json.member("incidents_open", counts.incidents_open);
    json.member("dead_letters", counts.dead_letters);
    json.member("correlation_behind", counts.correlation_behind);
  });
}

void write_tenant(JsonWriter& json, const store::Tenant& tenant, const store::Counts* counts) {
  json.object([&] {
    json.member("name", tenant.name);
    json.member("title", tenant.title);
    json.member("suspended", tenant.suspended);
    json.member("alerts_per_second", tenant.alerts_per_second);
    json.member("storage_bytes", tenant.storage_bytes);
    json.member("created_at", tenant.created_at);
    json.member("version", tenant.version);
    if (counts != nullptr) json.member("counts", [&] { write_counts(json, *counts); });
  });
}

model::AlertScope read_scope(Body& body, std::optional<model::Role> role) {
  const auto* object = body.object("scope");
  if (object == nullptr) return {};
  auto inner = body.inside("/scope", *object);
  model::AlertScope scope;
  scope.sources = inner.texts("sources", kMaxScoped, kMaxName).value_or(std::vector<std::string>{});
  scope.asset_groups = inner.texts("asset_groups", kMaxScoped, kMaxName).value_or(std::vector<std::string>{});
  body.adopt(inner);
  for (const auto* list : {&scope.sources, &scope.asset_groups}) {
    const bool has_empty =
        std::any_of(list->begin(), list->end(), [](const auto& name) { return name.empty(); });
    if (has_empty) body.fail("scope", "has an empty name");
  }
  if (role && !scope.is_everything() && !model::can_have_scope(*role))
    body.fail("scope",
              "cannot go with the role " + std::string(to_text(*role)) + ", which is for a whole tenant",
              "viewer, responder, analyst and senior can have one");
  return scope;
}

std::optional<std::vector<store::Grant>> read_grants(Body& body, const auth::Directory& directory,
                                                     std::int64_t here) {
  const auto* items = body.any("grants");
  if (items == nullptr) return {};
  const auto* list = items->if_array();
  if (list == nullptr || list->size() > kMaxGrants) {
    body.fail("grants", "must be a list of at most " + std::to_string(kMaxGrants));
    return {};
  }
  std::vector<store::Grant> grants;
  for (const auto& item : *list) {
    const auto* object = item.if_object();
    auto inner = body.inside("/grants/" + std::to_string(grants.size()),
                             object == nullptr ? boost::json::object() : *object);
    auto grant = read_grant(inner, directory, here);
    if (body.adopt(inner) || !grant) return {};
    grants.push_back(*std::move(grant));
  }
  return grants;
}

}  // namespace tocsin::api
