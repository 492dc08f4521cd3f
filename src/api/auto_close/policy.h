#pragma once
// Closing alerts by a stated bound: what the operator stated and what was chosen for it (the policy, set by
// people), and how far it has come (the state, written by whoever closes). Both are settings of the tenant;
// docs/auto-close.md tells the whole.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"
#include "triage/auto_close/watch.h"

namespace tocsin::api {

constexpr std::string_view kAutoCloseActor = "auto-close";
constexpr std::string_view kAutoCloseReason = "auto-close: ";  // how its close reasons begin
constexpr std::int64_t kMostWaitMinutes = 1440;

struct AutoClosePolicy {
  bool is_on = false;
  triage::Promise promise;
  std::int64_t wait_minutes = 15;  // from arrival, so that incidents can form
  // Of the last time it was switched on:
  std::int64_t revision = 0;  // how often that was
  double threshold = 1;
  std::size_t real = 0;  // decisions that the threshold was chosen on
  std::size_t missed = 0;
  double upper = 1;
  triage::ScoreShape before;  // of the alerts before
  model::Seq from = 0;        // alerts behind it are judged
  Timestamp since{};
  std::string set_by;
  // When something may have been closed, the oldest first; the last one goes on while it is on.
  struct Span {
    Timestamp from{};
    std::optional<Timestamp> until;
  };
  std::vector<Span> spans;

  bool was_on_at(Timestamp time) const;
  void switch_off(Timestamp now);  // ends the last span
  void switch_on(Timestamp now);   // begins one; of more than kMostSpans the two oldest become one
  std::string close_reason() const;
};
constexpr std::size_t kMostSpans = 32;

struct AutoCloseState {
  std::int64_t revision = 0;  // of the policy that it belongs to
  model::Seq position = 0;    // alerts up to here have been judged
  std::int64_t judged = 0;    // of those that may be closed
  std::int64_t closed = 0;
  std::int64_t kept = 0;  // kept open for review instead
  triage::ScoreShape before;
  triage::ScoreShape block;  // of the alerts that come, until it is full
  double drift = 0;          // distance of the last full block
  struct Waiting {
    model::Seq alert = 0;
    Timestamp at{};
  };
  std::vector<Waiting> waiting;  // kept for review; not yet due. The newest kMostWaiting
  triage::Reviews reviews;
  struct Stop {
    triage::StopReason reason = triage::StopReason::kMiss;
    Timestamp at{};
    std::string sentence;
  };
  std::optional<Stop> stopped;
};
constexpr std::size_t kMostWaiting = 500;

// Off, when nobody set it. kInternal when it is damaged: then nothing is closed.
Result<AutoClosePolicy> read_auto_close(const store::TenantStore& store);
Result<void> save_auto_close(store::TenantStore& store, const AutoClosePolicy& policy);
// Of that policy; at its beginning when it has none yet.
Result<AutoCloseState> read_auto_close_state(const store::TenantStore& store, const AutoClosePolicy& policy);
Result<void> save_auto_close_state(store::TenantStore& store, const AutoCloseState& state);
// The key of the review sample; empty when there is none yet.
Result<std::string> read_sample_key(const store::TenantStore& store);
// Makes one at the first time.
Result<std::string> sample_key(store::TenantStore& store);

}  // namespace tocsin::api
