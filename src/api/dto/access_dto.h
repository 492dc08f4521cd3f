#pragma once
// People, keys, tenants and sessions as JSON, and grants from it. No hash, secret or token is ever written.

#include "api/access.h"
#include "api/body.h"
#include "api/json_writer.h"

namespace tocsin::api {

// `tenant` 0: with the grants in every tenant; else with those that count there.
void write_person(JsonWriter& json, const store::Person& person, const auth::Directory& directory,
                  std::int64_t tenant);
void write_key(JsonWriter& json, const store::ApiKey& key);
// `counts` may be null: then they are left out.
void write_tenant(JsonWriter& json, const store::Tenant& tenant, const store::Counts* counts = nullptr);
void write_scope(JsonWriter& json, const model::AlertScope& scope);

// Reads "grants"; faults are recorded in the body. A tenant that is not named is `here`.
std::optional<std::vector<store::Grant>> read_grants(Body& body, const auth::Directory& directory,
                                                     std::int64_t here);
// Reads "scope"; only a role that is known and can have one may be given one.
model::AlertScope read_scope(Body& body, std::optional<model::Role> role);

}  // namespace tocsin::api
