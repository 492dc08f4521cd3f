#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

// EVE writes "2026-01-04T12:00:00.000000+0000".
std::string eve_time(Timestamp at) {
  auto text = to_rfc3339(at);
  text.pop_back();
  return text + "000+0000";
}

std::string underscored(std::string_view words) {
  std::string text(words);
  for (auto& c : text) {
    if (c == ' ') c = '_';
  }
  return text;
}

json::object rule_metadata(const SuricataAlert& alert) {
  json::object metadata{{"attack_target", json::array{"Client_and_Server"}},
                        {"deployment", json::array{"Perimeter"}}};
  if (alert.techniques.empty()) return metadata;
  json::array technique_ids, technique_names, tactic_ids, tactic_names;
  for (const auto& technique : alert.techniques) {
    technique_ids.emplace_back(technique.id);
    technique_names.emplace_back(underscored(technique.name));
    tactic_ids.emplace_back(technique.tactic_id);
    tactic_names.emplace_back(underscored(technique.tactic));
  }
  metadata["mitre_tactic_id"] = std::move(tactic_ids);
  metadata["mitre_tactic_name"] = std::move(tactic_names);
  metadata["mitre_technique_id"] = std::move(technique_ids);
  metadata["mitre_technique_name"] = std::move(technique_names);
  return metadata;
}

}  // namespace

Payload suricata(Scene scene, const SuricataAlert& alert) {
  auto& random = scene.random;
  const int packets = random.between(3, 60);
  json::object eve{{"timestamp", eve_time(alert.at)},
                   {"flow_id", static_cast<std::int64_t>(random.next() >> 12U)},
                   {"in_iface", "ens192"},
                   {"event_type", "alert"},
                   {"src_ip", alert.source.ip},
                   {"src_port", alert.source.port},
                   {"dest_ip", alert.destination.ip},
                   {"dest_port", alert.destination.port},
                   {"proto", alert.protocol},
                   {"pkt_src", "wire/pcap"},
                   {"alert", json::object{{"action", alert.action},
                                          {"gid", 1},
                                          {"signature_id", alert.signature_id},
                                          {"rev", 1 + alert.signature_id % 7},
                                          {"signature", alert.signature},
                                          {"category", alert.category},
                                          {"severity", alert.severity},
                                          {"metadata", rule_metadata(alert)}}}};
  if (!alert.app.empty()) {
    eve["app_proto"] = alert.app;
    eve[alert.app] = alert.app_fields;
  }
  eve["flow"] =
      json::object{{"pkts_toserver", packets},
                   {"pkts_toclient", packets / 2},
                   {"bytes_toserver", packets * random.between(60, 900)},
                   {"bytes_toclient", packets * random.between(60, 1200)},
                   {"start", eve_time(alert.at - std::chrono::milliseconds(random.between(20, 4000)))}};
  return {"suricata", json::serialize(eve)};
}

}  // namespace tocsin::demo
