#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

// "Credential Access" is written "CredentialAccess".
std::string joined_words(std::string_view words) {
  std::string text;
  for (const char c : words) {
    if (c != ' ') text += c;
  }
  return text;
}

std::string tactic_names(const std::vector<Technique>& techniques) {
  std::string text;
  for (const auto& technique : techniques) {
    if (!text.empty()) text += ", ";
    text += joined_words(technique.tactic);
  }
  return text;
}

std::string technique_ids(const std::vector<Technique>& techniques) {
  json::array ids;
  for (const auto& technique : techniques) ids.emplace_back(technique.id);
  return json::serialize(ids);
}

// Entities carry "$id" numbers inside one string.
std::string numbered(json::array entities) {
  int number = 2;
  for (auto& entity : entities) entity.as_object()["$id"] = std::to_string(number++);
  return json::serialize(entities);
}

}  // namespace

Payload sentinel(Scene scene, const SentinelAlert& alert) {
  auto& random = scene.random;
  const auto id = random.uuid();
  const auto generated = alert.at + std::chrono::seconds(random.between(30, 400));
  const json::object row{{"TimeGenerated", to_rfc3339(generated)},
                         {"DisplayName", alert.name},
                         {"AlertName", alert.name},
                         {"AlertSeverity", alert.severity},
                         {"Description", alert.description},
                         {"ProviderName", "ASI Scheduled Alerts"},
                         {"VendorName", "Microsoft"},
                         {"VendorOriginalId", id},
                         {"SystemAlertId", id},
                         {"AlertType", scene.company.tenant_id + '_' + random.uuid()},
                         {"IsIncident", false},
                         {"StartTime", to_rfc3339(alert.at)},
                         {"EndTime", to_rfc3339(alert.at)},
                         {"ProcessingEndTime", to_rfc3339(generated)},
                         {"ExtendedProperties", "{\"Analytic Rule Name\":\"" + alert.name + "\"}"},
                         {"Entities", numbered(alert.entities)},
                         {"SourceSystem", "Detection"},
                         {"ProductName", alert.product},
                         {"ProductComponentName", "Scheduled Alerts"},
                         {"Status", "New"},
                         {"Tactics", tactic_names(alert.techniques)},
                         {"Techniques", technique_ids(alert.techniques)},
                         {"TenantId", scene.company.tenant_id},
                         {"Type", "SecurityAlert"}};
  return {"microsoft-sentinel", json::serialize(row)};
}

json::object sentinel_account(const Company& company, const Person& person) {
  return {{"Name", person.login},       {"UPNSuffix", company.domain}, {"AadUserId", person.aad_id},
          {"DisplayName", person.name}, {"IsDomainJoined", true},      {"Type", "account"}};
}

json::object sentinel_ip(std::string_view ip) {
  return {{"Address", ip}, {"Type", "ip"}};
}

json::object sentinel_host(const Company& company, const Host& host) {
  return {{"HostName", host.name},
          {"DnsDomain", "corp." + company.domain},
          {"OSFamily", "Windows"},
          {"Type", "host"}};
}

}  // namespace tocsin::demo
