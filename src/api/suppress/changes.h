#pragma once
// What people do to suppressions, over the settings of a tenant. Callers hold one lock a tenant.

#include "api/suppress/look_back.h"
#include "api/suppress/suppression.h"

namespace tocsin::api {

// What a body says; absent: as it is.
struct SuppressionChange {
  std::optional<std::string> name;
  std::optional<std::string> reason;
  std::optional<std::string> q;  // canonical
  std::optional<std::vector<model::EntityKind>> watched;
  std::optional<Timestamp> expires_at;
  bool confirm = false;        // the review is done: it goes on
  bool accept_missed = false;  // although it would have hidden what people called real
};

// kConflict when it would have hidden alerts that people called real, or there is no room for one more;
// kInvalidInput when it would have to remember more than kMostKnown entities.
Result<Suppression> add_suppression(store::TenantStore& store, const SuppressionChange& change,
                                    Timestamp now);
// The same for a changed scope, and for what is confirmed. kConflict for one that was lifted.
Result<Suppression> change_suppression(store::TenantStore& store, Suppression suppression,
                                       const SuppressionChange& change, Timestamp now);
// Once; one that was lifted stays so.
Result<Suppression> lift_suppression(store::TenantStore& store, Suppression suppression, Timestamp now);

}  // namespace tocsin::api
