#pragma once

#include "store/people.h"
#include "store/sql/core.h"

namespace tocsin::store {

class SqlPeopleStore final : public PeopleStore {
 public:
  // Audited in the default tenant's chain, keys in their tenant's.
  SqlPeopleStore(const Clock& clock, ReaderPool& readers, TenantWriter writer)
      : clock_(clock), readers_(readers), writer_(writer) {}

  Result<std::int64_t> revision() const override;
  Result<std::vector<Tenant>> tenants() const override;
  Result<Tenant> add_tenant(Tenant tenant) override;
  Result<Tenant> update_tenant(Tenant tenant) override;
  Result<std::vector<Person>> people() const override;
  Result<Person> add_person(Person person) override;
  Result<Person> update_person(Person person) override;
  Result<std::vector<Session>> sessions() const override;
  Result<void> add_session(const Session& session) override;
  Result<void> touch_sessions(const std::vector<std::pair<SessionId, Timestamp>>& seen) override;
  Result<void> end_sessions(const std::vector<SessionId>& ids) override;
  Result<std::vector<ApiKey>> keys() const override;
  Result<void> add_key(const ApiKey& key) override;
  Result<void> touch_keys(const std::vector<std::pair<KeyId, Timestamp>>& used) override;
  Result<void> revoke_key(const KeyId& id) override;

 private:
  const Clock& clock_;
  ReaderPool& readers_;
  TenantWriter writer_;
};

}  // namespace tocsin::store
