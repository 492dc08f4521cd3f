#pragma once
// What changes of tenants, people, sessions and keys write into the audit. Pure. No hash and no secret is
// written: that one changed is.

#include <optional>
#include <vector>

#include "store/audit.h"
#include "store/people.h"

namespace tocsin::store {

// Absent before: it is new.
AuditEntry audit_of(const std::optional<Tenant>& before, const Tenant& after);
AuditEntry audit_of(const std::optional<Person>& before, const Person& after);
AuditEntry audit_of(const Session& begun);
AuditEntry audit_of_end(const std::vector<SessionId>& ended);
AuditEntry audit_of(const ApiKey& made);
AuditEntry audit_of_revoked(const ApiKey& key);

}  // namespace tocsin::store
