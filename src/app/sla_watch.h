#pragma once
// Watches the clocks of open incidents (api/sla/): writes into an incident's action log that a promise was
// broken, and who is told of it when. Each line once, also across restarts: what the log has is not written
// again. One process at a time watches for a tenant, by lease.
//
// The thread looks every fifteen seconds. Thread-safe.

#include <functional>
#include <mutex>

#include "api/sla/sla_clocks.h"
#include "app/background_thread.h"
#include "app/turn.h"

namespace tocsin::app {

class SlaWatch {
 public:
  struct Hooks {
    std::function<void(const model::ActionRecord&)> logged;
    std::function<void(const Error&)> on_error;  // it tries again
  };
  // What it borrows outlives it. `process`: as in Turn.
  SlaWatch(store::TenantStore& store, const Clock& clock, std::string process, api::FirstLook first_look,
           Hooks hooks);
  ~SlaWatch();

  void start();
  void stop();

  // One look. For the thread, and for tests.
  Result<void> look();

 private:
  void run(BackgroundThread::Rest& rest);

  store::TenantStore& store_;
  const Clock& clock_;
  const api::FirstLook first_look_;
  const Hooks hooks_;
  std::mutex looking_;  // guards turn_
  Turn turn_;
  BackgroundThread thread_;
};

}  // namespace tocsin::app
