// Suricata EVE (docs.suricata.io, "EVE JSON Format"): alerts, and every other event type as an event.

#include <array>

#include "ingest/domain.h"
#include "ingest/ip.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::Severity;

// Who is the customer's when both ends are public addresses.
enum class Victim { kDestination, kClient };

struct Family {
  std::string_view mark;  // the word after "ET" in the signature
  std::string_view type;
  Victim victim;
};

// Emerging Threats' categories (their "Category Descriptions" document) and the names we give them.
constexpr auto kFamilies = std::to_array<Family>({
    {"ACTIVEX", "exploit_attempt", Victim::kClient},
    {"ADWARE_PUP", "unwanted_software", Victim::kClient},
    {"ATTACK_RESPONSE", "attack_response", Victim::kClient},
    {"BOTCC", "botnet_traffic", Victim::kClient},
    {"CINS", "bad_reputation_traffic", Victim::kDestination},
    {"CNC", "command_and_control", Victim::kClient},
    {"COINMINER", "cryptomining", Victim::kClient},
    {"COMPROMISED", "bad_reputation_traffic", Victim::kDestination},
    {"CURRENT_EVENTS", "exploit_attempt", Victim::kClient},
    {"DNS", "suspicious_dns", Victim::kClient},
    {"DOS", "denial_of_service", Victim::kDestination},
    {"DROP", "bad_reputation_traffic", Victim::kDestination},
    {"DSHIELD", "bad_reputation_traffic", Victim::kDestination},
    {"EXPLOIT", "exploit_attempt", Victim::kDestination},
    {"EXPLOIT_KIT", "exploit_kit", Victim::kClient},
    {"FTP", "suspicious_ftp", Victim::kDestination},
    {"HUNTING", "suspicious_traffic", Victim::kClient},
    {"INFO", "informational_traffic", Victim::kClient},
    {"JA3", "suspicious_tls", Victim::kClient},
    {"MALWARE", "malware_traffic", Victim::kClient},
    {"MOBILE_MALWARE", "malware_traffic", Victim::kClient},
    {"NETBIOS", "netbios_attack", Victim::kDestination},
    {"P2P", "peer_to_peer", Victim::kClient},
    {"PHISHING", "phishing", Victim::kClient},
    {"POLICY", "policy_violation", Victim::kClient},
    {"SCAN", "network_scan", Victim::kDestination},
    {"SHELLCODE", "shellcode", Victim::kDestination},
    {"SNMP", "suspicious_snmp", Victim::kDestination},
    {"SQL", "sql_attack", Victim::kDestination},
    {"TOR", "tor_traffic", Victim::kDestination},
    {"TROJAN", "malware_traffic", Victim::kClient},
    {"USER_AGENTS", "suspicious_user_agent", Victim::kClient},
    {"VOIP", "voip_attack", Victim::kDestination},
    {"WEB_CLIENT", "web_client_attack", Victim::kClient},
    {"WEB_SERVER", "web_attack", Victim::kDestination},
    {"WEB_SPECIFIC_APPS", "web_attack", Victim::kDestination},
    {"WORM", "worm_traffic", Victim::kDestination},
});

const Family* find_family(std::string_view signature) {
  const auto maker = take_until(signature, ' ');
  if (maker != "ET" && maker != "ETPRO" && maker != "GPL") return nullptr;
  const auto mark = take_until(signature, ' ');
  for (const auto& family : kFamilies) {
    if (family.mark == mark) return &family;
  }
  return nullptr;
}

// signature_severity "Critical" outranks the number; otherwise 1 high, 2 medium, 3 low, beyond info.
Severity severity_of(const Node& alert) {
  if (equal_ignoring_case(alert["metadata"]["signature_severity"].scalar(), "critical"))
    return Severity::kCritical;
  switch (alert["severity"].integer().value_or(2)) {
    case 1:
      return Severity::kHigh;
    case 2:
      return Severity::kMedium;
    case 3:
      return Severity::kLow;
    default:
      return Severity::kInfo;
  }
}

bool is_public_text(std::string_view text) {
  const auto address = parse_ip(text);
  return address && is_public(*address);
}

// The two ends of the traffic, and which of them are the customer's.
struct Ends {
  std::string_view source;
  std::string_view destination;
  bool to_client = false;  // the packet went from server to client
  bool source_is_own = false;
  bool destination_is_own = false;

  bool server_is_own() const { return to_client ? source_is_own : destination_is_own; }
};

