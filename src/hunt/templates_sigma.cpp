// Sigma rules: one frame, and per rule where it looks, for what, and how loud it is.
#include <fmt/format.h>

#include <vector>

#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

struct Rule {
  std::string_view id;
  std::string_view name;
  std::string_view purpose;
  std::string_view attack;
  Window window;
  std::string_view title;
  std::string_view logsource;  // lines of a mapping, as is the selection
  std::string_view selection;
  std::string_view level;
};

constexpr std::string_view kFrame = R"(title: {}
id: {{uuid}}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {{date}}
logsource:
  {}
detection:
  selection:
    {}
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: {})";

constexpr Rule kRules[] = {
    {"sigma_domain_dns", "Look-ups of the domains", "Turns the finding into a detection.", "", Window::kWide,
     "DNS look-up of an incident's domain", "category: dns", "query|endswith: [{domains}]", "high"},
    {"sigma_domain_proxy", "Web requests to the domains", "Turns the finding into a detection.", "",
     Window::kWide, "Web request to an incident's domain", "category: proxy", "cs-host|endswith: [{domains}]",
     "high"},
    {"sigma_url_proxy", "Web requests to the addresses of pages", "Turns the finding into a detection.", "",
     Window::kWide, "Web request to an incident's URL", "category: proxy", "c-uri|contains: [{urls}]",
     "high"},
    {"sigma_ip_firewall", "Connections to the addresses", "Turns the finding into a detection.", "",
     Window::kWide, "Connection to an incident's address", "category: firewall", "dst_ip: [{ips}]", "medium"},
    {"sigma_ip_network_windows", "Programs that talk to the addresses (Sysmon 3)", "Names the process.", "",
     Window::kWide, "Process connects to an incident's address",
     "category: network_connection\n  product: windows", "DestinationIp: [{ips}]", "high"},
    {"sigma_hash_process", "Programs with the hashes", "Turns the finding into a detection.", "",
     Window::kWide, "Process with an incident's hash", "category: process_creation\n  product: windows",
     "Hashes|contains: [{hashes}]", "critical"},
    {"sigma_file", "Files of the same name", "Names are weak; use it for a hunt.", "", Window::kWide,
     "File with an incident's name is written", "category: file_event\n  product: windows",
     "TargetFilename|endswith: [{files}]", "low"},
    {"sigma_process", "Processes of the same name", "Names are weak; use it for a hunt.",
     "TA0002 TA0005 T1059 T1218", Window::kWide, "Process with an incident's name",
     "category: process_creation\n  product: windows", "Image|endswith: [{processes}]", "low"},
    {"sigma_user_cloudtrail", "AWS calls of the users", "Watches the accounts after the incident.", "",
     Window::kAfter, "AWS call by an incident's user", "product: aws\n  service: cloudtrail",
     "userIdentity.userName: [{accounts}]", "medium"},
    {"sigma_user_windows", "Logons of the accounts", "Watches the accounts after the incident.", "",
     Window::kAfter, "Windows logon of an incident's account", "product: windows\n  service: security",
     "EventID: [4624, 4648]\n    TargetUserName: [{accounts}]", "medium"},
    {"sigma_mail", "Mail from the senders", "Turns the finding into a detection.", "T1566 T1598",
     Window::kWide, "Mail from an incident's sender", "product: m365\n  service: exchange",
     "SenderAddress: [{emails}]", "high"},
};

std::vector<std::string> texts() {
  std::vector<std::string> texts;
  for (const auto& rule : kRules)
    texts.push_back(fmt::format(kFrame, rule.title, rule.logsource, rule.selection, rule.level));
  return texts;
}

std::vector<Template> templates(const std::vector<std::string>& texts) {
  std::vector<Template> templates;
  for (const auto& rule : kRules)
    templates.push_back(
        {rule.id, rule.name, rule.purpose, rule.attack, rule.window, texts[templates.size()]});
  return templates;
}

}  // namespace

std::span<const Template> sigma_templates() {
  static const auto kTexts = texts();
  static const auto kTemplates = templates(kTexts);
  return kTemplates;
}

}  // namespace tocsin::hunt
