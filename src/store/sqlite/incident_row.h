#pragma once
// The row of an incident, and a correlator's delta written to it.

#include "model/incident.h"
#include "store/sql/core.h"

namespace tocsin::store {

// "SELECT … FROM incidents ", to be followed by a WHERE; read_incident knows its columns.
std::string_view select_incident();
model::Incident read_incident(const Statement& row);

Result<std::optional<model::Incident>> find_incident(Connection& db, TenantId tenant, std::string_view id);

model::Membership read_membership(const Statement& row);
std::string_view select_membership();

// Upserts, memberships with the incidents' alert counts, the watermark; kConflict when another process holds
// the lease. Inside the writer's transaction.
Result<void> apply_delta(const CorrelationDelta& delta, TenantId tenant, const Dialect& dialect,
                         WriteContext& context);
// The writing of it, a row at a time: for a database within the process.
Result<void> write_delta(const CorrelationDelta& delta, TenantId tenant, WriteContext& context);

// A person touched the incident: its version grows and machines keep their hands off.
Result<void> mark_decided(Seq incident, TenantId tenant, WriteContext& context);

}  // namespace tocsin::store
