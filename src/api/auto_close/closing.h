#pragma once
// Closing and opening alerts in the name of the policy. Each alert that is closed is a change of its own,
// with its record in the audit, made only when nobody touched the alert since it was looked at; alerts are
// opened in bounded batches.

#include <string>
#include <vector>

#include "api/auto_close/policy.h"

namespace tocsin::api {

constexpr std::size_t kClosedAtOnce = 200;
constexpr std::size_t kMostReopened = 100'000;  // by one call

// As it came: nobody closed it, judged it, took it or has to look at it.
bool is_untouched(const model::Alert& alert);
bool is_closed_by_policy(const model::Alert& alert);

// How many were closed: those that are still untouched.
Result<std::int64_t> close_alerts(store::TenantStore& store, const std::vector<std::string>& ids,
                                  const AutoClosePolicy& policy);

struct Reopened {
  std::int64_t alerts = 0;
  bool in_part = false;  // there were more than kMostReopened
};
// Of those that the policy closed, except where a person called it no true positive since. In the name of
// whoever acts (store/acting.h); `actor` stands in the incidents' logs.
Result<std::int64_t> reopen_alerts(store::TenantStore& store, const std::vector<std::string>& ids,
                                   const std::string& actor);
Result<Reopened> reopen_all(store::TenantStore& store, const std::string& actor);

}  // namespace tocsin::api
