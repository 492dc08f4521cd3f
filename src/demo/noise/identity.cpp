#include <array>

#include "demo/noise.h"

namespace tocsin::demo {
namespace {

Payload mistyped_password(Scene scene, const Cast& cast, Timestamp at) {
  return wazuh(scene, {.at = at,
                       .level = 5,
                       .rule_id = "60122",
                       .description = "Logon Failure - Unknown user or bad password",
                       .groups = {"windows", "windows_security", "win_authentication_failed"},
                       .agent = cast.workstation,
                       .decoder = "windows_eventchannel",
                       .location = "EventChannel",
                       .data = windows_event(scene, *cast.workstation, 4625, "Security", at,
                                             {{"targetUserName", cast.person->login},
                                              {"targetDomainName", scene.company.netbios},
                                              {"workstationName", cast.workstation->name},
                                              {"ipAddress", "127.0.0.1"},
                                              {"logonType", "2"},
                                              {"status", "0xc000006d"},
                                              {"subStatus", "0xc000006a"}})});
}

Payload account_locked(Scene scene, const Cast& cast, Timestamp at) {
  const auto& controller = scene.one_of(scene.company.domain_controllers);
  return wazuh(scene, {.at = at,
                       .level = 9,
                       .rule_id = "60115",
                       .description = "User account locked out (multiple login errors)",
                       .groups = {"windows", "windows_security", "authentication_failures"},
                       .agent = &controller,
                       .decoder = "windows_eventchannel",
                       .location = "EventChannel",
                       .data = windows_event(scene, controller, 4740, "Security", at,
                                             {{"targetUserName", cast.person->login},
                                              {"targetDomainName", cast.workstation->name}})});
}

// A password was changed and a service did not hear of it.
Payload expired_service_password(Scene scene, const Cast& cast, Timestamp at) {
  const auto& account = scene.company.service_accounts[cast.variant % scene.company.service_accounts.size()];
  return splunk(scene, {.at = at,
                        .search_name = "Access - Excessive Failed Logins - Rule",
                        .severity = "medium",
                        .fields = {{"user", account},
                                   {"src", cast.server->ip},
                                   {"dest", "DC01"},
                                   {"app", "win:remote"},
                                   {"count", std::to_string(scene.random.between(6, 60))}}});
}

Payload travel_sign_in(Scene scene, const Cast& cast, Timestamp at) {
  return sentinel(scene,
                  {.at = at,
                   .name = "Sign-in from a country not seen for this user",
                   .description = cast.person->email + " signed in to the VPN from " + cast.outside + '.',
                   .severity = "Low",
                   .techniques = {attack::kCloudAccounts},
                   .entities = {sentinel_account(scene.company, *cast.person), sentinel_ip(cast.outside)}});
}

Payload denied_prompt(Scene scene, const Cast& cast, Timestamp at) {
  return sentinel(scene, {.at = at,
                          .name = "MFA prompt denied by user",
                          .description = cast.person->name + " denied one prompt and approved the next.",
                          .severity = "Informational",
                          .entities = {sentinel_account(scene.company, *cast.person)}});
}

Payload internet_password_guessing(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 6> kNames = {"root", "admin",  "oracle",
                                                             "test", "ubuntu", "postgres"};
  const auto& host =
      scene.company.hosts[scene.company.edge_hosts[cast.variant % scene.company.edge_hosts.size()]];
  const auto user = std::string(scene.random.pick(kNames));
  const auto port = std::to_string(scene.random.ephemeral_port());
  return wazuh(scene, {.at = at,
                       .level = 5,
                       .rule_id = "5710",
                       .description = "sshd: Attempt to login using a non-existent user",
                       .groups = {"syslog", "sshd", "authentication_failed", "invalid_login"},
                       .agent = &host,
                       .decoder = "sshd",
                       .location = "journald",
                       .full_log = host.name + " sshd[2218]: Invalid user " + user + " from " + cast.outside +
                                   " port " + port,
                       .data = {{"srcip", cast.outside}, {"srcport", port}, {"srcuser", user}},
                       .techniques = {attack::kPasswordGuessing}});
}

Payload admin_group_change(Scene scene, const Cast& cast, Timestamp at) {
  const auto& admin = scene.an_admin();
  return sentinel(
      scene,
      {.at = at,
       .name = "Account added to a local administrators group",
       .description = admin.login + " added " + cast.person->login + " on " + cast.workstation->name + '.',
       .severity = "Medium",
       .entities = {sentinel_account(scene.company, admin), sentinel_account(scene.company, *cast.person),
                    sentinel_host(scene.company, *cast.workstation)}});
}

constexpr std::array<Family, 7> kFamilies = {{
    {"mistyped_password", 11.0, 1, 4, 4, Rhythm::kOffice, mistyped_password},
    {"account_locked", 1.2, 1, 1, 1, Rhythm::kOffice, account_locked},
    {"expired_service_password", 2.0, 3, 9, 110, Rhythm::kAlways, expired_service_password},
    {"travel_sign_in", 2.5, 1, 1, 1, Rhythm::kOffice, travel_sign_in},
    {"denied_prompt", 2.0, 1, 1, 1, Rhythm::kOffice, denied_prompt},
    {"internet_password_guessing", 6.0, 2, 9, 40, Rhythm::kAlways, internet_password_guessing},
    {"admin_group_change", 0.8, 1, 1, 1, Rhythm::kOffice, admin_group_change},
}};

}  // namespace

std::span<const Family> identity_noise() {
  return kFamilies;
}

}  // namespace tocsin::demo
