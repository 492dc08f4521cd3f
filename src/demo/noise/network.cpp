#include <array>

#include "demo/noise.h"

namespace tocsin::demo {
namespace {

struct Signature {
  int id;
  std::string_view text;
  std::string_view category;
  int severity;
  int port;
};

Payload vulnerability_scan(Scene scene, const Cast&, Timestamp at) {
  static constexpr std::array<Signature, 6> kSignatures = {{
      {2847001, "ET SCAN Vulnerability Scanner User-Agent", "Attempted Information Leak", 2, 443},
      {2847002, "ET SCAN Sequential Probe of MSSQL Port", "Attempted Information Leak", 2, 1433},
      {2847003, "ET SCAN Sequential Probe of VNC Port", "Attempted Information Leak", 2, 5900},
      {2847004, "ET SCAN NMAP Style Service Detection", "Attempted Information Leak", 2, 8080},
      {2847005, "ET WEB_SERVER Probe for Shell Metacharacters in Header",
       "Attempted Administrator Privilege Gain", 1, 80},
      {2847006, "ET SCAN SMB Null Session Enumeration", "Attempted Information Leak", 2, 445},
  }};
  const auto& signature = scene.random.pick(kSignatures);
  const auto& target = scene.random.pick(scene.company.hosts);
  return suricata(scene,
                  {.at = at,
                   .signature_id = signature.id,
                   .signature = std::string(signature.text),
                   .category = std::string(signature.category),
                   .severity = signature.severity,
                   .source = {scene.company.hosts[scene.company.scanner].ip, scene.random.ephemeral_port()},
                   .destination = {target.ip, signature.port}});
}

Payload internet_ssh_scan(Scene scene, const Cast& cast, Timestamp at) {
  return suricata(scene, {.at = at,
                          .signature_id = 2847019,
                          .signature = "ET SCAN Potential SSH Scan Inbound",
                          .category = "Attempted Information Leak",
                          .source = {cast.outside, scene.random.ephemeral_port()},
                          .destination = {scene.company.hosts[scene.company.jump_host].public_ip, 22}});
}

Payload web_probe(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 6> kPaths = {
      "/.env", "/wp-login.php", "/.git/config", "/phpmyadmin/", "/actuator/env", "/cgi-bin/luci"};
  return suricata(scene, {.at = at,
                          .signature_id = 2847030 + static_cast<int>(cast.variant % kPaths.size()),
                          .signature = "ET WEB_SERVER Probe for Sensitive Path",
                          .category = "Web Application Attack",
                          .source = {cast.outside, scene.random.ephemeral_port()},
                          .destination = {scene.company.hosts[scene.company.web_server].public_ip, 443},
                          .app = "http",
                          .app_fields = {{"hostname", "www.northmere.example"},
                                         {"url", kPaths[cast.variant % kPaths.size()]},
                                         {"http_user_agent", "Mozilla/5.0 (compatible; sitecheck/1.4)"},
                                         {"http_method", "GET"},
                                         {"status", 404}},
                          .action = cast.variant % 3 == 0 ? "blocked" : "allowed"});
}

Payload policy_traffic(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<Signature, 6> kSignatures = {{
      {2846101, "ET POLICY File Sharing Client Update Check", "Potential Corporate Privacy Violation", 3,
       443},
      {2846102, "ET POLICY Remote Support Tool Keep-Alive", "Potential Corporate Privacy Violation", 3, 5938},
      {2846103, "ET INFO Observed DNS Query to .top TLD", "Potentially Bad Traffic", 2, 53},
      {2846104, "ET POLICY Music Streaming Client", "Not Suspicious Traffic", 3, 4070},
      {2846105, "ET INFO Outdated TLS Version in Client Hello", "Misc activity", 3, 443},
      {2846106, "ET INFO Windows OS Submitting Telemetry", "Misc activity", 3, 443},
  }};
  const auto& signature = kSignatures[cast.variant % kSignatures.size()];
  // The sensor behind the egress proxy sees the proxy, not who asked it.
  const bool proxied = signature.port == 443 && (cast.variant / 8) % 2 == 0;
  const auto& host = proxied ? scene.company.hosts[scene.company.proxy] : *cast.workstation;
  return suricata(scene, {.at = at,
                          .signature_id = signature.id,
                          .signature = std::string(signature.text),
                          .category = std::string(signature.category),
                          .severity = signature.severity,
                          .source = {host.ip, scene.random.ephemeral_port()},
                          .destination = {cast.outside, signature.port}});
}

Payload firewall_deny(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<int, 7> kPorts = {23, 3389, 445, 8291, 5060, 1433, 6379};
  const auto& edge =
      scene.company.hosts[scene.company.edge_hosts[cast.variant % scene.company.edge_hosts.size()]];
  return cef({.at = at,
              .device_host = "fw-edge-01",
              .vendor = "Fortinet",
              .product = "Fortigate",
              .version = "v7.2.5",
              .signature_id = "00013",
              .name = "traffic:forward deny",
              .severity = 3,
              .extension = {{"act", "deny"},
                            {"src", cast.outside},
                            {"spt", std::to_string(scene.random.ephemeral_port())},
                            {"dst", edge.public_ip},
                            {"dpt", std::to_string(kPorts[cast.variant % kPorts.size()])},
                            {"proto", "6"},
                            {"externalId", scene.random.digits(9)},
                            {"msg", "Denied by policy implicit deny"}}});
}

Payload blocked_category(Scene scene, const Cast& cast, Timestamp at) {
  static constexpr std::array<std::string_view, 4> kSites = {
      "play.freegames-arcade.net", "stream.cinema-nights.net", "ads.clickbanner-network.com",
      "forum.crack-depot.net"};
  const auto site = std::string(kSites[cast.variant % kSites.size()]);
  return cef({.at = at,
              .device_host = scene.company.hosts[scene.company.proxy].name,
              .vendor = "Zscaler",
              .product = "NSSWeblog",
              .version = "6.2",
              .signature_id = "URL-120",
              .name = "Request blocked by category",
              .severity = 2,
              .extension = {{"act", "Blocked"},
                            {"suser", cast.person->email},
                            {"src", cast.workstation->ip},
                            {"dhost", site},
                            {"request", "https://" + site + "/index.html"},
                            {"requestMethod", "GET"},
                            {"cat", "Entertainment"}}});
}

constexpr std::array<Family, 6> kFamilies = {{
    {"vulnerability_scan", 5.0, 18, 40, 50, Rhythm::kScanWindow, vulnerability_scan},
    {"internet_ssh_scan", 6.0, 1, 4, 25, Rhythm::kAlways, internet_ssh_scan},
    {"web_probe", 5.0, 1, 5, 6, Rhythm::kAlways, web_probe},
    {"policy_traffic", 9.0, 1, 5, 90, Rhythm::kOffice, policy_traffic},
    {"firewall_deny", 8.0, 1, 6, 20, Rhythm::kAlways, firewall_deny},
    {"blocked_category", 6.0, 1, 3, 15, Rhythm::kOffice, blocked_category},
}};

}  // namespace

std::span<const Family> network_noise() {
  return kFamilies;
}

}  // namespace tocsin::demo
