#pragma once
// Runs the jobs of a tenant's queue on a thread of its own, and plans those that come back regularly. A job
// that fails waits and is tried again, later each time; after its last try it stays in the queue, dead, with
// the reason.
//
// Thread-safe. What it borrows outlives it.

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/background_thread.h"
#include "base/clock.h"
#include "store/store.h"

namespace tocsin::app {

struct JobKind {
  std::string name;
  std::chrono::seconds lease{600};              // longer than one run takes
  std::optional<std::chrono::minutes> every{};  // planned again so long after each run
  // Asked to stop it ends early, with success: what is left is done by the next run.
  std::function<Result<void>(const store::Job&, const std::stop_token&)> run;
};

class JobRunner {
 public:
  using OnFailure = std::function<void(const store::Job&, const Error&)>;
  JobRunner(store::JobStore& jobs, const Clock& clock, std::vector<JobKind> kinds, OnFailure on_failure);
  ~JobRunner() { stop(); }
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

  void start();
  void stop();  // ends the job at hand

  // Adds regular jobs that do not wait yet. The first run is due at once.
  Result<void> plan();
  // Takes and runs what is due; how many there were.
  Result<std::size_t> run_due(const std::stop_token& stop);

 private:
  Result<void> plan(const JobKind& kind, Timestamp run_at);
  Result<void> run_one(const store::Job& job, const std::stop_token& stop);
  void run(BackgroundThread::Rest& rest);

  store::JobStore& jobs_;
  const Clock& clock_;
  const std::vector<JobKind> kinds_;
  const OnFailure on_failure_;
  BackgroundThread thread_;
};

}  // namespace tocsin::app