// EVE says it since version 7; before, a web server is known by its name or port.
bool goes_to_client(const Node& event, const Ends& ends) {
  if (const Node direction = event["direction"]) return direction.text() == "to_client";
  if (const Node initiator = event["flow"]["src_ip"]) return initiator.text() == ends.destination;
  if (event["event_type"].text() == "fileinfo") return true;  // written in the direction of the file
  const Node http = event["http"];
  if (!http) return false;
  const auto host = http["hostname"].text();
  if (host.substr(0, host.find(':')) == ends.source) return true;
  const auto port = event["src_port"].integer().value_or(0);
  return port == 80 || port == 8080;
}

Ends read_ends(const Node& event, Victim victim) {
  Ends ends;
  ends.source = event["src_ip"].text();
  ends.destination = event["dest_ip"].text();
  ends.to_client = goes_to_client(event, ends);
  ends.source_is_own = !is_public_text(ends.source);
  ends.destination_is_own = !is_public_text(ends.destination);
  if (!ends.source_is_own && !ends.destination_is_own) {
    const bool victim_is_source = victim == Victim::kClient && !ends.to_client;
    (victim_is_source ? ends.source_is_own : ends.destination_is_own) = true;
  }
  return ends;
}

void add_end(AlertDraft& draft, std::string_view address, EntityRole role, bool own) {
  if (own) {
    draft.entity(EntityKind::kIp, address, role);
  } else {
    draft.observed(EntityKind::kIp, address, role);
  }
}

void add_foreign_name(AlertDraft& draft, EntityKind kind, std::string_view value, bool own) {
  if (own) {
    draft.entity(kind, value, EntityRole::kRelated);
  } else {
    draft.observed(kind, value, EntityRole::kRelated);
  }
}

void read_http(const Node& http, bool own_server, AlertDraft& draft) {
  const auto host = http["hostname"].text();
  const auto path = http["url"].text();
  if (!host.empty()) {
    const auto name = host.substr(0, host.starts_with('[') ? host.size() : host.find(':'));
    if (!parse_ip(name)) add_foreign_name(draft, EntityKind::kDomain, name, own_server);
    if (path.find("://") != std::string_view::npos) {
      add_foreign_name(draft, EntityKind::kUrl, path, own_server);
    } else if (!path.empty()) {
      add_foreign_name(draft, EntityKind::kUrl, "http://" + std::string(host) + std::string(path),
                       own_server);
    }
  }
  if (!own_server)
    draft.mine(http["redirect"].text());  // the server chose it; the referrer is often innocent
}

void read_dns(const Node& dns, AlertDraft& draft) {
  const auto add = [&](const Node& query) {
    draft.observed(EntityKind::kDomain, query["rrname"].text(), EntityRole::kRelated);
  };
  dns["queries"].each(add);
  dns["query"].each(add);
  if (dns["rrname"]) add(dns);
}

void read_file(const Node& file, bool own_server, AlertDraft& draft) {
  draft.entity(EntityKind::kFile, file["filename"].text(), EntityRole::kRelated);
  for (const auto* name : {"sha256", "sha1", "md5"}) {
    add_foreign_name(draft, EntityKind::kHash, file[name].text(), own_server);
  }
}

void read_mail(const Node& email, AlertDraft& draft) {
  const auto bare = [](std::string_view text) {
    const auto open = text.rfind('<');
    if (open == std::string_view::npos) return trim(text);
    return trim(text.substr(open + 1, text.find('>', open) - open - 1));
  };
  draft.observed(EntityKind::kEmail, bare(email["from"].text()), EntityRole::kSource);
  email["to"].each(
      [&](const Node& to) { draft.entity(EntityKind::kEmail, bare(to.text()), EntityRole::kTarget); });
  email["url"].each([&](const Node& url) {
    const bool whole = url.text().find("://") != std::string_view::npos;
    draft.observed(EntityKind::kUrl, whole ? std::string(url.text()) : "http://" + std::string(url.text()),
                   EntityRole::kRelated);
  });
  email["attachment"].each(
      [&](const Node& name) { draft.entity(EntityKind::kFile, name.text(), EntityRole::kRelated); });
}

void read_protocols(const Node& event, const Ends& ends, AlertDraft& draft) {
  const bool own_server = ends.server_is_own() && !(ends.source_is_own && ends.destination_is_own);
  if (const Node http = event["http"]) read_http(http, own_server, draft);
  if (const Node dns = event["dns"]) read_dns(dns, draft);
  if (const Node tls = event["tls"])
    add_foreign_name(draft, EntityKind::kDomain, tls["sni"].text(), own_server);
  if (const Node file = event["fileinfo"]) read_file(file, own_server, draft);
  event["files"].each([&](const Node& file) { read_file(file, own_server, draft); });
  if (const Node email = event["email"]) read_mail(email, draft);
  draft.entity(EntityKind::kUser, event["ftp"]["user"].text(), EntityRole::kTarget);
  draft.entity(EntityKind::kFile, event["smb"]["filename"].text(), EntityRole::kRelated);
  draft.entity(EntityKind::kUser, event["smb"]["ntlmssp"]["user"].text(), EntityRole::kActor);
}

