#pragma once
// Incidents as a reader knows them who may see part of the alerts (store/scoped.h says what that is). Inside
// one snapshot of either database.

#include "store/sql/scope.h"

namespace tocsin::store {

// In their order; those without a visible alert are left out. Merged ones go by the one they went into.
Result<std::vector<model::Incident>> narrow_incidents(Connection& db, TenantId tenant,
                                                      const ScopeFilter& scope,
                                                      std::vector<model::Incident> incidents);

// What depends on hidden alerts (words of the title, times, conditions) is asked of the narrowed incident, so
// no filter tells of them. Walks until the page is full or a number of alerts was looked at: then the page
// ends early, with a cursor.
Result<Page<model::Incident>> list_scoped_incidents(Connection& db, TenantId tenant, const ScopeFilter& scope,
                                                    const IncidentQuery& query);

}  // namespace tocsin::store
