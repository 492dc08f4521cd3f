#pragma once
// A tenant's store as somebody sees it who may only see part of its alerts.
//
// An alert is in scope when its source is one of `sources` (any, when there are none) and its host or its
// address belongs to an asset of one of `asset_groups` (any alert, when there are none): asset_groups.h says
// how. The asset table counts as it is when the question is asked. What is out of scope is answered as if it
// had never been.
//
//   alerts      reading and changing: those in scope; append is refused
//   incidents   those with an alert in scope. Title, times, count, lead, tactics and review reason are those
//               of the visible alerts, Incident::alerts_out_of_scope says how many others there are; status,
//               verdict, severity, priority and the scores, assignee and deadlines stay those of the whole.
//               Links to a hidden alert are not told. Notes, actions and checklist are the case's. One that
//               was merged is seen by who sees the one it went into, without what its alerts said. Merging,
//               splitting, opening and what the correlator writes is refused
//   counts      alerts among the newest kScopeCounted, incidents up to 10,000; no dead letters, no jobs
//   assets      rows of the groups, when the scope has any
//   users, indicator lists, reference files   reading only
//   settings, kept answers                    as they are
//   rule history   none of a source out of scope; else the whole tenant's rates, which name no alert
//   legal holds  of the visible incidents; removing and measuring is kForbidden
//   dead letters, jobs, events, audit, leases,
//   dispositions   kForbidden: raw deliveries cannot be divided

#include <memory>

#include "store/store.h"

namespace tocsin::store {

// `whole` outlives it. Thread-safe, as `whole` is.
std::shared_ptr<TenantStore> scoped_store(TenantStore& whole, model::AlertScope scope);

// "3 alerts outside your scope also belong to this incident"; empty for none.
std::string out_of_scope_sentence(std::int64_t alerts);

}  // namespace tocsin::store
