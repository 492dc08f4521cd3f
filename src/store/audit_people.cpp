#include "store/audit_people.h"

#include "store/audit_fields.h"

namespace tocsin::store {
namespace {

AuditEntry entry_of(AuditAction action, std::string id, const AuditFields& fields) {
  return {action, std::move(id), fields.before(), fields.after()};
}

// The field on the sides that there are, where they differ.
template <class Row, class Value>
void field(AuditFields& fields, std::string_view name, const std::optional<Row>& before, const Row& after,
           Value Row::*member) {
  if (before) {
    fields.changed(name, (*before).*member, after.*member);
  } else {
    fields.is(name, after.*member);
  }
}

std::vector<std::string> texts_of(const std::vector<Grant>& grants) {
  std::vector<std::string> texts;
  for (const auto& grant : grants) {
    std::string text = (grant.tenant == kEveryTenant ? "*" : std::to_string(grant.tenant)) + ":" +
                       std::string(to_text(grant.role));
    for (const auto& source : grant.scope.sources) text += " source=" + source;
    for (const auto& group : grant.scope.asset_groups) text += " assets=" + group;
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string> texts_of(const model::VerbSet& verbs) {
  std::vector<std::string> names;
  for (const auto& row : model::verb_table()) {
    if (verbs.test(static_cast<std::size_t>(row.verb))) names.emplace_back(row.name);
  }
  return names;
}

bool changed_secret(const Person& before, const Person& after) {
  return before.password_hash != after.password_hash;
}

bool changed_second_factor(const Person& before, const Person& after) {
  return before.totp_secret != after.totp_secret;
}

AuditAction action_of(const std::optional<Person>& before, const Person& after) {
  if (!before) return AuditAction::kPersonCreate;
  if (changed_secret(*before, after)) return AuditAction::kPersonPassword;
  if (changed_second_factor(*before, after)) return AuditAction::kPersonSecondFactor;
  return AuditAction::kPersonUpdate;
}

}  // namespace

AuditEntry audit_of(const std::optional<Tenant>& before, const Tenant& after) {
  AuditFields fields;
  field(fields, "name", before, after, &Tenant::name);
  field(fields, "title", before, after, &Tenant::title);
  field(fields, "suspended", before, after, &Tenant::suspended);
  field(fields, "alerts_per_second", before, after, &Tenant::alerts_per_second);
  field(fields, "storage_bytes", before, after, &Tenant::storage_bytes);
  return entry_of(before ? AuditAction::kTenantUpdate : AuditAction::kTenantCreate,
                  std::to_string(after.number), fields);
}

AuditEntry audit_of(const std::optional<Person>& before, const Person& after) {
  AuditFields fields;
  field(fields, "login", before, after, &Person::login);
  field(fields, "name", before, after, &Person::name);
  field(fields, "disabled", before, after, &Person::disabled);
  field(fields, "must_change_password", before, after, &Person::must_change_password);
  field(fields, "external_id", before, after, &Person::external_id);
  field(fields, "last_sign_in", before, after, &Person::last_sign_in);
  const auto grants = texts_of(after.grants);
  if (!before) {
    fields.is("grants", grants);
    return entry_of(action_of(before, after), after.id.str(), fields);
  }
  fields.changed("grants", texts_of(before->grants), grants);
  fields.changed("recovery_codes", before->recovery_hashes.size(), after.recovery_hashes.size());
  fields.changed("second_factor", !before->totp_secret.empty(), !after.totp_secret.empty());
  if (changed_secret(*before, after)) fields.is("password", "changed");
  return entry_of(action_of(before, after), after.id.str(), fields);
}

AuditEntry audit_of(const Session& begun) {
  AuditFields fields;
  fields.is("person", begun.person.str()).is("address", begun.address).is("user_agent", begun.user_agent);
  return entry_of(AuditAction::kSessionSignIn, begun.id.str(), fields);
}

AuditEntry audit_of_end(const std::vector<SessionId>& ended) {
  std::vector<std::string> ids;
  for (const auto& id : ended) ids.push_back(id.str());
  AuditFields fields;
  fields.was_json("sessions", audit_ids(ids));
  return entry_of(AuditAction::kSessionSignOut, ids.size() == 1 ? ids.front() : std::string(), fields);
}

AuditEntry audit_of(const ApiKey& made) {
  AuditFields fields;
  fields.is("name", made.name)
      .is("role", made.role)
      .is("verbs", texts_of(made.verbs))
      .is("sources", made.scope.sources)
      .is("asset_groups", made.scope.asset_groups)
      .is("source", made.source)
      .is("expires_at", made.expires_at);
  return entry_of(AuditAction::kKeyCreate, made.id.str(), fields);
}

AuditEntry audit_of_revoked(const ApiKey& key) {
  AuditFields fields;
  fields.was("revoked", false).is("revoked", true).is("name", key.name);
  return entry_of(AuditAction::kKeyRevoke, key.id.str(), fields);
}

}  // namespace tocsin::store
