#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

// Wazuh writes "2026-01-04T12:00:00.000+0000".
std::string wazuh_time(Timestamp at) {
  auto text = to_rfc3339(at);
  text.pop_back();
  return text + "+0000";
}

json::array strings(const std::vector<std::string_view>& texts) {
  json::array array;
  for (const auto text : texts) array.emplace_back(text);
  return array;
}

json::object mitre(const std::vector<Technique>& techniques) {
  json::array ids, names, tactics;
  for (const auto& technique : techniques) {
    ids.emplace_back(technique.id);
    names.emplace_back(technique.name);
    tactics.emplace_back(technique.tactic);
  }
  return {{"id", std::move(ids)}, {"tactic", std::move(tactics)}, {"technique", std::move(names)}};
}

json::object rule(Scene scene, const WazuhAlert& alert) {
  json::object fields{{"level", alert.level},      {"description", alert.description},
                      {"id", alert.rule_id},       {"firedtimes", scene.random.between(1, 40)},
                      {"mail", alert.level >= 12}, {"groups", strings(alert.groups)}};
  if (!alert.techniques.empty()) fields["mitre"] = mitre(alert.techniques);
  return fields;
}

}  // namespace

Payload wazuh(Scene scene, const WazuhAlert& alert) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(alert.at.time_since_epoch()).count();
  json::object line{
      {"timestamp", wazuh_time(alert.at)},
      {"rule", rule(scene, alert)},
      {"agent",
       json::object{{"id", alert.agent->agent_id}, {"name", alert.agent->name}, {"ip", alert.agent->ip}}},
      {"manager", json::object{{"name", "wazuh-manager"}}},
      {"id", std::to_string(seconds) + '.' + scene.random.digits(8)},
      {"decoder", json::object{{"name", alert.decoder}}},
      {"input", json::object{{"type", "log"}}},
      {"location", alert.location}};
  if (!alert.full_log.empty()) line["full_log"] = alert.full_log;
  if (!alert.data.empty()) line["data"] = alert.data;
  if (!alert.syscheck.empty()) line["syscheck"] = alert.syscheck;
  return {"wazuh", json::serialize(line)};
}

json::object windows_event(Scene scene, const Host& host, int event_id, std::string_view channel,
                           Timestamp at, json::object event_data) {
  const bool sysmon = channel.find("Sysmon") != std::string_view::npos;
  json::object system{
      {"providerName", sysmon ? "Microsoft-Windows-Sysmon" : "Microsoft-Windows-Security-Auditing"},
      {"eventID", std::to_string(event_id)},
      {"level", "0"},
      {"channel", channel},
      {"computer", host.fqdn},
      {"systemTime", to_rfc3339(at)},
      {"eventRecordID", scene.random.digits(7)},
      {"processID", std::to_string(scene.random.between(500, 9000))},
      {"severityValue", event_id == 4625 ? "AUDIT_FAILURE" : "INFORMATION"}};
  return {{"win", json::object{{"system", std::move(system)}, {"eventdata", std::move(event_data)}}}};
}

}  // namespace tocsin::demo
