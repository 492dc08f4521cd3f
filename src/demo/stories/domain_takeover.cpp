// From one workstation to the domain: a list of accounts, service tickets, a replication request, a service
// on the domain controller.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Cast {
  const Person& person;
  const Host& host;
  const Host& controller;
};

void directory_alert(StoryWriter& story, const Cast& cast, std::string title, std::string description,
                     std::string_view category, std::string_view severity, const Technique& technique) {
  auto scene = story.scene();
  story.send(defender(scene, {.at = story.at(),
                              .title = std::move(title),
                              .description = std::move(description),
                              .category = category,
                              .severity = severity,
                              .service = "microsoftDefenderForIdentity",
                              .techniques = {technique},
                              .evidence = {user_evidence(scene, cast.person), device_evidence(cast.host),
                                           device_evidence(cast.controller)}}));
}

void roast(StoryWriter& story, const Cast& cast, std::string_view service_account) {
  auto scene = story.scene();
  story.send(wazuh(scene, {.at = story.at(),
                           .level = 12,
                           .rule_id = "100570",
                           .description = "Kerberos service ticket with RC4 requested for a service account",
                           .groups = {"windows", "windows_security", "local"},
                           .agent = &cast.controller,
                           .decoder = "windows_eventchannel",
                           .location = "EventChannel",
                           .data = windows_event(scene, cast.controller, 4769, "Security", story.at(),
                                                 {{"targetUserName", cast.person.login},
                                                  {"serviceName", service_account},
                                                  {"ipAddress", cast.host.ip},
                                                  {"ticketEncryptionType", "0x17"}}),
                           .techniques = {attack::kKerberoasting}}));
}

void run_service(StoryWriter& story, const Cast& cast) {
  story.send(splunk(story.scene(),
                    {.at = story.at(),
                     .search_name = "Endpoint - New Service With Random Name On Domain Controller - Rule",
                     .severity = "critical",
                     .fields = {{"src", cast.host.ip},
                                {"dest", cast.controller.name},
                                {"user", "svc_sql"},
                                {"service_name", story.random().letters(8)},
                                {"process", "%COMSPEC% /Q /c whoami /all"}},
                     .techniques = {attack::kServiceExecution}}));
}

}  // namespace

void write_domain_takeover(StoryWriter& story) {
  const auto& person = story.scene().someone_in("Manufacturing");
  const Cast cast{person, story.company().workstation_of(person),
                  story.company().hosts[story.company().domain_controllers.front()]};
  directory_alert(story, cast, "User and group membership reconnaissance (SAMR)",
                  person.login + " listed all members of privileged groups from " + cast.host.name + '.',
                  "Discovery", "medium", attack::kDomainAccounts);
  for (const auto account : {"svc_sql", "svc_erp", "svc_backup"})
    roast(story.after(minutes(2)), cast, account);
  story.after(hours(5));
  directory_alert(story, cast, "Suspected DCSync attack (replication of directory services)",
                  cast.host.name + " asked " + cast.controller.name +
                      " for password hashes as if it were a domain controller.",
                  "CredentialAccess", "high", attack::kDcSync);
  story.after(minutes(40));
  directory_alert(story, cast, "Suspected overpass-the-hash attack (Kerberos)",
                  "svc_sql's key was used from " + cast.host.name + " with an unusual encryption type.",
                  "LateralMovement", "high", attack::kPassTheHash);
  for (int i = 0; i < 2; ++i) run_service(story.after(minutes(14)), cast);
}

}  // namespace tocsin::demo
