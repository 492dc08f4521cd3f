#pragma once
// The tables of Directory and how they are searched; the caller holds the lock.

#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/directory.h"

namespace tocsin::auth {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

// What is known, as read at one moment.
struct Tables {
  std::int64_t revision = 0;
  ByText<store::Person> people;         // by id
  ByText<std::string> person_by_login;  // in lower case, to id
  ByText<std::string> person_by_external;
  ByText<store::Session> sessions;  // by token hash
  ByText<store::ApiKey> keys;       // by token hash
  std::unordered_map<std::int64_t, store::Tenant> tenants;

  static Result<Tables> read(store::PeopleStore& store);

  const store::Person* person(std::string_view id) const;
  const store::Tenant* tenant_named(std::string_view name) const;
  void put(store::Person person);

  // Whether it is over, by either limit.
  static bool is_over(const store::Session& session, const SessionLimits& limits, Timestamp now);
  static bool is_over(const store::ApiKey& key, Timestamp now);
};

// The rights of a person in the tenant of this name ("" : the first they have). Absent: none there.
std::optional<model::Principal> rights_of(const Tables& tables, const store::Person& person,
                                          std::string_view tenant);
std::optional<model::Principal> rights_of(const Tables& tables, const store::ApiKey& key,
                                          std::string_view tenant);

}  // namespace tocsin::auth
