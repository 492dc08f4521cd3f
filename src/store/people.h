#pragma once
// Tenants, people, their sessions, and keys for programs. Beside the tenants' data, not inside one: a person
// may have a role in several. Part of what store.h promises: thread-safe, durable when a write returns,
// audited (acting.h says for whom).
//
// Small tables, read whole at the start and kept in memory by auth/directory.h: no request waits for them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "model/access.h"

namespace tocsin::store {

struct Tenant {
  std::int64_t number = 0;             // TenantId's value; 0 in a new one
  std::string name;                    // in URLs and headers: 1..40 of a-z, 0-9 and '-', unique
  std::string title;                   // for people
  bool suspended = false;              // nothing is taken or shown; nothing is lost
  std::int64_t alerts_per_second = 0;  // 0: no quota
  std::int64_t storage_bytes = 0;
  Timestamp created_at{};
  std::int64_t version = 0;
};

// What a person may do in a tenant.
struct Grant {
  std::int64_t tenant = 0;  // kEveryTenant: in all of them, those made later too
  model::Role role = model::Role::kViewer;
  model::AlertScope scope{};
  bool operator==(const Grant&) const = default;
};
constexpr std::int64_t kEveryTenant = 0;

struct Person {
  PersonId id;        // made by add_person
  std::string login;  // unique without case
  std::string name;   // for people
  std::vector<Grant> grants;
  bool disabled = false;
  bool must_change_password = false;
  std::string password_hash;                 // PHC string; empty: signs in elsewhere (OIDC)
  std::string totp_secret;                   // sealed; empty: no second factor
  std::int64_t totp_step = 0;                // the last one used
  std::vector<std::string> recovery_hashes;  // of codes not yet used
  std::string external_id;                   // issuer and subject of an OIDC provider; unique unless empty
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> last_sign_in;
  std::int64_t version = 0;
};

struct Session {
  SessionId id;
  PersonId person;
  std::string token_hash;  // 64 hex digits (auth/token.h): the token itself is never stored
  Timestamp created_at{};
  Timestamp last_seen{};
  std::string address;     // where it began
  std::string user_agent;  // foreign text, at most 300 bytes
};

struct ApiKey {
  KeyId id;
  std::int64_t tenant = 1;
  std::string name;
  std::string token_hash;  // 64 hex digits (auth/token.h): the token itself is never stored
  model::Role role = model::Role::kViewer;
  model::VerbSet verbs{};  // of the role's, those that it has
  model::AlertScope scope{};
  std::string source;  // Role::kIngest: the one source it is for; empty: any
  std::string created_by;
  Timestamp created_at{};
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> last_used;
  bool revoked = false;
};

constexpr std::size_t kMaxTenants = 10'000;
constexpr std::size_t kMaxPeople = 100'000;
constexpr std::size_t kMaxSessions = 100'000;  // beyond it the one that was idle longest ends
constexpr std::size_t kMaxKeys = 100'000;

class PeopleStore {
 public:
  virtual ~PeopleStore() = default;

  // Grows with every write below but touch_*: what another process changed is seen by asking for it.
  virtual Result<std::int64_t> revision() const = 0;

  virtual Result<std::vector<Tenant>> tenants() const = 0;  // "default", number 1, is always there
  // kConflict when the name is taken.
  virtual Result<Tenant> add_tenant(Tenant tenant) = 0;
  // kNotFound; kConflict for a taken name or a stale `version`.
  virtual Result<Tenant> update_tenant(Tenant tenant) = 0;

  virtual Result<std::vector<Person>> people() const = 0;
  virtual Result<Person> add_person(Person person) = 0;     // as for tenants
  virtual Result<Person> update_person(Person person) = 0;  // all but id and created_at

  virtual Result<std::vector<Session>> sessions() const = 0;
  virtual Result<void> add_session(const Session& session) = 0;
  virtual Result<void> touch_sessions(const std::vector<std::pair<SessionId, Timestamp>>& seen) = 0;
  virtual Result<void> end_sessions(const std::vector<SessionId>& ids) = 0;

  virtual Result<std::vector<ApiKey>> keys() const = 0;  // revoked ones too
  virtual Result<void> add_key(const ApiKey& key) = 0;
  virtual Result<void> touch_keys(const std::vector<std::pair<KeyId, Timestamp>>& used) = 0;
  virtual Result<void> revoke_key(const KeyId& id) = 0;  // kNotFound
};

}  // namespace tocsin::store
