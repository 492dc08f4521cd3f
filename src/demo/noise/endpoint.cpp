#include <array>

#include "demo/noise.h"

namespace tocsin::demo {
namespace {

Payload unwanted_application(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 5> kNames = {"PDFPowerSetup.exe", "DriverTuneUp.exe",
                                                             "CouponHelper.exe", "MediaBarInstall.exe",
                                                             "FreeZipBundle.exe"};
  const auto name = kNames[cast.variant % kNames.size()];
  return defender(
      scene, {.at = at,
              .title = "Unwanted software was prevented",
              .description = "Antivirus blocked " + std::string(name) + " on " + cast.workstation->name + '.',
              .category = "UnwantedSoftware",
              .severity = "low",
              .service = "microsoftDefenderForEndpoint",
              .evidence = {device_evidence(*cast.workstation), user_evidence(scene, *cast.person),
                           file_evidence("C:\\Users\\" + cast.person->login + "\\Downloads", name,
                                         scene.random.hex(64))}});
}

Payload admin_powershell(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 4> kCommands = {
      "powershell.exe -ExecutionPolicy Bypass -File \\\\fs02\\it\\inventory.ps1",
      "powershell.exe -Command Get-ADUser -Filter * -Properties LastLogonDate",
      "powershell.exe -NoProfile Invoke-Command -ComputerName PRINT01 -ScriptBlock {Restart-Service Spooler}",
      "powershell.exe -File C:\\it\\Set-BitLockerKeys.ps1"};
  const auto& admin = scene.an_admin();
  const auto& host = scene.company.workstation_of(admin);
  return defender(
      scene,
      {.at = at,
       .title = "PowerShell with execution policy bypass",
       .description = "A script that is not signed ran on " + host.name + '.',
       .category = "Execution",
       .severity = "low",
       .techniques = {attack::kPowerShell},
       .evidence = {device_evidence(host), user_evidence(scene, admin),
                    process_evidence(scene, host, &admin,
                                     {"powershell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
                                      std::string(kCommands[cast.variant % kCommands.size()]), "explorer.exe",
                                      scene.random.hex(64)})}});
}

Payload backup_touches_files(Scene scene, const Cast& cast, Timestamp at) {
  const auto path = "d:\\shares\\team\\archive\\set_" + std::to_string(cast.variant % 40) + ".vbk";
  return wazuh(
      scene,
      {.at = at,
       .level = 7,
       .rule_id = "550",
       .description = "Integrity checksum changed.",
       .groups = {"ossec", "syscheck", "syscheck_entry_modified", "syscheck_file"},
       .agent =
           &scene.company.hosts[scene.random.chance(0.5) ? scene.company.file_server : scene.company.backup],
       .decoder = "syscheck_integrity_changed",
       .location = "syscheck",
       .full_log = "File '" + path + "' modified\nMode: scheduled\n",
       .syscheck = {{"path", path},
                    {"event", "modified"},
                    {"mode", "scheduled"},
                    {"uname_after", "svc_backup"},
                    {"sha256_after", scene.random.hex(64)}}});
}

// The noisy rule: configuration management rewrites files that are watched.
Payload config_management(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 4> kPaths = {"/etc/resolv.conf", "/etc/hosts",
                                                             "/etc/cron.d/inventory", "/etc/ssh/sshd_config"};
  const auto path = std::string(kPaths[cast.variant % kPaths.size()]);
  const auto& host =
      scene.company.hosts[scene.company.linux_servers[cast.variant % scene.company.linux_servers.size()]];
  return wazuh(
      scene,
      {.at = at,
       .level = 7,
       .rule_id = "550",
       .description = "Integrity checksum changed.",
       .groups = {"ossec", "syscheck", "syscheck_entry_modified", "syscheck_file"},
       .agent = &host,
       .decoder = "syscheck_integrity_changed",
       .location = "syscheck",
       .full_log = "File '" + path + "' modified\nMode: realtime\n",
       .syscheck = {{"path", path}, {"event", "modified"}, {"mode", "realtime"}, {"uname_after", "root"}}});
}

Payload package_update(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 5> kPackages = {
      "openssl 3.0.15-1", "curl 7.88.1-10", "bash 5.2.15-2", "tzdata 2026a-0", "sudo 1.9.13p3-1"};
  const auto package = std::string(kPackages[cast.variant % kPackages.size()]);
  return wazuh(scene, {.at = at,
                       .level = 7,
                       .rule_id = "2902",
                       .description = "New dpkg (Debian Package) installed.",
                       .groups = {"syslog", "dpkg", "config_changed"},
                       .agent = &scene.one_of(scene.company.linux_servers),
                       .decoder = "dpkg-decoder",
                       .location = "/var/log/dpkg.log",
                       .full_log = "status installed " + package,
                       .data = {{"package", package}, {"dpkg_status", "status installed"}}});
}

Payload service_crash(Scene scene, const Cast& cast, Timestamp at) {
  return wazuh(scene, {.at = at,
                       .level = 5,
                       .rule_id = "61110",
                       .description = "Service terminated unexpectedly",
                       .groups = {"windows", "windows_system"},
                       .agent = cast.server,
                       .decoder = "windows_eventchannel",
                       .location = "EventChannel",
                       .data = windows_event(scene, *cast.server, 7034, "System", at,
                                             {{"param1", "Print Spooler"}, {"param2", "1"}})});
}

Payload usb_storage(Scene scene, const Cast& cast, Timestamp at) {
  return cef({.at = at,
              .device_host = "dlp-mgmt",
              .vendor = "Forcepoint",
              .product = "Forcepoint DLP",
              .version = "9.0",
              .signature_id = "41",
              .name = "Removable media connected",
              .severity = 2,
              .extension = {{"act", "Permitted"},
                            {"suser", cast.person->email},
                            {"shost", cast.workstation->fqdn},
                            {"src", cast.workstation->ip},
                            {"msg", "USB mass storage, serial " + scene.random.digits(10)}}});
}

constexpr std::array<Family, 7> kFamilies = {{
    {"unwanted_application", 3.0, 1, 2, 5, Rhythm::kOffice, unwanted_application},
    {"admin_powershell", 3.0, 1, 2, 20, Rhythm::kOffice, admin_powershell},
    {"backup_touches_files", 2.0, 6, 18, 60, Rhythm::kNight, backup_touches_files},
    {"config_management", 4.0, 3, 9, 120, Rhythm::kAlways, config_management},
    {"package_update", 1.0, 3, 10, 20, Rhythm::kNight, package_update},
    {"service_crash", 1.5, 1, 3, 30, Rhythm::kAlways, service_crash},
    {"usb_storage", 2.0, 1, 1, 5, Rhythm::kOffice, usb_storage},
}};

}  // namespace

std::span<const Family> endpoint_noise() {
  return kFamilies;
}

}  // namespace tocsin::demo
