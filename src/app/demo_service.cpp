#include "app/demo_service.h"

#include <condition_variable>
#include <mutex>

#include "demo/demo.h"
#include "ingest/ingest.h"

namespace tocsin::app {
namespace {

constexpr std::string_view kLoadedSetting = "demo.loaded_at";
constexpr std::size_t kInFlight = 64;  // deliveries without an answer: enough for full group commits

// Lets at most kInFlight deliveries wait for their answer. Shared with the callbacks, which may outlive a
// stop.
class Window {
 public:
  void enter() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return waiting_ < kInFlight; });
    ++waiting_;
  }
  void leave() {
    {
      const std::lock_guard lock(mutex_);
      --waiting_;
    }
    free_.notify_all();
  }
  void wait_empty() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return waiting_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t waiting_ = 0;
};

Result<std::vector<model::Alert>> normalised(const demo::Delivery& delivery, Timestamp now) {
  TOCSIN_TRY(result, ingest::normalise(delivery.source, delivery.body, {.now = now}));
  if (!result.rejections.empty()) return result.rejections.front().error;
  std::vector<model::Alert> alerts;
  for (auto& record : result.records) alerts.push_back(std::move(record.alert));
  return alerts;
}

}  // namespace

DemoService::DemoService(api::Pipeline& pipeline, store::TenantStore& store, const Clock& clock)
    : pipeline_(pipeline), store_(store), clock_(clock) {
  const auto loaded = store_.setting(kLoadedSetting);
  if (loaded && *loaded) state_ = State::kLoaded;
}

DemoService::~DemoService() {
  stop();
}

void DemoService::stop() {
  loader_.request_stop();
  if (loader_.joinable()) loader_.join();
}

std::string_view DemoService::state() const {
  switch (state_.load()) {
    case State::kNone:
      return "none";
    case State::kLoading:
      return "loading";
    case State::kLoaded:
      break;
  }
  return "loaded";
}

Result<std::vector<model::Alert>> DemoService::trigger(std::string_view scenario_or_threat_type) {
  const auto now = clock_.now();
  const auto seed = static_cast<std::uint64_t>(to_unix_nanos(now)) + presses_.fetch_add(1);
  TOCSIN_TRY(deliveries, demo::scenario(scenario_or_threat_type, now, seed));
  std::vector<model::Alert> alerts;
  for (const auto& delivery : deliveries) {
    TOCSIN_TRY(some, normalised(delivery, now));
    std::move(some.begin(), some.end(), std::back_inserter(alerts));
  }
  TOCSIN_TRY(reply, pipeline_.submit(std::move(alerts)));
  std::vector<model::Alert> stored;
  for (const auto& item : reply.items) {
    TOCSIN_TRY(alert, store_.alerts().find(item.id.str()));
    if (alert) stored.push_back(*std::move(alert));
  }
  return stored;
}

Result<std::vector<model::Event>> DemoService::detection_events() {
  const auto now = clock_.now();
  return demo::detection_events(now, static_cast<std::uint64_t>(to_unix_nanos(now)) + presses_.fetch_add(1));
}

void DemoService::load(std::function<void(std::size_t, bool)> progress) {
  if (state_ != State::kNone) return;
  state_ = State::kLoading;
  loader_ = std::jthread(
      [this, progress = std::move(progress)](const std::stop_token& stop) { send_all(stop, progress); });
}

void DemoService::send_all(const std::stop_token& stop,
                           const std::function<void(std::size_t, bool)>& progress) {
  constexpr std::size_t kReportEvery = 500;
  auto window = std::make_shared<Window>();
  demo::Stream stream({.now = clock_.now()});
  std::size_t sent = 0;
  while (auto delivery = stream.next()) {
    if (stop.stop_requested()) break;
    window->enter();
    pipeline_.ingest_payload({.body = std::move(delivery->body), .source = std::move(delivery->source)},
                             [window](const Result<api::Pipeline::Reply>&) { window->leave(); });
    if (++sent % kReportEvery == 0) progress(sent, false);
  }
  window->wait_empty();
  if (stop.stop_requested()) return;
  // A failure to remember only means that the next start with --demo loads again.
  (void)store_.set_setting(kLoadedSetting, to_rfc3339(clock_.now()));
  state_ = State::kLoaded;
  progress(sent, true);
}

}  // namespace tocsin::app
