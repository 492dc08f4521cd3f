#include "app/job_runner.h"

#include <algorithm>

#include "store/acting.h"

namespace tocsin::app {
namespace {

constexpr std::size_t kAtOnce = 1;  // each is the whole of a regular piece of work
constexpr auto kLookEvery = std::chrono::seconds(2);
constexpr int kLooksBetweenPlans = 300;

}  // namespace

JobRunner::JobRunner(store::JobStore& jobs, const Clock& clock, std::vector<JobKind> kinds,
                     OnFailure on_failure)
    : jobs_(jobs), clock_(clock), kinds_(std::move(kinds)), on_failure_(std::move(on_failure)) {}

void JobRunner::start() {
  thread_.start("jobs", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void JobRunner::stop() {
  thread_.stop();
}

Result<void> JobRunner::plan() {
  for (const auto& kind : kinds_)
    if (kind.every) TOCSIN_CHECK(plan(kind, clock_.now()));
  return {};
}

// The queue keeps one that waits: its time stands.
Result<void> JobRunner::plan(const JobKind& kind, Timestamp run_at) {
  store::Job job;
  job.kind = kind.name;
  job.payload = "{}";
  job.dedupe_key = kind.name;
  job.run_at = run_at;
  TOCSIN_TRY(id, jobs_.enqueue(std::move(job)));
  (void)id;
  return {};
}

Result<std::size_t> JobRunner::run_due(const std::stop_token& stop) {
  std::size_t ran = 0;
  for (const auto& kind : kinds_) {
    const std::vector<std::string> name{kind.name};
    TOCSIN_TRY(due, jobs_.lease(name, kAtOnce, kind.lease));
    for (const auto& job : due) {
      TOCSIN_CHECK(run_one(job, stop));
      ++ran;
    }
  }
  return ran;
}

Result<void> JobRunner::run_one(const store::Job& job, const std::stop_token& stop) {
  const store::Acting acting({.actor = "job:" + job.kind});
  const auto kind =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const JobKind& one) { return one.name == job.kind; });
  const auto done = kind->run(job, stop);
  if (!done) {
    on_failure_(job, done.error());
    return jobs_.fail(job.id, to_string(done.error()));
  }
  TOCSIN_CHECK(jobs_.complete(job.id));
  return kind->every ? plan(*kind, clock_.now() + *kind->every) : Result<void>();
}

void JobRunner::run(BackgroundThread::Rest& rest) {
  for (int look = 0; !rest.is_stopping(); ++look) {
    auto done = look % kLooksBetweenPlans == 0 ? plan() : Result<void>();
    if (done) {
      auto ran = run_due(rest.stop());
      if (!ran) done = ran.error();
    }
    if (!done) on_failure_({}, done.error());
    rest.pause(kLookEvery);
  }
}

}  // namespace tocsin::app
