#pragma once
// What a tenant's alerts were like so far, for judging the next one: how usual each kind is on each asset,
// and what people called it (triage/learn). Follows the store: alerts as they are committed, by whichever
// process, and dispositions as they are made; rebuilt from it at the start, so that nothing is kept twice.
//
// look() is for the way in: under a microsecond, no I/O. The memory's thread wakes on notify() and every
// ten seconds. Thread-safe. Bounded by the tables (about 5 MB for a tenant that fills them).

#include <functional>
#include <mutex>

#include "app/background_thread.h"
#include "base/clock.h"
#include "store/store.h"
#include "triage/learn/rarity.h"
#include "triage/learn/votes.h"

namespace tocsin::app {

class TriageMemory {
 public:
  // What it borrows outlives it. `secret`: of the tables.
  TriageMemory(store::TenantStore& store, std::uint64_t secret, std::function<void(const Error&)> on_error);
  ~TriageMemory();

  void start();  // reads what is stored, then goes on beside the caller
  void stop();
  void notify();  // alerts were committed or judged by people; cheap, for the writer's thread

  // What is known of the likes of an alert that comes now.
  model::Habit look(const model::Alert& alert);
  std::size_t bytes();  // of the tables
  // Reads on to what is committed. For the thread, and for tests.
  Result<void> catch_up();

 private:
  void run(BackgroundThread::Rest& rest);
  Result<void> read_alerts();
  Result<void> read_dispositions();
  Result<void> learn(const std::vector<store::Disposition>& said);
  triage::Sighting sighting(std::uint64_t type_hash, const model::LinkKey* asset, Timestamp at) const;

  store::TenantStore& store_;
  const std::uint64_t secret_;
  const std::function<void(const Error&)> on_error_;

  // Of the one thread that reads:
  std::mutex reading_;
  bool has_started_ = false;
  model::Seq last_alert_ = 0;
  Timestamp last_said_{};

  std::mutex mutex_;  // of the tables
  triage::RarityTable rarity_;
  triage::Votes votes_;

  BackgroundThread thread_;
};

}  // namespace tocsin::app
