#include "api/threat_metrics.h"

#include <boost/json.hpp>

#include "api/json_writer.h"

namespace tocsin::api {
namespace {

constexpr std::array<std::string_view, 5> kAgents{"historical", "config", "devops", "context", "priority"};

constexpr std::string_view kProgressKey = "metrics.threats";

std::string to_json(model::Seq until, const ThreatMetrics::Counts& counts) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("until", until);
    json.member("counts", [&] {
      json.array([&] {
        for (const auto& [key, count] : counts) {
          json.object([&, &named = key, number = count] {
            json.member("type", to_text(named.first));
            json.member("severity", to_text(named.second));
            json.member("alerts", number);
          });
        }
      });
    });
  });
  return out;
}

// Throws what Boost.JSON throws for text that to_json did not write.
model::Seq read_progress(std::string_view text, ThreatMetrics::Counts& counts) {
  const auto object = boost::json::parse(text).as_object();
  for (const auto& item : object.at("counts").as_array()) {
    const auto type = triage::parse_threat_type(item.at("type").as_string());
    const auto severity = model::parse_severity(item.at("severity").as_string());
    if (type && severity) counts[{*type, *severity}] = item.at("alerts").as_int64();
  }
  return object.at("until").as_int64();
}

}  // namespace

Result<ThreatMetrics::Counts> ThreatMetrics::counts() {
  return count_more(std::numeric_limits<std::size_t>::max());
}

Result<ThreatMetrics::Counts> ThreatMetrics::count_more(std::size_t most) {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(load());
  std::optional<Error> failed;
  TOCSIN_CHECK(store_.alerts().scan_links(until_, [&](std::span<const model::LinkRecord> records) {
    const auto more = add(records, most);
    if (!more) failed = more.error();
    return more && *more;
  }));
  if (failed) return *std::move(failed);
  if (limits_.is_kept && until_ - saved_until_ >= limits_.alerts_unsaved) TOCSIN_CHECK(save());
  return counts_;
}

Result<bool> ThreatMetrics::add(std::span<const model::LinkRecord> records, std::size_t& left) {
  for (const auto& record : records) {
    if (left == 0) return false;
    --left;
    TOCSIN_TRY(type, type_of(record));
    ++counts_[{type, record.severity}];
    until_ = record.seq;
  }
  return left > 0;
}

// What cannot be read back is counted again from the start.
Result<void> ThreatMetrics::load() {
  if (!limits_.is_kept) {
    until_ = 0;
    counts_.clear();
  }
  if (loaded_ || !limits_.is_kept) return {};
  TOCSIN_TRY(saved, store_.setting(kProgressKey));
  loaded_ = true;
  if (!saved) return {};
  try {
    Counts counts;
    until_ = saved_until_ = read_progress(*saved, counts);
    counts_ = std::move(counts);
  } catch (const std::exception&) {
    until_ = saved_until_ = 0;
  }
  return {};
}

Result<void> ThreatMetrics::save() {
  TOCSIN_CHECK(store_.set_setting(kProgressKey, to_json(until_, counts_)));
  saved_until_ = until_;
  return {};
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
  TOCSIN_TRY(by_type, count_more(limits_.alerts_per_scrape));
  text.family("soc_threats_processed_total", "counter",
              "Alerts, by threat type and severity; right after a start it may still be catching up");
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
