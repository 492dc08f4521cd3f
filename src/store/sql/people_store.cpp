#include "store/sql/people_store.h"

#include "base/ascii.h"
#include "base/display_text.h"
#include "store/audit_people.h"
#include "store/sql/audit_log.h"
#include "store/sql/people_rows.h"

namespace tocsin::store {
namespace {

Result<void> note_change(Connection& db) {
  return db.prepare("UPDATE access_revision SET revision = revision + 1 WHERE one = 1").run();
}

template <class Row>
Result<std::vector<Row>> read_all(ReaderPool& readers, std::string_view columns, std::string_view from,
                                  Result<Row> (*read)(const Statement&)) {
  TOCSIN_TRY(db, readers.take());
  auto rows = db->prepare(join_sql({"SELECT ", columns, " FROM ", from}));
  std::vector<Row> all;
  rows.query();
  while (rows.next()) {
    TOCSIN_TRY(row, read(rows));
    all.push_back(std::move(row));
  }
  TOCSIN_CHECK(rows.status());
  return all;
}

// kConflict when another row has the value.
Result<void> check_free(Connection& db, std::string_view sql, std::string_view value, std::string_view id,
                        std::string_view what) {
  auto other = db.prepare(sql);
  const bool is_taken = other.query(value, id).next();
  TOCSIN_CHECK(other.status());
  if (!is_taken) return {};
  return error(ErrorKind::kConflict, "keep access",
               "another " + std::string(what) + " has \"" + display_text(value, 100) + "\"",
               "choose another one");
}

// kNotFound when there is no such row, kConflict when it is at another version.
Result<void> check_version(Connection& db, std::string_view sql, const SqlValue& id, std::int64_t version) {
  auto row = db.prepare(sql);
  std::optional<std::int64_t> found;
  if (row.query_values({&id, 1}).next()) found = row.int64(0);
  TOCSIN_CHECK(row.status());
  if (!found) return error(ErrorKind::kNotFound, "change access", "there is no such entry");
  if (*found == version) return {};
  return error(ErrorKind::kConflict, "change access", "it is at version " + std::to_string(*found),
               "read it again and repeat the change");
}

Result<void> check_count(Connection& db, std::string_view sql, std::size_t most, std::string_view what) {
  auto row = db.prepare(sql);
  std::int64_t count = 0;
  if (row.query().next()) count = row.int64(0);
  TOCSIN_CHECK(row.status());
  if (count < static_cast<std::int64_t>(most)) return {};
  return error(ErrorKind::kConflict, "keep access",
               "there are " + std::to_string(most) + " " + std::string(what) + " already");
}

Result<void> check_tenant_name(Connection& db, const Tenant& tenant) {
  auto other = db.prepare("SELECT 1 FROM tenants WHERE name = ?1 AND tenant <> ?2");
  const bool is_taken = other.query(tenant.name, tenant.number).next();
  TOCSIN_CHECK(other.status());
  if (!is_taken) return {};
  return error(ErrorKind::kConflict, "keep a tenant", "another tenant is named " + tenant.name,
               "choose another name", "/name");
}

Result<void> check_person_names(Connection& db, const Person& person) {
  TOCSIN_CHECK(check_free(db, "SELECT 1 FROM people WHERE login = ?1 AND id <> ?2", to_lower(person.login),
                          person.id.str(), "person"));
  if (person.external_id.empty()) return {};
  return check_free(db, "SELECT 1 FROM people WHERE external_id = ?1 AND id <> ?2", person.external_id,
                    person.id.str(), "person");
}

Result<void> write_person(Connection& db, const Person& person) {
  const auto external = person.external_id.empty() ? std::nullopt : std::optional(person.external_id);
  const auto grants = encode_grants(person.grants);
  const auto recovery = encode_texts(person.recovery_hashes);
  return db
      .prepare(join_sql(
          {"INSERT INTO people (", kPersonColumns,
           ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO "
           "UPDATE SET login = excluded.login, name = excluded.name, grants = excluded.grants, disabled = "
           "excluded.disabled, must_change_password = excluded.must_change_password, password_hash = "
           "excluded.password_hash, totp_secret = excluded.totp_secret, totp_step = excluded.totp_step, "
           "recovery_hashes = excluded.recovery_hashes, external_id = excluded.external_id, updated_at = "
           "excluded.updated_at, last_sign_in = excluded.last_sign_in, version = excluded.version"}))
      .run(person.id.str(), to_lower(person.login), person.name, Blob{grants}, person.disabled,
           person.must_change_password, person.password_hash, person.totp_secret, person.totp_step,
           Blob{recovery}, external, person.created_at, person.updated_at, person.last_sign_in,
           person.version);
}

template <class Row>
Result<Row> read_one(Connection& db, std::string_view columns, std::string_view from, const SqlValue& id,
                     Result<Row> (*read)(const Statement&)) {
  auto row = db.prepare(join_sql({"SELECT ", columns, " FROM ", from}));
  if (row.query_values({&id, 1}).next()) return read(row);
  TOCSIN_CHECK(row.status());
  return error(ErrorKind::kNotFound, "change access", "there is no such entry");
}

// Makes room for one more: the ones idle longest go.
Result<void> drop_idle_sessions(Connection& db) {
  return db
      .prepare(
          "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions ORDER BY last_seen DESC LIMIT "
          "1000000 OFFSET ?1)")
      .run(static_cast<std::int64_t>(kMaxSessions) - 1);
}

}  // namespace

Result<std::int64_t> SqlPeopleStore::revision() const {
  TOCSIN_TRY(db, readers_.take());
  auto row = db->prepare("SELECT revision FROM access_revision WHERE one = 1");
  std::int64_t revision = 0;
  if (row.query().next()) revision = row.int64(0);
  TOCSIN_CHECK(row.status());
  return revision;
}

Result<std::vector<Tenant>> SqlPeopleStore::tenants() const {
  return read_all<Tenant>(readers_, kTenantColumns, "tenants ORDER BY tenant", read_tenant);
}

Result<Tenant> SqlPeopleStore::add_tenant(Tenant tenant) {
  return writer_.wait<Tenant>([&](WriteContext& context) -> Result<Tenant> {
    TOCSIN_CHECK(check_tenant_name(context.db, tenant));
    TOCSIN_CHECK(check_count(context.db, "SELECT count(*) FROM tenants", kMaxTenants, "tenants"));
    // A number that a removed tenant had is not given again: files and old backups may know it.
    auto last = context.db.prepare(
        "SELECT max(n) FROM (SELECT max(tenant) AS n FROM tenants UNION ALL SELECT max(seq) FROM watermarks "
        "WHERE name = 'last_tenant') AS used");
    if (last.query().next()) tenant.number = last.int64(0) + 1;
    TOCSIN_CHECK(last.status());
    tenant.version = 1;
    tenant.created_at = context.now;
    TOCSIN_CHECK(context.db
                     .prepare(join_sql({"INSERT INTO tenants (", kTenantColumns,
                                        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"}))
                     .run(tenant.number, tenant.name, tenant.title, tenant.suspended,
                          tenant.alerts_per_second, tenant.storage_bytes, tenant.created_at, tenant.version));
    TOCSIN_CHECK(write_audit(context, kDefaultTenant, audit_of({}, tenant)));
    TOCSIN_CHECK(note_change(context.db));
    return tenant;
  });
}

Result<Tenant> SqlPeopleStore::update_tenant(Tenant tenant) {
  return writer_.wait<Tenant>([&](WriteContext& context) -> Result<Tenant> {
    TOCSIN_CHECK(check_version(context.db, "SELECT version FROM tenants WHERE tenant = ?1", tenant.number,
                               tenant.version));
    TOCSIN_CHECK(check_tenant_name(context.db, tenant));
    TOCSIN_TRY(before, read_one<Tenant>(context.db, kTenantColumns, "tenants WHERE tenant = ?1",
                                        tenant.number, read_tenant));
    Tenant after = tenant;
    ++after.version;
    TOCSIN_CHECK(
        context.db
            .prepare("UPDATE tenants SET name = ?2, title = ?3, suspended = ?4, alerts_per_second = ?5, "
                     "storage_bytes = ?6, version = ?7 WHERE tenant = ?1")
            .run(after.number, after.name, after.title, after.suspended, after.alerts_per_second,
                 after.storage_bytes, after.version));
    TOCSIN_CHECK(write_audit(context, kDefaultTenant, audit_of(before, after)));
    TOCSIN_CHECK(note_change(context.db));
    return after;
  });
}

Result<std::vector<Person>> SqlPeopleStore::people() const {
  return read_all<Person>(readers_, kPersonColumns, "people ORDER BY id", read_person);
}

Result<Person> SqlPeopleStore::add_person(Person person) {
  person.id = PersonId::make(clock_.now());
  return writer_.wait<Person>([&](WriteContext& context) -> Result<Person> {
    TOCSIN_CHECK(check_person_names(context.db, person));
    TOCSIN_CHECK(check_count(context.db, "SELECT count(*) FROM people", kMaxPeople, "people"));
    Person made = person;
    made.login = to_lower(made.login);
    made.created_at = made.updated_at = context.now;
    made.version = 1;
    TOCSIN_CHECK(write_person(context.db, made));
    TOCSIN_CHECK(write_audit(context, kDefaultTenant, audit_of({}, made)));
    TOCSIN_CHECK(note_change(context.db));
    return made;
  });
}

Result<Person> SqlPeopleStore::update_person(Person person) {
  return writer_.wait<Person>([&](WriteContext& context) -> Result<Person> {
    TOCSIN_CHECK(check_version(context.db, "SELECT version FROM people WHERE id = ?1", person.id.str(),
                               person.version));
    TOCSIN_CHECK(check_person_names(context.db, person));
    TOCSIN_TRY(before, read_one<Person>(context.db, kPersonColumns, "people WHERE id = ?1", person.id.str(),
                                        read_person));
    Person after = person;
    after.login = to_lower(after.login);
    after.updated_at = context.now;
    ++after.version;
    TOCSIN_CHECK(write_person(context.db, after));
    TOCSIN_CHECK(write_audit(context, kDefaultTenant, audit_of(before, after)));
    TOCSIN_CHECK(note_change(context.db));
    return after;
  });
}

Result<std::vector<Session>> SqlPeopleStore::sessions() const {
  return read_all<Session>(readers_, kSessionColumns, "sessions ORDER BY id", read_session);
}

Result<void> SqlPeopleStore::add_session(const Session& session) {
  return writer_.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_CHECK(drop_idle_sessions(context.db));
    TOCSIN_CHECK(context.db
                     .prepare(join_sql({"INSERT INTO sessions (", kSessionColumns,
                                        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"}))
                     .run(session.id.str(), session.person.str(), session.token_hash, session.created_at,
                          session.last_seen, session.address, session.user_agent));
    TOCSIN_CHECK(write_audit(context, kDefaultTenant, audit_of(session)));
    return note_change(context.db);
  });
}

Result<void> SqlPeopleStore::touch_sessions(const std::vector<std::pair<SessionId, Timestamp>>& seen) {
  return writer_.wait_for([&](WriteContext& context) -> Result<void> {
    auto touch = context.db.prepare("UPDATE sessions SET last_seen = ?2 WHERE id = ?1");
    for (const auto& [id, at] : seen) TOCSIN_CHECK(touch.run(id.str(), at));
    return {};
  });
}

Result<void> SqlPeopleStore::end_sessions(const std::vector<SessionId>& ids) {
  return writer_.wait_for([&](WriteContext& context) -> Result<void> {
    auto end = context.db.prepare("DELETE FROM sessions WHERE id = ?1");
    for (const auto& id : ids) TOCSIN_CHECK(end.run(id.str()));
    TOCSIN_CHECK(write_audit(context, kDefaultTenant, audit_of_end(ids)));
    return note_change(context.db);
  });
}

Result<std::vector<ApiKey>> SqlPeopleStore::keys() const {
  return read_all<ApiKey>(readers_, kKeyColumns, "api_keys ORDER BY id", read_key);
}

Result<void> SqlPeopleStore::add_key(const ApiKey& key) {
  const auto scope = encode_scope(key.scope);
  return writer_.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_CHECK(check_count(context.db, "SELECT count(*) FROM api_keys", kMaxKeys, "keys"));
    TOCSIN_CHECK(context.db
                     .prepare(join_sql({"INSERT INTO api_keys (", kKeyColumns,
                                        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"}))
                     .run(key.id.str(), key.tenant, key.name, key.token_hash, key.role,
                          static_cast<std::int64_t>(key.verbs.to_ullong()), Blob{scope}, key.source,
                          key.created_by, key.created_at, key.expires_at, key.last_used, key.revoked));
    TOCSIN_CHECK(write_audit(context, TenantId{key.tenant}, audit_of(key)));
    return note_change(context.db);
  });
}

Result<void> SqlPeopleStore::touch_keys(const std::vector<std::pair<KeyId, Timestamp>>& used) {
  return writer_.wait_for([&](WriteContext& context) -> Result<void> {
    auto touch = context.db.prepare("UPDATE api_keys SET last_used = ?2 WHERE id = ?1");
    for (const auto& [id, at] : used) TOCSIN_CHECK(touch.run(id.str(), at));
    return {};
  });
}

Result<void> SqlPeopleStore::revoke_key(const KeyId& id) {
  return writer_.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(key, read_one<ApiKey>(context.db, kKeyColumns, "api_keys WHERE id = ?1", id.str(), read_key));
    TOCSIN_CHECK(context.db.prepare("UPDATE api_keys SET revoked = 1 WHERE id = ?1").run(id.str()));
    TOCSIN_CHECK(write_audit(context, TenantId{key.tenant}, audit_of_revoked(key)));
    return note_change(context.db);
  });
}

}  // namespace tocsin::store
