#include "store/sql/people_rows.h"

#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

Error broken_row(std::string_view table) {
  return error(ErrorKind::kInternal, "read " + std::string(table), "a row cannot be read",
               "Restore the last backup, and run tocsin doctor");
}

void write_scope(ByteWriter& to, const model::AlertScope& scope) {
  to.texts(scope.sources);
  to.texts(scope.asset_groups);
}

model::AlertScope read_scope(ByteReader& from) {
  model::AlertScope scope;
  scope.sources = from.texts();
  scope.asset_groups = from.texts();
  return scope;
}

std::optional<Timestamp> optional_time(const Statement& row, int column) {
  if (row.null(column)) return {};
  return row.time(column);
}

bool read_grants(std::string_view bytes, std::vector<Grant>& grants) {
  ByteReader from(bytes);
  grants.resize(from.count());
  for (auto& grant : grants) {
    grant.tenant = from.signed_varint();
    grant.role = from.enumerator<model::Role>(model::kRoles);
    grant.scope = read_scope(from);
  }
  return from.done();
}

}  // namespace

Result<Tenant> read_tenant(const Statement& row) {
  Tenant tenant;
  tenant.number = row.int64(0);
  tenant.name = row.text(1);
  tenant.title = row.text(2);
  tenant.suspended = row.int64(3) != 0;
  tenant.alerts_per_second = row.int64(4);
  tenant.storage_bytes = row.int64(5);
  tenant.created_at = row.time(6);
  tenant.version = row.int64(7);
  return tenant;
}

Result<Person> read_person(const Statement& row) {
  Person person;
  const auto id = PersonId::parse(row.text(0));
  ByteReader recovery(row.blob(9));
  person.recovery_hashes = recovery.texts();
  if (!id || !read_grants(row.blob(3), person.grants) || !recovery.done()) return broken_row("people");
  person.id = *id;
  person.login = row.text(1);
  person.name = row.text(2);
  person.disabled = row.int64(4) != 0;
  person.must_change_password = row.int64(5) != 0;
  person.password_hash = row.text(6);
  person.totp_secret = row.text(7);
  person.totp_step = row.int64(8);
  person.external_id = row.optional_text(10).value_or("");
  person.created_at = row.time(11);
  person.updated_at = row.time(12);
  person.last_sign_in = optional_time(row, 13);
  person.version = row.int64(14);
  return person;
}

Result<Session> read_session(const Statement& row) {
  Session session;
  const auto id = SessionId::parse(row.text(0));
  const auto person = PersonId::parse(row.text(1));
  if (!id || !person) return broken_row("sessions");
  session.id = *id;
  session.person = *person;
  session.token_hash = row.text(2);
  session.created_at = row.time(3);
  session.last_seen = row.time(4);
  session.address = row.text(5);
  session.user_agent = row.text(6);
  return session;
}

Result<ApiKey> read_key(const Statement& row) {
  ApiKey key;
  const auto id = KeyId::parse(row.text(0));
  const auto role = row.int64(4);
  ByteReader scope(row.blob(6));
  key.scope = read_scope(scope);
  const bool is_whole = id && scope.done() && role >= 0 && role < static_cast<std::int64_t>(model::kRoles);
  if (!is_whole) return broken_row("api_keys");
  key.id = *id;
  key.tenant = row.int64(1);
  key.name = row.text(2);
  key.token_hash = row.text(3);
  key.role = static_cast<model::Role>(role);
  key.verbs = model::VerbSet(static_cast<unsigned long long>(row.int64(5)));
  key.source = row.text(7);
  key.created_by = row.text(8);
  key.created_at = row.time(9);
  key.expires_at = optional_time(row, 10);
  key.last_used = optional_time(row, 11);
  key.revoked = row.int64(12) != 0;
  return key;
}

std::string encode_grants(const std::vector<Grant>& grants) {
  std::string bytes;
  ByteWriter to(bytes);
  to.varint(grants.size());
  for (const auto& grant : grants) {
    to.signed_varint(grant.tenant);
    to.varint(static_cast<std::uint64_t>(grant.role));
    write_scope(to, grant.scope);
  }
  return bytes;
}

std::string encode_texts(const std::vector<std::string>& texts) {
  std::string bytes;
  ByteWriter(bytes).texts(texts);
  return bytes;
}

std::string encode_scope(const model::AlertScope& scope) {
  std::string bytes;
  ByteWriter to(bytes);
  write_scope(to, scope);
  return bytes;
}

}  // namespace tocsin::store