// Behind a proxy the client is whom the proxy names (xff in "extra-data" mode).
void read_forwarded(const Node& event, AlertDraft& draft) {
  const Node xff = event["xff"] ? event["xff"] : event["http"]["xff"];
  auto list = xff.text();
  draft.observed(EntityKind::kIp, trim(take_until(list, ',')), EntityRole::kSource);
}

void read_traffic(const Node& event, Victim victim, AlertDraft& draft) {
  const Ends ends = read_ends(event, victim);
  add_end(draft, ends.source, EntityRole::kSource, ends.source_is_own);
  add_end(draft, ends.destination, EntityRole::kDestination, ends.destination_is_own);
  read_forwarded(event, draft);
  read_protocols(event, ends, draft);
}

std::string endpoint(const Node& event, std::string_view address, std::string_view port) {
  std::string text(event[address].text());
  const auto number = event[port].scalar();
  if (!number.empty()) text += ':' + number;
  return text;
}

std::string describe(const Node& event, const Node& alert) {
  std::string text(alert["category"].text());
  const auto action = alert["action"].text();
  if (!action.empty()) text += (text.empty() ? "" : ", ") + std::string(action);
  if (event["src_ip"] && event["dest_ip"]) {
    text += (text.empty() ? "" : ": ") + endpoint(event, "src_ip", "src_port") + " -> " +
            endpoint(event, "dest_ip", "dest_port") + ' ' + std::string(event["proto"].text());
  }
  return text;
}

void read_metadata(const Node& metadata, AlertDraft& draft) {
  metadata["mitre_technique_id"].each([&](const Node& id) { draft.technique(id.text()); });
  metadata["mitre_tactic_id"].each([&](const Node& id) { draft.tactic(id.text()); });
  metadata["tag"].each([&](const Node& tag) { draft.tag(tag.text()); });
  metadata["malware_family"].each([&](const Node& family) { draft.tag(family.text()); });
  metadata["cve"].each([&](const Node& cve) {
    std::string id(cve.text());
    for (char& c : id) c = c == '_' ? '-' : c;
    draft.observed(EntityKind::kCve, id, EntityRole::kRelated);
  });
}

void read_alert(const Node& event, AlertDraft& draft) {
  const Node alert = event["alert"];
  const auto signature = alert["signature"].text();
  const auto* family = find_family(signature);
  if (family != nullptr) draft.type(family->type);
  draft.title(signature.empty() ? "Suricata alert" : signature);
  draft.message(describe(event, alert));
  draft.rule(alert["signature_id"].scalar());
  draft.severity(severity_of(alert));
  draft.occurred_at(read_time(event["timestamp"]));
  draft.tag(alert["category"].text());
  draft.tag(alert["action"].text());
  draft.mine_cves(signature);
  read_metadata(alert["metadata"], draft);
  read_traffic(event, family == nullptr ? Victim::kDestination : family->victim, draft);
}

void read_event(const Node& event, AlertDraft& draft) {
  const auto kind = event["event_type"].text();
  draft.type(slug(kind));
  draft.title("Suricata " + std::string(kind) + " event");
  draft.message(describe(event, {}));
  draft.severity(Severity::kInfo);
  draft.occurred_at(read_time(event["timestamp"]));
  read_traffic(event, Victim::kDestination, draft);
}

}  // namespace

bool is_suricata(const Node& object) {
  return object["event_type"].is_string() &&
         (object["alert"]["signature"] || object["flow_id"] || object["in_iface"] || object["pcap_cnt"]);
}

void read_suricata(const Node& object, Output& out) {
  if (!object["event_type"].is_string()) {
    return out.reject("no event_type: this is not a line of Suricata's eve.json",
                      "Send EVE JSON objects; their event_type says what they are.", "/event_type");
  }
  if (object["event_type"].text() == "alert") {
    out.add(model::RecordKind::kAlert, [&](AlertDraft& draft) { read_alert(object, draft); });
  } else {
    out.add(model::RecordKind::kEvent, [&](AlertDraft& draft) { read_event(object, draft); });
  }
}

}  // namespace tocsin::ingest
