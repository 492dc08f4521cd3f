#pragma once
// Closes alerts by the operator's policy (api/auto_close/policy.h), for a tenant that has one.
//
// Follows the store: each alert is judged once, when correlation has seen it and the policy's wait is over.
// Before a run, and every some batches, what people said since is put to the test; when the promise no longer
// holds it stops by itself and says why. One process at a time closes for a tenant, by lease; the state is
// saved after each batch, and a batch that a crash left unsaved is counted when it is met again.
//
// The thread wakes on notify() and every ten seconds. Thread-safe.

#include <functional>
#include <mutex>

#include "api/auto_close/evidence.h"
#include "app/background_thread.h"
#include "app/turn.h"

namespace tocsin::app {

class AutoCloser {
 public:
  struct Hooks {
    std::function<void(std::int64_t alerts)> closed;
    std::function<void(const api::AutoCloseState::Stop&)> stopped;
    std::function<void(const Error&)> on_error;  // it tries again
  };
  // What it borrows outlives it. `process`: as in Turn.
  AutoCloser(store::TenantStore& store, const Clock& clock, std::string process, Hooks hooks);
  ~AutoCloser();

  void start();
  void stop();    // finishes the batch at hand
  void notify();  // alerts were committed or judged by people; cheap, for the writer's thread

  // Judges what is due. For the thread, and for tests.
  Result<void> catch_up();

 private:
  struct Batch {
    std::vector<model::Alert> alerts;  // that may be closed by severity and tier
    model::Seq last = 0;               // looked at
    bool is_last = false;              // nothing more is due
  };
  void run(BackgroundThread::Rest& rest);
  Result<void> run_policy(const api::AutoClosePolicy& policy);
  Result<void> refresh(const api::AutoClosePolicy& policy);
  Result<bool> still_holds(const api::AutoClosePolicy& policy, api::AutoCloseState& state);
  void count_reviews(api::AutoCloseState& state) const;
  Result<Batch> next_batch(const api::AutoClosePolicy& policy, const api::AutoCloseState& state) const;
  Result<void> judge(const api::AutoClosePolicy& policy, const Batch& batch, api::AutoCloseState& state);
  Result<std::vector<std::string>> to_close(const api::AutoClosePolicy& policy, const Batch& batch,
                                            api::AutoCloseState& state) const;
  Result<void> take_back_if_changed(const api::AutoClosePolicy& policy,
                                    const std::vector<std::string>& ids) const;

  store::TenantStore& store_;
  const Clock& clock_;
  const Hooks hooks_;

  std::mutex running_;  // guards what follows, up to rows_
  Turn turn_;
  // What people said, as it was read for the policy of that number.
  std::int64_t revision_ = 0;
  std::optional<store::Disposition> newest_;
  Timestamp read_at_{};
  std::vector<api::DecidedRow> rows_;

  BackgroundThread thread_;
};

}  // namespace tocsin::app
