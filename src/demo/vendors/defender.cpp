#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

json::object evidence(std::string_view kind, json::object fields) {
  json::object object{{"@odata.type", "#microsoft.graph.security." + std::string(kind)},
                      {"verdict", "suspicious"},
                      {"remediationStatus", "none"},
                      {"roles", json::array{}}};
  for (auto& field : fields) object[field.key()] = std::move(field.value());
  return object;
}

json::object user_account(const Company& company, const Person& person) {
  return {
      {"accountName", person.login},    {"domainName", company.netbios},     {"userSid", person.sid},
      {"azureAdUserId", person.aad_id}, {"userPrincipalName", person.email}, {"displayName", person.name}};
}

json::object image(std::string_view path, std::string_view name, std::string_view sha256) {
  return {{"fileName", name}, {"filePath", path}, {"sha256", sha256}};
}

}  // namespace

Payload defender(Scene scene, const DefenderAlert& alert) {
  auto& random = scene.random;
  json::array techniques;
  for (const auto& technique : alert.techniques) techniques.emplace_back(technique.id);
  const auto id = "da" + random.uuid() + "_1";
  const auto created = alert.at + std::chrono::seconds(random.between(20, 180));
  const json::object body{{"@odata.type", "#microsoft.graph.security.alert"},
                          {"id", id},
                          {"providerAlertId", id},
                          {"incidentId", random.digits(5)},
                          {"status", "new"},
                          {"severity", alert.severity},
                          {"classification", nullptr},
                          {"determination", nullptr},
                          {"serviceSource", alert.service},
                          {"detectionSource", alert.service},
                          {"detectorId", random.uuid()},
                          {"tenantId", scene.company.tenant_id},
                          {"title", alert.title},
                          {"description", alert.description},
                          {"category", alert.category},
                          {"assignedTo", nullptr},
                          {"alertWebUrl", "https://security.microsoft.com/alerts/" + id},
                          {"mitreTechniques", std::move(techniques)},
                          {"createdDateTime", to_rfc3339(created)},
                          {"lastUpdateDateTime", to_rfc3339(created)},
                          {"firstActivityDateTime", to_rfc3339(alert.at)},
                          {"lastActivityDateTime", to_rfc3339(alert.at)},
                          {"evidence", alert.evidence}};
  return {"microsoft-defender", json::serialize(body)};
}

json::object device_evidence(const Host& host) {
  return evidence("deviceEvidence", {{"mdeDeviceId", host.device_id},
                                     {"deviceDnsName", host.fqdn},
                                     {"hostName", host.name},
                                     {"osPlatform", host.os},
                                     {"lastIpAddress", host.ip}});
}

json::object user_evidence(Scene scene, const Person& person) {
  return evidence("userEvidence", {{"userAccount", user_account(scene.company, person)}});
}

json::object ip_evidence(std::string_view ip, std::string_view country) {
  return evidence("ipEvidence", {{"ipAddress", ip}, {"countryLetterCode", country}});
}

json::object url_evidence(std::string_view url) {
  return evidence("urlEvidence", {{"url", url}});
}

json::object file_evidence(std::string_view path, std::string_view name, std::string_view sha256) {
  return evidence("fileEvidence",
                  {{"detectionStatus", "detected"}, {"fileDetails", image(path, name, sha256)}});
}

json::object process_evidence(Scene scene, const Host& host, const Person* person,
                              const ProcessFacts& process) {
  json::object fields{{"processId", scene.random.between(1000, 20000)},
                      {"parentProcessId", scene.random.between(1000, 20000)},
                      {"processCommandLine", process.command_line},
                      {"mdeDeviceId", host.device_id},
                      {"imageFile", image(process.path, process.name, process.sha256)},
                      {"parentProcessImageFile", json::object{{"fileName", process.parent}}}};
  if (person != nullptr) fields["userAccount"] = user_account(scene.company, *person);
  return evidence("processEvidence", std::move(fields));
}

json::object mail_evidence(Scene scene, const MailFacts& mail) {
  return evidence("analyzedMessageEvidence", {{"networkMessageId", scene.random.uuid()},
                                              {"recipientEmailAddress", mail.recipient},
                                              {"senderIp", mail.sender_ip},
                                              {"subject", mail.subject},
                                              {"deliveryAction", "delivered"},
                                              {"p2Sender", json::object{{"emailAddress", mail.sender}}}});
}

}  // namespace tocsin::demo
