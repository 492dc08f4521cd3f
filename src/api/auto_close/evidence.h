#pragma once
// What the store knows about closing by a stated bound: people's decisions on alerts that may be closed, what
// they say of a promise and of a threshold, and what would have been closed lately.

#include <cstdint>
#include <string>
#include <vector>

#include "api/auto_close/policy.h"
#include "triage/auto_close/decisions.h"

namespace tocsin::api {

constexpr std::size_t kMostDecided = 10'000;    // the newest that are read
constexpr int kDecidedDays = 365;               // older ones say little of today
constexpr std::size_t kMostPreviewed = 50'000;  // alerts
constexpr std::size_t kMissedShown = 50;
constexpr std::size_t kRulesShown = 20;

struct DecidedRow {
  triage::SaidOfAlert said;
  model::Seq alert = 0;
  bool is_kept = false;  // by chance, for review
};
// Of alerts that may be closed, the newest first.
Result<std::vector<DecidedRow>> decided_rows(store::TenantStore& store, const AutoClosePolicy& policy,
                                             Timestamp now);

// Of decisions made before `until`.
triage::Choice choose(const std::vector<DecidedRow>& rows, const triage::Promise& promise, Timestamp until);

struct Evidence {
  triage::Achieved achieved;  // of all decisions
  // Of the alerts since it was switched on that chance kept open instead of closing them:
  std::size_t decided = 0;
  std::size_t real = 0;
  double real_upper = 1;  // what the share of real ones among the closed is at most
};
Evidence evidence_of(const std::vector<DecidedRow>& rows, const AutoClosePolicy& policy);

// Of the newest alerts that may be closed.
Result<triage::ScoreShape> recent_shape(store::TenantStore& store);

struct Preview {
  triage::Choice choice;
  bool held_back = true;  // the threshold was chosen on decisions before the time looked at
  bool in_part = false;   // older alerts were not looked at
  std::int64_t alerts = 0;
  std::int64_t may_be_closed = 0;
  std::int64_t would_close = 0;         // and the review share is among them
  std::int64_t real = 0;                // alerts that may be closed and were called real
  std::int64_t missed = 0;              // of them those that would have been closed
  std::vector<std::string> missed_ids;  // the newest of them
  struct Rule {
    std::string source;
    std::string type;
    std::int64_t would_close = 0;
    std::int64_t missed = 0;
  };
  std::vector<Rule> rules;  // those with most to close first
};
Result<Preview> preview(store::TenantStore& store, const AutoClosePolicy& policy,
                        const triage::Promise& promise, Timestamp from, Timestamp now);

}  // namespace tocsin::api
