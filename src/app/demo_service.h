#pragma once
// The demo's company behind the API: the buttons of the console, and the load of `serve --demo`. Everything
// goes through the real pipeline, as if the company's tools had sent it.

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "api/services.h"

namespace tocsin::app {

class DemoService final : public api::Demo {
 public:
  // Borrows what outlives it. `seed` of a button press changes with each press.
  DemoService(api::Pipeline& pipeline, store::TenantStore& store, const Clock& clock);
  ~DemoService() override;

  Result<std::vector<model::Alert>> trigger(std::string_view scenario_or_threat_type) override;
  Result<std::vector<model::Event>> detection_events() override;
  std::string_view state() const override;

  // Loads the company in the background, once per data directory; `progress` hears of every 500 deliveries.
  void load(std::function<void(std::size_t sent, bool done)> progress);
  void stop();

 private:
  void send_all(const std::stop_token& stop, const std::function<void(std::size_t, bool)>& progress);

  api::Pipeline& pipeline_;
  store::TenantStore& store_;
  const Clock& clock_;
  enum class State { kNone, kLoading, kLoaded };
  std::atomic<State> state_{State::kNone};
  std::atomic<std::uint64_t> presses_{0};
  std::jthread loader_;
};

}  // namespace tocsin::app
