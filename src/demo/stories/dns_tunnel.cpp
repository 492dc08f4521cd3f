// A script on an engineer's machine talks through DNS, first a little, then with everything it found.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Cast {
  const Person& person;
  const Host& host;
  std::string domain;
  std::string resolver;
};

void start_script(StoryWriter& story, const Cast& cast) {
  auto scene = story.scene();
  story.send(defender(
      scene,
      {.at = story.at(),
       .title = "PowerShell script from a package's install step resolved generated names",
       .description =
           "A post-install step of a developer package on " + cast.host.name + " started PowerShell.",
       .category = "Execution",
       .severity = "low",
       .techniques = {attack::kPowerShell},
       .evidence = {device_evidence(cast.host), user_evidence(scene, cast.person),
                    process_evidence(scene, cast.host, &cast.person,
                                     {"powershell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
                                      "powershell.exe -ep bypass -file .\\postinstall.ps1 -z " + cast.domain,
                                      "node.exe", story.random().hex(64)})}}));
}

void tunnel(StoryWriter& story, const Cast& cast, const Technique& technique, std::string signature,
            int signature_id) {
  story.send(
      suricata(story.scene(), {.at = story.at(),
                               .signature_id = signature_id,
                               .signature = std::move(signature),
                               .category = "Potential Corporate Privacy Violation",
                               .severity = 1,
                               .source = {cast.host.ip, story.random().ephemeral_port()},
                               .destination = {cast.resolver, 53},
                               .protocol = "UDP",
                               .app = "dns",
                               .app_fields = {{"type", "query"},
                                              {"rrname", story.random().letters(48) + '.' + cast.domain},
                                              {"rrtype", "TXT"}},
                               .techniques = {technique}}));
}

void volume(StoryWriter& story, const Cast& cast) {
  story.send(
      splunk(story.scene(), {.at = story.at(),
                             .search_name = "Network - High Volume of DNS TXT Queries to One Domain - Rule",
                             .severity = "high",
                             .fields = {{"src", cast.host.ip},
                                        {"dest", cast.resolver},
                                        {"user", cast.person.login},
                                        {"query", cast.domain},
                                        {"count", story.random().digits(5)},
                                        {"bytes_out", story.random().digits(8)}},
                             .techniques = {attack::kDnsExfiltration}}));
}

}  // namespace

void write_dns_tunnel(StoryWriter& story) {
  const auto& person = story.scene().someone_in("Engineering");
  const Cast cast{person, story.company().workstation_of(person),
                  "ns-" + story.random().letters(5) + "-sync.net", story.random().public_ip()};
  start_script(story, cast);
  for (int i = 0; i < 5; ++i) {
    tunnel(story.after(i == 0 ? minutes(3) : minutes(95)), cast, attack::kDnsProtocol,
           "ET MALWARE DNS Tunnel Query with Long Encoded Label", 2848220);
  }
  for (int i = 0; i < 2; ++i) volume(story.after(hours(4)), cast);
  tunnel(story.after(minutes(20)), cast, attack::kDnsExfiltration,
         "ET MALWARE Data Transfer over DNS TXT Records", 2848221);
}

}  // namespace tocsin::demo
