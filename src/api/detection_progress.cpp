#include "api/detection_progress.h"

#include <algorithm>
#include <boost/json.hpp>

#include "api/json_writer.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kProgressKey = "detection.events";
constexpr std::string_view kAlertsKey = "detection.alerts";
constexpr std::size_t kSharedAlerts = 1'000;  // written anew with each part that brought alerts

std::int64_t integer_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

// null for what is absent or cannot be read.
Result<boost::json::value> read_setting(const store::TenantStore& store, std::string_view key) {
  TOCSIN_TRY(saved, store.setting(key));
  boost::system::error_code failed;
  auto value = saved ? boost::json::parse(*saved, failed) : boost::json::value();
  return failed ? boost::json::value() : std::move(value);
}

}  // namespace

Result<DetectionProgress> load_progress(const store::TenantStore& store) {
  TOCSIN_TRY(value, read_setting(store, kProgressKey));
  DetectionProgress progress;
  const auto* object = value.if_object();
  if (object == nullptr) return progress;
  progress.until = integer_of(*object, "until");
  progress.totals.suspicious = integer_of(*object, "suspicious");
  progress.hour = read_hour(*object);
  const auto* counts = object->if_contains("by_severity");
  if (counts == nullptr || !counts->is_object()) return progress;
  for (const auto& count : counts->get_object())
    progress.totals.by_severity[std::string(count.key())] = integer_of(counts->get_object(), count.key());
  return progress;
}

Result<void> save_progress(store::TenantStore& store, const DetectionProgress& progress) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("until", progress.until);
    json.member("suspicious", progress.totals.suspicious);
    json.member("by_severity", [&] {
      json.object([&] {
        for (const auto& [severity, count] : progress.totals.by_severity) json.member(severity, count);
      });
    });
    write_hour(json, progress.hour);
  });
  return store.set_setting(kProgressKey, out);
}

Result<EventAlerts> load_event_alerts(const store::TenantStore& store) {
  TOCSIN_TRY(value, read_setting(store, kAlertsKey));
  EventAlerts alerts;
  const auto* list = value.if_array();
  if (list == nullptr) return alerts;
  for (const auto& one : *list) {
    const auto* pair = one.if_array();
    if (pair != nullptr && pair->size() == 2 && (*pair)[0].is_int64() && (*pair)[1].is_string())
      alerts.emplace_back((*pair)[0].get_int64(), (*pair)[1].get_string());
  }
  return alerts;
}

Result<void> save_event_alerts(store::TenantStore& store, const EventAlerts& alerts) {
  std::string out;
  JsonWriter json(out);
  json.array([&] {
    for (auto at = alerts.size() - std::min(alerts.size(), kSharedAlerts); at < alerts.size(); ++at) {
      json.array([&] {
        json.value(alerts[at].first);
        json.value(alerts[at].second);
      });
    }
  });
  return store.set_setting(kAlertsKey, out);
}

std::vector<std::string> alerts_among(const EventAlerts& alerts, std::span<const model::Seq> seqs) {
  std::vector<std::string> among;
  for (const auto& [event, alert] : alerts) {
    if (std::binary_search(seqs.begin(), seqs.end(), event)) among.push_back(alert);
  }
  return among;
}

Result<void> wait_for(store::TenantStore& store, model::Seq seq) {
  return store.set_setting(kWaitedForKey, std::to_string(seq));
}

}  // namespace tocsin::api
