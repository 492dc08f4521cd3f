#include "app/detection_service.h"

#include <utility>

#include "base/this_thread.h"

namespace tocsin::app {
namespace {

// Alone nothing is stored without notify(); a look now and then is for what failed.
constexpr std::chrono::milliseconds kAlone{30'000};
constexpr std::chrono::milliseconds kAmongOthers{1'000};
constexpr std::chrono::milliseconds kAfterFailure{1'000};

}  // namespace

DetectionService::DetectionService(store::TenantStore& store, api::Pipeline& pipeline, const Clock& clock,
                                   const detect::RuleLibrary& rules, WorkPool& helpers, std::string process,
                                   Admit admit, std::function<void(const Error&)> on_error)
    : look_every_(process.empty() ? kAlone : kAmongOthers),
      turn_(store, clock, store::kDetectionLease, std::move(process)),
      on_error_(std::move(on_error)),
      desk_(store, pipeline, clock, rules, hooks(helpers, std::move(admit))) {}

api::EventDesk::Hooks DetectionService::hooks(WorkPool& helpers, Admit admit) {
  api::EventDesk::Hooks hooks{
      .turn = {}, .admit = std::move(admit), .stored = [this] { notify(); }, .helpers = &helpers};
  if (turn_.is_always_ours()) return hooks;
  hooks.turn = [this](bool now) -> Result<bool> {
    if (!now) return turn_.take();
    TOCSIN_CHECK(turn_.seize());
    return true;
  };
  return hooks;
}

DetectionService::~DetectionService() {
  stop();
}

// What a crash left over is judged at once.
void DetectionService::start() {
  notify();
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
  for (auto pause = look_every_; !stop.stop_requested();) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait_for(lock, stop, pause, [this] { return notified_; });
      notified_ = false;
    }
    if (stop.stop_requested()) return;
    const auto judged = desk_.catch_up();
    if (!judged && on_error_) on_error_(judged.error());
    pause = judged ? look_every_ : kAfterFailure;
  }
}

}  // namespace tocsin::app
