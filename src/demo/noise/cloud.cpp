#include <array>

#include "demo/noise.h"

namespace tocsin::demo {
namespace {

constexpr std::array<std::string_view, 4> kCountries = {"China", "United States", "Netherlands", "Brazil"};

Caller caller_of(const Cast& cast) {
  return {cast.outside, kCountries[cast.variant % kCountries.size()], "14061", "Hosting Provider"};
}

const Host& cloud_host(Scene scene, const Cast& cast) {
  return scene.company.hosts[scene.company.cloud_hosts[cast.variant % scene.company.cloud_hosts.size()]];
}

Payload port_probe(Scene scene, const Cast& cast, Timestamp at) {
  const auto& host = cloud_host(scene, cast);
  return guardduty(
      scene, {.at = at,
              .type = "Recon:EC2/PortProbeUnprotectedPort",
              .severity = 2,
              .title = "Unprotected port on EC2 instance " + host.instance_id + " is being probed.",
              .description = "A port of " + host.instance_id + " is being probed from " + cast.outside + '.',
              .resource = instance_resource(scene, host),
              .action = port_probe_action(443, "HTTPS", caller_of(cast)),
              .count = scene.random.between(1, 60)});
}

Payload cloud_ssh_guessing(Scene scene, const Cast& cast, Timestamp at) {
  const auto& host = cloud_host(scene, cast);
  return guardduty(
      scene,
      {.at = at,
       .type = "UnauthorizedAccess:EC2/SSHBruteForce",
       .severity = 2,
       .title = cast.outside + " is performing SSH brute force attacks against " + host.instance_id + '.',
       .description = "Brute force attacks are used to gain unauthorized access to an instance.",
       .resource = instance_resource(scene, host),
       .action = port_probe_action(22, "SSH", caller_of(cast)),
       .count = scene.random.between(5, 200)});
}

Payload pipeline_calls(Scene scene, const Cast& cast, Timestamp at) {
  const auto& user = scene.company.cloud_users[cast.variant % scene.company.cloud_users.size()];
  return guardduty(
      scene, {.at = at,
              .type = "Discovery:IAMUser/AnomalousBehavior",
              .severity = 2,
              .title = "User " + user + " called APIs that it does not commonly call.",
              .description = "The APIs are used to discover resources; the caller was a build pipeline.",
              .resource = access_key_resource(scene, user, "AKIA" + scene.company.aws_account + "CIKY"),
              .action = api_call_action("DescribeSecurityGroups", "ec2.amazonaws.com",
                                        {scene.company.hosts[scene.company.web_server].public_ip,
                                         "Switzerland", "559", "Northmere Instruments"})});
}

json::object saas_alert(Scene scene, const Cast& cast, Timestamp at, std::string_view type,
                        std::string_view title) {
  return {{"id", "saas-" + scene.random.hex(12)},
          {"timestamp", to_rfc3339(at)},
          {"source", "saas-posture"},
          {"alert_type", type},
          {"title", title},
          {"user", cast.person->email},
          {"application", scene.company.saas[cast.variant % scene.company.saas.size()]}};
}

Payload shared_link(Scene scene, const Cast& cast, Timestamp at) {
  auto alert = saas_alert(scene, cast, at, "external_share", "File shared with anyone who has the link");
  alert["severity"] = "low";
  alert["message"] = cast.person->name + " shared a folder outside the company.";
  return generic(std::move(alert));
}

Payload app_consent(Scene scene, const Cast& cast, Timestamp at) {
  auto alert = saas_alert(scene, cast, at, "oauth_consent", "Consent given to a third-party application");
  alert["severity"] = "low";
  alert["message"] = "Calendar and profile were shared with a meeting scheduler.";
  return generic(std::move(alert));
}

Payload agent_outdated(Scene scene, const Cast& cast, Timestamp at) {
  return generic({{"id", "mon-" + scene.random.hex(12)},
                  {"timestamp", to_rfc3339(at)},
                  {"source", "monitoring"},
                  {"alert_type", "sensor_outdated"},
                  {"title", "Endpoint sensor has not updated for seven days"},
                  {"severity", "info"},
                  {"host", cast.workstation->name},
                  {"ip", cast.workstation->ip},
                  {"message", "Last update of the sensor on " + cast.workstation->name + " failed."}});
}

constexpr std::array<Family, 6> kFamilies = {{
    {"port_probe", 5.0, 1, 3, 50, Rhythm::kAlways, port_probe},
    {"cloud_ssh_guessing", 3.0, 1, 2, 30, Rhythm::kAlways, cloud_ssh_guessing},
    {"pipeline_calls", 1.5, 1, 2, 10, Rhythm::kOffice, pipeline_calls},
    {"shared_link", 4.0, 1, 2, 10, Rhythm::kOffice, shared_link},
    {"app_consent", 1.5, 1, 1, 1, Rhythm::kOffice, app_consent},
    {"agent_outdated", 2.0, 1, 1, 1, Rhythm::kAlways, agent_outdated},
}};

}  // namespace

std::span<const Family> cloud_noise() {
  return kFamilies;
}

}  // namespace tocsin::demo
