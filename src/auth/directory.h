#pragma once
// Who is known here, in memory: people, their sessions, keys, tenants. Judging a request asks this and never
// the database; changes go to the database first and show here before they return. What another process
// changed shows within kRefresh.
//
//   auto who = directory.find_session(cookie, "acme");   // a principal with its rights, or nobody
//
// Thread-safe. Reads take a shared lock for a hash look-up or two.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/access.h"
#include "store/people.h"

namespace tocsin::auth {

struct SessionLimits {
  std::chrono::minutes idle{60};
  std::chrono::hours absolute{12};
};

class Directory {
 public:
  static constexpr std::chrono::milliseconds kRefresh{500};

  // Store and clock outlive it.
  Directory(store::PeopleStore& people, const Clock& clock, SessionLimits limits = {});
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  Result<void> load();
  // Looks for changes of other processes every kRefresh and writes down when sessions and keys were used.
  void start();
  void stop();
  // What start() does again and again.
  Result<void> refresh();

  // No person may sign in: requests act as the local admin where that is allowed.
  bool is_open() const noexcept;
  bool has_admin() const;  // a person, not disabled, with Role::kAdmin in every tenant or the default one

  struct Found {
    model::PrincipalPtr principal;  // null: nobody, or one whose time is over
    bool foreign_tenant = false;    // somebody, but not of the tenant that was asked for
  };
  // `tenant` by name; "" : the only or first one that they belong to.
  Found find_session(std::string_view token, std::string_view tenant);
  Found find_key(std::string_view token, std::string_view tenant);
  // Whether what the principal came with still holds: for connections that stay open.
  bool still_holds(const model::Principal& principal) const;

  // Sessions. The token is answered once.
  struct NewSession {
    store::Session session;
    std::string token;
  };
  Result<NewSession> begin_session(const store::Person& person, std::string address, std::string user_agent);
  Result<void> end_sessions(const std::vector<SessionId>& ids);
  Result<void> end_sessions_of(const PersonId& person, std::string_view spared = {});  // id of a session
  std::vector<store::Session> sessions_of(const PersonId& person) const;

  std::optional<store::Person> person(const PersonId& id) const;
  // Whether they have a role in a tenant that is not suspended: without one a session is good for nothing.
  bool has_tenant(const store::Person& person) const;
  std::optional<store::Person> person_by_login(std::string_view login) const;
  std::optional<store::Person> person_by_external_id(std::string_view external_id) const;
  std::vector<store::Person> people() const;
  Result<store::Person> add_person(store::Person person);
  Result<store::Person> update_person(store::Person person);  // ends their sessions when disabled

  struct NewKey {
    store::ApiKey key;
    std::string token;
  };
  Result<NewKey> add_key(store::ApiKey key);  // id, token_hash, created_at are set here
  Result<void> revoke_key(const KeyId& id);
  std::vector<store::ApiKey> keys(std::int64_t tenant) const;

  std::vector<store::Tenant> tenants() const;
  std::optional<store::Tenant> tenant(std::int64_t number) const;
  std::optional<store::Tenant> tenant_by_name(std::string_view name) const;
  Result<store::Tenant> add_tenant(store::Tenant tenant);
  Result<store::Tenant> update_tenant(store::Tenant tenant);

  // Called, on any thread, after rights were changed or ended: whoever keeps connections open asks
  // still_holds() for each. Before start().
  void on_change(std::function<void()> changed);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::auth
