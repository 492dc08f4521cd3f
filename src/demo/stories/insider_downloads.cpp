// Somebody in Sales who has given notice takes the customer list along.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

void mass_download(StoryWriter& story, const Person& person) {
  auto scene = story.scene();
  const auto& host = story.company().workstation_of(person);
  story.send(defender(scene, {.at = story.at(),
                              .title = "Mass download by a single user",
                              .description = person.email + " downloaded " +
                                             std::to_string(story.random().between(240, 900)) +
                                             " files from SharePoint, forty times the usual number.",
                              .category = "Collection",
                              .severity = "medium",
                              .service = "microsoftDefenderForCloudApps",
                              .techniques = {attack::kCloudStorage},
                              .evidence = {user_evidence(scene, person), device_evidence(host)}}));
}

void copy_to_usb(StoryWriter& story, const Person& person) {
  const auto& host = story.company().workstation_of(person);
  story.send(
      cef({.at = story.at(),
           .device_host = "dlp-mgmt",
           .vendor = "Forcepoint",
           .product = "Forcepoint DLP",
           .version = "9.0",
           .signature_id = "68",
           .name = "Customer records copied to removable media",
           .severity = 8,
           .extension = {{"act", "Permitted"},
                         {"suser", person.email},
                         {"shost", host.fqdn},
                         {"src", host.ip},
                         {"fname", "accounts_emea_full_" + story.random().digits(4) + ".csv"},
                         {"cat", "Exfiltration"},
                         {"cs1", std::string(attack::kUsbExfiltration.id)},
                         {"cs1Label", "mitreTechniqueId"},
                         {"msg", "Policy Customer data: 41,200 records, destination USB mass storage"}}}));
}

void upload(StoryWriter& story, const Person& person) {
  const auto& host = story.company().workstation_of(person);
  const auto& proxy = story.company().hosts[story.company().proxy];
  story.send(cef({.at = story.at(),
                  .device_host = proxy.name,
                  .vendor = "Zscaler",
                  .product = "NSSWeblog",
                  .version = "6.2",
                  .signature_id = "DLP-301",
                  .name = "Large upload to personal cloud storage",
                  .severity = 7,
                  .extension = {{"act", "Allowed"},
                                {"suser", person.email},
                                {"src", host.ip},
                                {"dhost", "upload.personal-drive-share.com"},
                                {"request", "https://upload.personal-drive-share.com/v1/files"},
                                {"out", story.random().digits(10)},
                                {"requestMethod", "PUT"},
                                {"cs1", std::string(attack::kCloudUpload.id)},
                                {"cs1Label", "mitreTechniqueId"}}}));
}

void clear_traces(StoryWriter& story, const Person& person) {
  auto scene = story.scene();
  const auto& host = story.company().workstation_of(person);
  story.send(wazuh(scene, {.at = story.at(),
                           .level = 10,
                           .rule_id = "63103",
                           .description = "Windows: the security event log was cleared",
                           .groups = {"windows", "windows_security", "log_clearing"},
                           .agent = &host,
                           .decoder = "windows_eventchannel",
                           .location = "EventChannel",
                           .data = windows_event(scene, host, 1102, "Security", story.at(),
                                                 {{"subjectUserName", person.login},
                                                  {"subjectUserSid", person.sid},
                                                  {"subjectDomainName", story.company().netbios}}),
                           .techniques = {attack::kClearLogs}}));
}

}  // namespace

void write_insider_downloads(StoryWriter& story) {
  auto scene = story.scene();
  const auto& person = scene.someone_in("Sales");
  mass_download(story, person);
  mass_download(story.after(minutes(50)), person);
  copy_to_usb(story.after(minutes(35)), person);
  copy_to_usb(story.after(minutes(8)), person);
  for (int i = 0; i < 3; ++i) upload(story.after(i == 0 ? hours(3) : minutes(20)), person);
  mass_download(story.after(hours(13)), person);
  upload(story.after(minutes(30)), person);
  clear_traces(story.after(minutes(25)), person);
}

}  // namespace tocsin::demo
