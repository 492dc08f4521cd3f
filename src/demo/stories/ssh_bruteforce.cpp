// Guessing on the jump host that succeeds, an account of the intruder's own, a key, root, and a look at the
// network. It began a few hours ago and still goes on.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct SshRule {
  int level;
  std::string_view id;
  std::string_view description;
  std::vector<std::string_view> groups;
  Technique technique;
};

void sshd(StoryWriter& story, const Host& host, const std::string& ip, const std::string& user,
          const SshRule& rule, const std::string& text) {
  const auto port = std::to_string(story.random().ephemeral_port());
  story.send(wazuh(story.scene(), {.at = story.at(),
                                   .level = rule.level,
                                   .rule_id = rule.id,
                                   .description = rule.description,
                                   .groups = rule.groups,
                                   .agent = &host,
                                   .decoder = "sshd",
                                   .location = "journald",
                                   .full_log = host.name + " sshd[3312]: " + text + ' ' + user + " from " +
                                               ip + " port " + port,
                                   .data = {{"srcip", ip}, {"srcport", port}, {"srcuser", user}},
                                   .techniques = {rule.technique}}));
}

void persist(StoryWriter& story, const Host& host) {
  auto scene = story.scene();
  story.send(wazuh(
      scene,
      {.at = story.at(),
       .level = 8,
       .rule_id = "5902",
       .description = "New user added to the system.",
       .groups = {"syslog", "adduser"},
       .agent = &host,
       .decoder = "useradd",
       .location = "/var/log/auth.log",
       .full_log = host.name + " useradd[4120]: new user: name=sysupd, UID=1007, GID=1007, home=/home/sysupd",
       .data = {{"dstuser", "sysupd"}, {"uid", "1007"}},
       .techniques = {attack::kLocalAccountCreated}}));
  story.after(minutes(3));
  story.send(wazuh(scene, {.at = story.at(),
                           .level = 10,
                           .rule_id = "100540",
                           .description = "Integrity checksum changed: authorized_keys of root",
                           .groups = {"ossec", "syscheck", "syscheck_entry_modified", "local"},
                           .agent = &host,
                           .decoder = "syscheck_integrity_changed",
                           .location = "syscheck",
                           .full_log = "File '/root/.ssh/authorized_keys' modified\nMode: realtime\n",
                           .syscheck = {{"path", "/root/.ssh/authorized_keys"},
                                        {"event", "modified"},
                                        {"mode", "realtime"},
                                        {"uname_after", "root"},
                                        {"sha256_after", story.random().hex(64)}},
                           .techniques = {attack::kSshKeys}}));
}

void become_root(StoryWriter& story, const Host& host) {
  story.send(
      wazuh(story.scene(),
            {.at = story.at(),
             .level = 9,
             .rule_id = "100541",
             .description = "sudo to root by an account created today",
             .groups = {"syslog", "sudo", "local"},
             .agent = &host,
             .decoder = "sudo",
             .location = "/var/log/auth.log",
             .full_log = host.name + " sudo:   sysupd : TTY=pts/2 ; PWD=/tmp ; USER=root ; COMMAND=/bin/bash",
             .data = {{"srcuser", "sysupd"}, {"dstuser", "root"}, {"command", "/bin/bash"}},
             .techniques = {attack::kSudo}}));
}

void look_around(StoryWriter& story, const Host& host) {
  const auto& target = story.scene().one_of(story.company().servers);
  story.send(suricata(story.scene(), {.at = story.at(),
                                      .signature_id = 2847610,
                                      .signature = "ET SCAN Internal Host Sweeping SMB and RDP Ports",
                                      .category = "Attempted Information Leak",
                                      .severity = 2,
                                      .source = {host.ip, story.random().ephemeral_port()},
                                      .destination = {target.ip, 445},
                                      .techniques = {attack::kServiceDiscovery}}));
}

}  // namespace

void write_ssh_bruteforce(StoryWriter& story) {
  const auto& host = story.company().hosts[story.company().jump_host];
  const auto ip = story.random().public_ip();
  const SshRule guessing{10,
                         "5763",
                         "sshd: brute force trying to get access to the system. Authentication failed.",
                         {"syslog", "sshd", "authentication_failures"},
                         attack::kPasswordGuessing};
  const SshRule success{12,
                        "40112",
                        "Multiple authentication failures followed by a success.",
                        {"syslog", "attacks", "authentication_success"},
                        attack::kLocalAccounts};
  for (int i = 0; i < 5; ++i) {
    story.after(i == 0 ? Nanos(0) : minutes(8));
    sshd(story, host, ip, "deploy", guessing, "Failed password for");
  }
  sshd(story.after(minutes(4)), host, ip, "deploy", success, "Accepted password for");
  persist(story.after(minutes(11)), host);
  become_root(story.after(minutes(2)), host);
  for (int i = 0; i < 4; ++i) look_around(story.after(i == 0 ? minutes(25) : seconds(95)), host);
}

}  // namespace tocsin::demo
