#pragma once
// The thread that looks whether rule files changed and has them read again (detect/engine/rule_watch.h), and
// the log of what came of it.

#include "app/background_thread.h"
#include "base/clock.h"
#include "detect/engine/rule_watch.h"
#include "observe/log.h"

namespace tocsin::app {

class RuleWatcher {
 public:
  // All outlive it.
  RuleWatcher(detect::RuleLibrary& rules, const Clock& clock, observe::Log& log);
  ~RuleWatcher();

  void start();
  void stop();  // after the reload at hand

 private:
  void run(BackgroundThread::Rest& rest);
  void look();
  void tell(const Result<detect::RuleStatePtr>& reloaded);

  const Clock& clock_;
  observe::Log& log_;
  detect::RuleLibrary& rules_;
  detect::RuleWatch watch_;
  detect::RuleStatePtr told_;  // what the log knows of
  BackgroundThread thread_;
};

}  // namespace tocsin::app
