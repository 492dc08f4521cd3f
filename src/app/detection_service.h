#pragma once
// Judges raw events as they come, whichever way: wakes at the start, on notify(), and every second where
// other processes store events in the same database.
//
// Thread-safe. Requests that wait for what their events amount to judge on their own thread; this one takes
// what nobody waits for, and what a crash left over.

#include <functional>

#include "api/event_desk.h"
#include "app/background_thread.h"
#include "app/turn.h"

namespace tocsin::app {

class DetectionService {
 public:
  using Admit = std::function<Result<void>(std::size_t events)>;
  // What it borrows outlives it. `process`: as in Turn. `admit`: as in EventDesk. `on_error`: it tries again.
  DetectionService(store::TenantStore& store, api::Pipeline& pipeline, const Clock& clock,
                   const detect::RuleLibrary& rules, WorkPool& helpers, std::string process, Admit admit,
                   std::function<void(const Error&)> on_error);
  ~DetectionService();

  void start();
  void stop();    // finishes the step at hand
  void notify();  // events were committed, or another process waits for them; cheap

  api::EventDesk& events() noexcept { return desk_; }

 private:
  api::EventDesk::Hooks hooks(WorkPool& helpers, Admit admit);
  void run(BackgroundThread::Rest& rest);

  const std::chrono::milliseconds look_every_;
  Turn turn_;  // asked under the desk's lock
  const std::function<void(const Error&)> on_error_;
  api::EventDesk desk_;
  BackgroundThread thread_;
};

}  // namespace tocsin::app
