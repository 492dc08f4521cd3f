#pragma once
// Incidents as a reader knows them who may see part of the alerts (store/scoped.h says what that is). Inside
// one snapshot of either database.

#include "store/sql/scope.h"

namespace tocsin::store {

// In their order; those without a visible alert are left out. Merged ones go by the one they went into.
Result<std::vector<model::Incident>> narrow_incidents(Connection& db, TenantId tenant,
                                                      const ScopeFilter& scope,
                                                      std::vector<model::Incident> incidents);

// A list that asks the incidents themselves: without a scope what their rows cannot answer (query.where),
// with one also what depends on hidden alerts (words of the title, times), since no filter may tell of them.
// Walks until the page is full or 100,000 alerts and incidents were looked at: then it ends early, with a
// cursor.
Result<Page<model::Incident>> walk_incidents(Connection& db, TenantId tenant, const ScopeFilter* scope,
                                             const IncidentQuery& query);

}  // namespace tocsin::store
