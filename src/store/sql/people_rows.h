#pragma once
// Rows of tenants, people, sessions and keys: from and to statements.

#include <string>

#include "store/people.h"
#include "store/sql/connection.h"

namespace tocsin::store {

inline constexpr std::string_view kTenantColumns =
    "tenant, name, title, suspended, alerts_per_second, storage_bytes, created_at, version";
inline constexpr std::string_view kPersonColumns =
    "id, login, name, grants, disabled, must_change_password, password_hash, totp_secret, totp_step, "
    "recovery_hashes, external_id, created_at, updated_at, last_sign_in, version";
inline constexpr std::string_view kSessionColumns =
    "id, person, token_hash, created_at, last_seen, address, user_agent";
inline constexpr std::string_view kKeyColumns =
    "id, tenant, name, token_hash, role, verbs, scope, source, created_by, created_at, expires_at, "
    "last_used, "
    "revoked";

// kInternal for a row that this program cannot have written.
Result<Tenant> read_tenant(const Statement& row);
Result<Person> read_person(const Statement& row);
Result<Session> read_session(const Statement& row);
Result<ApiKey> read_key(const Statement& row);

std::string encode_grants(const std::vector<Grant>& grants);
std::string encode_texts(const std::vector<std::string>& texts);
std::string encode_scope(const model::AlertScope& scope);

}  // namespace tocsin::store
