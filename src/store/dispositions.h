#pragma once
// What people said of alerts: the latest word on each, from its own verdict or from that of its incident.
// Kept with the verdict, in the same transaction, for what learns from it. Part of what store.h promises: one
// tenant, thread-safe. Goes with the alert.

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/link.h"
#include "model/names.h"

namespace tocsin::store {

struct Disposition {
  model::Seq alert = 0;
  model::Verdict verdict = model::Verdict::kUndecided;  // kUndecided: taken back
  std::string actor;                                    // who; empty: not known any more
  double word = 1;                                      // how much their word counts, 0..1 (acting.h)
  bool of_incident = false;  // said of the whole incident; what is said of the alert itself stands
  Timestamp decided_at{};
};

// With what the alert was, for measures.
struct DecidedAlert {
  Disposition said;  // of a verdict that stands
  std::string source;
  std::string type;
  Timestamp received_at{};
  double fp_probability = 0.5;  // as given at arrival
};

class DispositionStore {
 public:
  virtual ~DispositionStore() = default;
  // Those behind (decided_at, alert), in that order, at most `limit`.
  virtual Result<std::vector<Disposition>> after(Timestamp decided_at, model::Seq alert,
                                                 std::size_t limit) const = 0;
  // The newest `limit`, the newest last.
  virtual Result<std::vector<Disposition>> newest(std::size_t limit) const = 0;
  // Those since `from`, the newest `limit`, newest first.
  virtual Result<std::vector<DecidedAlert>> decided(Timestamp from, std::size_t limit) const = 0;
};

// Of an incident's alerts, in order of their numbers; the verdict of a larger one says nothing of the rest.
constexpr std::size_t kDispositionsOfIncident = 1000;

}  // namespace tocsin::store
