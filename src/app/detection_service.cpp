#include "app/detection_service.h"

#include <utility>

#include "base/this_thread.h"

namespace tocsin::app {

DetectionService::DetectionService(store::TenantStore& store, api::Pipeline& pipeline, const Clock& clock,
                                   const detect::RuleLibrary& rules, std::string process,
                                   std::function<void(const Error&)> on_error)
    : turn_(store, clock, store::kDetectionLease, std::move(process)),
      on_error_(std::move(on_error)),
      desk_(store, pipeline, clock, rules,
            {.turn = [this](bool now) -> Result<bool> {
               if (!now) return turn_.take();
               TOCSIN_CHECK(turn_.seize());
               return true;
             },
             .stored = [this] { notify(); }}) {}

DetectionService::~DetectionService() {
  stop();
}

void DetectionService::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void DetectionService::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
  turn_.give_back();
}

void DetectionService::notify() {
  {
    const std::lock_guard lock(wake_mutex_);
    if (std::exchange(notified_, true)) return;  // it has not looked yet: one wake-up is enough
  }
  wake_.notify_one();
}

void DetectionService::run(const std::stop_token& stop) {
  name_this_thread("detect");
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait_for(lock, stop, std::chrono::seconds(1), [this] { return notified_; });
      notified_ = false;
    }
    if (stop.stop_requested()) return;
    if (auto judged = desk_.catch_up(); !judged && on_error_) on_error_(judged.error());
  }
}

}  // namespace tocsin::app
