#include "app/detection_service.h"

#include <utility>

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
  thread_.start("detect", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void DetectionService::stop() {
  if (!thread_.stop()) return;
  turn_.give_back();
}

void DetectionService::notify() {
  thread_.notify();
}

void DetectionService::run(BackgroundThread::Rest& rest) {
  for (auto pause = look_every_; !rest.is_stopping();) {
    rest.until_notified(pause);
    if (rest.is_stopping()) return;
    const auto judged = desk_.catch_up();
    if (!judged && on_error_) on_error_(judged.error());
    pause = judged ? look_every_ : kAfterFailure;
  }
}

}  // namespace tocsin::app
