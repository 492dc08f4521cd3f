#pragma once
// Figures over all alerts as threats: how many of each type and severity, how long the agents took, how the
// scores fall. Counts come from one pass over the link records that goes on where it stopped, also after a
// restart: how far it came is kept in the store. A type is looked up once. Thread-safe.

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "api/dto/threat_dto.h"
#include "api/metric_text.h"
#include "triage/reference_maps.h"

namespace tocsin::api {

class ThreatMetrics {
 public:
  using Counts = std::map<std::pair<triage::ThreatType, model::Severity>, std::int64_t>;

  struct Limits {
    std::size_t alerts_per_scrape = 200'000;  // counted at most by one write(); the next one goes on
    std::int64_t alerts_unsaved = 10'000;     // may be counted again after a crash
    bool is_kept = true;                      // else counted anew each time: what a scope shows may change
  };
  explicit ThreatMetrics(store::TenantStore& store) : ThreatMetrics(store, Limits{}) {}
  ThreatMetrics(store::TenantStore& store, Limits limits) : store_(store), limits_(limits) {}

  Result<Counts> counts();  // of all alerts, however long that takes
  void observe(const Threat& threat);
  double mean_processing_ms() const { return total_.mean() * 1000; }
  // S4's soc_* families.
  Result<void> write(MetricText& text, std::size_t websocket_clients);

 private:
  static constexpr std::array<double, 7> kSeconds{0.000'01, 0.000'1, 0.001, 0.01, 0.1, 1, 10};
  static constexpr std::array<double, 5> kShares{0.1, 0.2, 0.4, 0.7, 0.9};
  static constexpr std::size_t kMaxTypes = 20'000;  // of rules; the names are the senders'

  Result<Counts> count_more(std::size_t most);
  Result<bool> add(std::span<const model::LinkRecord> records, std::size_t& left);
  Result<void> load();
  Result<void> save();
  Result<triage::ThreatType> type_of(const model::LinkRecord& record);
  void write_agents(MetricText& text) const;

  store::TenantStore& store_;
  const Limits limits_;
  std::mutex mutex_;  // guards what follows, up to the histograms
  bool loaded_ = false;
  model::Seq until_ = 0;
  model::Seq saved_until_ = 0;
  Counts counts_;
  std::unordered_map<std::uint64_t, triage::ThreatType> types_;  // by hash of source and type

  std::array<Histogram<7>, 5> agents_{Histogram<7>(kSeconds), Histogram<7>(kSeconds), Histogram<7>(kSeconds),
                                      Histogram<7>(kSeconds), Histogram<7>(kSeconds)};
  Histogram<7> total_{kSeconds};
  Histogram<5> scores_{kShares};
};

}  // namespace tocsin::api
