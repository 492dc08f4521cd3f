#pragma once
// Payloads as the tools send them, byte for byte their documented shapes: one writer per source. Values come
// from the caller; ids that only the tool would know (flow ids, finding ids) are drawn from the scene's
// randomness.

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demo/company.h"
#include "demo/techniques.h"

namespace tocsin::demo {

// What one tool posts once: a webhook's source name (CONTRACT §2) and the body.
struct Payload {
  std::string_view source;
  std::string body;
};

namespace json = boost::json;

struct Endpoint {
  std::string ip;
  int port = 0;
};

// EVE JSON, event_type "alert".
struct SuricataAlert {
  Timestamp at{};
  int signature_id = 0;
  std::string signature;
  std::string category;
  int severity = 2;  // 1 is the highest, 3 the lowest
  Endpoint source;
  Endpoint destination;
  std::string protocol = "TCP";
  std::string app;                      // "http", "dns", "tls"; empty: none
  json::object app_fields;              // the object under that name
  std::vector<Technique> techniques;    // as ET rules carry them in their metadata
  std::string_view action = "allowed";  // "blocked"
};
Payload suricata(Scene scene, const SuricataAlert& alert);

// One line of alerts.json of a Wazuh 4 manager.
struct WazuhAlert {
  Timestamp at{};
  int level = 5;  // 0..15
  std::string_view rule_id;
  std::string_view description;
  std::vector<std::string_view> groups;
  const Host* agent = nullptr;
  std::string_view decoder;
  std::string_view location;
  std::string full_log;
  json::object data;
  json::object syscheck;  // file integrity events only
  std::vector<Technique> techniques;
};
Payload wazuh(Scene scene, const WazuhAlert& alert);
// `data.win` of a Windows event: system fields around `event_data`.
json::object windows_event(Scene scene, const Host& host, int event_id, std::string_view channel,
                           Timestamp at, json::object event_data);

// Microsoft Graph security alerts_v2.
struct DefenderAlert {
  Timestamp at{};
  std::string title;
  std::string description;
  std::string_view category;  // "Execution"
  std::string_view severity;  // informational low medium high
  std::string_view service = "microsoftDefenderForEndpoint";
  std::vector<Technique> techniques;
  json::array evidence;
};
Payload defender(Scene scene, const DefenderAlert& alert);
json::object device_evidence(const Host& host);
json::object user_evidence(Scene scene, const Person& person);
json::object ip_evidence(std::string_view ip, std::string_view country);
json::object url_evidence(std::string_view url);
json::object file_evidence(std::string_view path, std::string_view name, std::string_view sha256);
struct ProcessFacts {
  std::string_view name;
  std::string_view path;
  std::string command_line;
  std::string_view parent;
  std::string sha256;
};
json::object process_evidence(Scene scene, const Host& host, const Person* person,
                              const ProcessFacts& process);
struct MailFacts {
  std::string_view sender;
  std::string_view sender_ip;
  std::string_view recipient;
  std::string_view subject;
};
json::object mail_evidence(Scene scene, const MailFacts& mail);

// A row of the SecurityAlert table, as Sentinel's data export sends it.
struct SentinelAlert {
  Timestamp at{};
  std::string name;
  std::string description;
  std::string_view severity;  // Informational Low Medium High
  std::string_view product = "Azure Sentinel";
  std::vector<Technique> techniques;
  json::array entities;
};
Payload sentinel(Scene scene, const SentinelAlert& alert);
json::object sentinel_account(const Company& company, const Person& person);
json::object sentinel_ip(std::string_view ip);
json::object sentinel_host(const Company& company, const Host& host);

// What Splunk's webhook alert action posts for one result row.
struct SplunkAlert {
  Timestamp at{};
  std::string search_name;
  std::string_view severity;  // informational low medium high critical
  json::object fields;        // CIM names: user, src, dest, signature ...
  std::vector<Technique> techniques;
};
Payload splunk(Scene scene, const SplunkAlert& alert);

// A finding as EventBridge hands it on.
struct GuardDutyFinding {
  Timestamp at{};
  std::string type;  // "Recon:EC2/PortProbeUnprotectedPort"
  double severity = 2.0;
  std::string title;
  std::string description;
  json::object resource;
  json::object action;
  int count = 1;
};
Payload guardduty(Scene scene, const GuardDutyFinding& finding);
json::object instance_resource(Scene scene, const Host& host);
json::object access_key_resource(Scene scene, std::string_view user, std::string_view key_id);
json::object bucket_resource(Scene scene, std::string_view bucket, std::string_view user,
                             std::string_view key_id);
struct Caller {
  std::string ip;
  std::string_view country;
  std::string_view asn;
  std::string_view organisation;
};
json::object api_call_action(std::string_view api, std::string_view service, const Caller& caller);
json::object port_probe_action(int port, std::string_view port_name, const Caller& caller);

// ArcSight CEF behind a syslog header. Extension values are escaped here.
struct CefEvent {
  Timestamp at{};
  std::string_view device_host;
  std::string_view vendor;
  std::string_view product;
  std::string_view version;
  std::string_view signature_id;
  std::string name;
  int severity = 3;  // 0..10
  std::vector<std::pair<std::string_view, std::string>> extension;
};
Payload cef(const CefEvent& event);

// Any JSON object by the lenient names of CONTRACT §3.
Payload generic(json::object fields);

// Powershell.exe -EncodedCommand's argument: base64 of UTF-16LE. `script` is ASCII.
std::string encoded_command(std::string_view script);

}  // namespace tocsin::demo
