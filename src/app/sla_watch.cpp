#include "app/sla_watch.h"

#include <utility>

#include "store/acting.h"

namespace tocsin::app {
namespace {

constexpr std::string_view kLease = "sla";
constexpr std::string_view kActor = "sla-clock";
constexpr std::chrono::seconds kBetweenLooks{15};

}  // namespace

SlaWatch::SlaWatch(store::TenantStore& store, const Clock& clock, std::string process,
                   api::FirstLook first_look, Hooks hooks)
    : store_(store),
      clock_(clock),
      first_look_(first_look),
      hooks_(std::move(hooks)),
      turn_(store, clock, kLease, std::move(process)) {}

SlaWatch::~SlaWatch() {
  stop();
}

void SlaWatch::start() {
  thread_.start("sla-clock", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void SlaWatch::stop() {
  if (!thread_.stop()) return;
  const std::lock_guard lock(looking_);
  turn_.give_back();
}

void SlaWatch::run(BackgroundThread::Rest& rest) {
  bool had_trouble = false;
  while (!rest.is_stopping()) {
    const auto done = look();
    if (!done && !std::exchange(had_trouble, true)) hooks_.on_error(done.error());
    if (done) had_trouble = false;
    rest.pause(kBetweenLooks);
  }
}

Result<void> SlaWatch::look() {
  const std::lock_guard lock(looking_);
  TOCSIN_TRY(ours, turn_.take());
  if (!ours) return {};
  TOCSIN_TRY(policy, api::read_sla_policy(store_, first_look_));
  TOCSIN_TRY(found, api::find_at_risk(store_, policy, clock_.now()));
  const store::Acting acting({.actor = std::string(kActor), .kind = store::ActorKind::kMachine});
  for (const auto& one : found.incidents) {
    for (const auto& news : one.news) {
      const auto now = clock_.now();
      model::ActionRecord record{.id = ActionId::make(now),
                                 .incident = one.incident.id,
                                 .actor = std::string(kActor),
                                 .action = std::string(news.action),
                                 .target = news.target,
                                 .detail = news.detail,
                                 .simulated = false,
                                 .created_at = now};
      TOCSIN_CHECK(store_.incidents().log_action(record));
      hooks_.logged(record);
    }
  }
  return {};
}

}  // namespace tocsin::app
