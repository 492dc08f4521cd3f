#include "auth/directory_state.h"

#include <algorithm>

#include "base/ascii.h"

namespace tocsin::auth {
namespace {

// The grant that counts in a tenant: one that names it before one for all. An admin is the installation's,
// whatever tenant the grant names.
const store::Grant* grant_in(const store::Person& person, std::int64_t tenant) {
  const store::Grant* found = nullptr;
  for (const auto& grant : person.grants) {
    if (grant.tenant == tenant) return &grant;
    if (grant.tenant == store::kEveryTenant || grant.role == model::Role::kAdmin) found = &grant;
  }
  return found;
}

// Of the tenants where the person has a role, the one with the lowest number.
const store::Tenant* first_tenant(const Tables& tables, const store::Person& person) {
  const store::Tenant* first = nullptr;
  for (const auto& [number, tenant] : tables.tenants) {
    if (tenant.suspended || grant_in(person, number) == nullptr) continue;
    if (first == nullptr || number < first->number) first = &tenant;
  }
  return first;
}

// All that a person may do before they chose a password of their own.
model::VerbSet own_account() {
  model::VerbSet verbs;
  for (const auto verb : {model::Verb::kPublic, model::Verb::kOwnAccount})
    verbs.set(static_cast<std::size_t>(verb));
  return verbs;
}

// A scope takes the verbs that nothing divides.
model::VerbSet held_by(const model::AlertScope& scope, model::VerbSet verbs) {
  return scope.is_everything() ? verbs : verbs & model::verbs_in_scope();
}

}  // namespace

Result<Tables> Tables::read(store::PeopleStore& store) {
  Tables tables;
  // The revision first: what changes while the rest is read is read again.
  TOCSIN_TRY(revision, store.revision());
  TOCSIN_TRY(tenants, store.tenants());
  TOCSIN_TRY(people, store.people());
  TOCSIN_TRY(sessions, store.sessions());
  TOCSIN_TRY(keys, store.keys());
  tables.revision = revision;
  for (auto& tenant : tenants) tables.tenants.emplace(tenant.number, std::move(tenant));
  for (auto& person : people) tables.put(std::move(person));
  for (auto& session : sessions) tables.sessions.emplace(session.token_hash, std::move(session));
  for (auto& key : keys) tables.keys.emplace(key.token_hash, std::move(key));
  return tables;
}

const store::Person* Tables::person(std::string_view id) const {
  const auto found = people.find(id);
  return found == people.end() ? nullptr : &found->second;
}

const store::Tenant* Tables::tenant_named(std::string_view name) const {
  for (const auto& [number, tenant] : tenants) {
    if (tenant.name == name) return &tenant;
  }
  return nullptr;
}

void Tables::put(store::Person person) {
  const auto id = person.id.str();
  if (const auto* before = this->person(id)) {
    person_by_login.erase(before->login);
    person_by_external.erase(before->external_id);
  }
  person_by_login[person.login] = id;
  if (!person.external_id.empty()) person_by_external[person.external_id] = id;
  people.insert_or_assign(id, std::move(person));
}

bool Tables::is_over(const store::Session& session, const SessionLimits& limits, Timestamp now) {
  return now - session.last_seen > limits.idle || now - session.created_at > limits.absolute;
}

bool Tables::is_over(const store::ApiKey& key, Timestamp now) {
  return key.revoked || (key.expires_at && *key.expires_at <= now);
}

std::optional<model::Principal> rights_of(const Tables& tables, const store::Person& person,
                                          std::string_view tenant) {
  const auto* where = tenant.empty() ? first_tenant(tables, person) : tables.tenant_named(tenant);
  if (where == nullptr || where->suspended) return {};
  const auto* grant = grant_in(person, where->number);
  if (grant == nullptr) return {};
  auto verbs = held_by(grant->scope, model::verbs_of(grant->role));
  if (person.must_change_password) verbs &= own_account();
  return model::Principal{.kind = model::Principal::Kind::kPerson,
                          .id = person.id.str(),
                          .name = person.login,
                          .tenant = where->number,
                          .tenant_name = where->name,
                          .role = grant->role,
                          .verbs = verbs,
                          .scope = grant->scope};
}

std::optional<model::Principal> rights_of(const Tables& tables, const store::ApiKey& key,
                                          std::string_view tenant) {
  const auto where = tables.tenants.find(key.tenant);
  if (where == tables.tenants.end() || where->second.suspended) return {};
  if (!tenant.empty() && tenant != where->second.name) return {};
  return model::Principal{.kind = model::Principal::Kind::kKey,
                          .id = key.id.str(),
                          .name = key.name,
                          .tenant = key.tenant,
                          .tenant_name = where->second.name,
                          .role = key.role,
                          .verbs = held_by(key.scope, key.verbs & model::verbs_of(key.role)),
                          .scope = key.scope,
                          .source = key.source};
}

}  // namespace tocsin::auth
