#pragma once
// The believable company of `--demo` and of the buttons in the console: payloads as the tools of that company
// would have sent them, benign noise with attack stories inside. Pure: the same seed and `now` give the same
// bytes.
//
//   Stream stream({.now = clock.now()});
//   while (auto delivery = stream.next()) post(delivery->source, delivery->body);

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/event.h"

namespace tocsin::demo {

// One post of one tool.
struct Delivery {
  std::string source;  // name of the webhook: "suricata"
  std::string body;
  Timestamp at{};     // when it happened; the body says so too
  std::string story;  // which attack it belongs to, empty for noise. For tests: never send it
};

struct Options {
  Timestamp now{};  // the timeline ends here
  std::uint64_t seed = 20260104;
  std::size_t alerts = 3'600;     // in all; at least as many as the stories have (about 100)
  std::chrono::hours window{72};  // 72..8760: the stories need the last 72
  bool stories = true;
};

// Deliveries in time order, made one at a time: memory does not grow with Options::alerts (except the few
// hundred that are waiting for their moment). Not thread-safe.
class Stream {
 public:
  explicit Stream(const Options& options);
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  std::optional<Delivery> next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The attack stories: name and the ATT&CK tactics they pass through, in order of first appearance.
struct StoryFacts {
  std::string_view name;
  std::vector<std::string_view> tactics;  // "TA0001"
};
std::vector<StoryFacts> stories();

// What one press of a button sends. `name` is a scenario (critical_threat, crypto_surge, bot_attack,
// geo_impossible) or a threat type (bot_traffic, proxy_network, device_compromise, anomaly_detection,
// rate_limit_breach, geo_anomaly). The first delivery is the headline, a `generic` payload with
// customer_name, threat_type and metadata; others are what further tools say of the same matter. In time
// order, the last at `now`. kInvalidInput for another name, with the known ones in the hint.
Result<std::vector<Delivery>> scenario(std::string_view name, Timestamp now, std::uint64_t seed);
std::vector<std::string_view> scenario_names();

// At least three raw log records of /demo/run: a failed AWS sign-in, a privilege escalation in Azure, malware
// on a local host. seq and received_at are left for the store.
std::vector<model::Event> detection_events(Timestamp now, std::uint64_t seed);

}  // namespace tocsin::demo
