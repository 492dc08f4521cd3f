#include "api/threat_metrics.h"

namespace tocsin::api {
namespace {

constexpr std::array<std::string_view, 5> kAgents{"historical", "config", "devops", "context", "priority"};

}  // namespace

Result<ThreatMetrics::Counts> ThreatMetrics::counts() {
  const std::lock_guard lock(mutex_);
  std::optional<Error> failed;
  TOCSIN_CHECK(store_.alerts().scan_links(until_, [&](std::span<const model::LinkRecord> records) {
    for (const auto& record : records) {
      auto type = type_of(record);
      if (!type) {
        failed = std::move(type).error();
        return false;
      }
      ++counts_[{*type, record.severity}];
      until_ = record.seq;
    }
    return true;
  }));
  if (failed) return *std::move(failed);
  return counts_;
}

Result<triage::ThreatType> ThreatMetrics::type_of(const model::LinkRecord& record) {
  if (const auto known = types_.find(record.type_hash); known != types_.end()) return known->second;
  if (types_.size() >= kMaxTypes) return triage::ThreatType::kAnomalyDetection;
  TOCSIN_TRY(alerts, store_.alerts().by_seq(std::span(&record.seq, 1)));
  const auto type =
      alerts.empty() ? triage::ThreatType::kAnomalyDetection : triage::threat_type_of(alerts.front());
  types_.emplace(record.type_hash, type);
  return type;
}

void ThreatMetrics::observe(const Threat& threat) {
  const auto& analyses = threat.judged.analyses;
  const std::array agents{&analyses.historical, &analyses.config, &analyses.devops, &analyses.context,
                          &analyses.priority};
  for (std::size_t i = 0; i < agents.size(); ++i) agents_[i].observe(agents[i]->processing_time_ms / 1000);
  total_.observe(processing_ms(analyses) / 1000);
  scores_.observe(threat.judged.false_positive.score);
}

void ThreatMetrics::write_agents(MetricText& text) const {
  text.family("soc_agent_duration_seconds", "histogram", "Time that one agent took for one case");
  for (std::size_t i = 0; i < kAgents.size(); ++i) agents_[i].write(text, {{"agent", kAgents[i]}});
  text.family("soc_threat_processing_duration_seconds", "histogram",
              "Time that all agents took for one case");
  total_.write(text, {{"phase", "analysis"}});
  text.family("soc_fp_score", "histogram", "False-positive scores given");
  scores_.write(text, {});
}

Result<void> ThreatMetrics::write(MetricText& text, std::size_t websocket_clients) {
  TOCSIN_TRY(by_type, counts());
  text.family("soc_threats_processed_total", "counter", "Alerts, by threat type and severity");
  for (const auto& [key, count] : by_type) {
    text.sample({{"severity", triage::s4_severity(key.second)}, {"threat_type", to_text(key.first)}},
                static_cast<double>(count));
  }
  write_agents(text);
  store::AlertQuery query;
  query.requires_review = true;
  query.statuses = {model::AlertStatus::kNew, model::AlertStatus::kInProgress};
  query.limit = 1;
  TOCSIN_TRY(page, store_.alerts().list(query));
  text.family("soc_active_websocket_connections", "gauge", "Clients of the live feed");
  text.sample(static_cast<double>(websocket_clients));
  text.family("soc_threats_requiring_review", "gauge",
              "Open alerts that need a person, counted up to 10,000");
  text.sample(static_cast<double>(page.total));
  return {};
}

}  // namespace tocsin::api
