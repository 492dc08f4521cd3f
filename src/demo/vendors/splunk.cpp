#include "demo/vendors.h"

namespace tocsin::demo {

Payload splunk(Scene scene, const SplunkAlert& alert) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(alert.at.time_since_epoch()).count();
  json::object result{{"_time", std::to_string(seconds)},
                      {"index", "notable"},
                      {"sourcetype", "stash"},
                      {"severity", alert.severity},
                      {"rule_name", alert.search_name},
                      {"event_id", scene.random.uuid() + "@@notable@@" + scene.company.detector_id}};
  for (const auto& field : alert.fields) result[field.key()] = field.value();
  if (!alert.techniques.empty()) {
    json::array ids, tactics;
    for (const auto& technique : alert.techniques) {
      ids.emplace_back(technique.id);
      tactics.emplace_back(technique.tactic);
    }
    result["annotations.mitre_attack.mitre_technique_id"] = std::move(ids);
    result["annotations.mitre_attack.mitre_tactic"] = std::move(tactics);
  }
  const auto sid = "scheduler__admin__SplunkEnterpriseSecuritySuite__RMD5" + scene.random.hex(16) + "_at_" +
                   std::to_string(seconds);
  const json::object body{{"sid", sid},
                          {"search_name", alert.search_name},
                          {"app", "SplunkEnterpriseSecuritySuite"},
                          {"owner", "admin"},
                          {"results_link", "https://splunk.corp." + scene.company.domain +
                                               "/app/SplunkEnterpriseSecuritySuite/@go?sid=" + sid},
                          {"result", std::move(result)}};
  return {"splunk", json::serialize(body)};
}

}  // namespace tocsin::demo
