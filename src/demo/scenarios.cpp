// What the buttons send: one headline alert of the customer-facing platform, and what other tools say of the
// same matter. Every press differs, because the seed does.

#include <array>

#include "demo/demo.h"
#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 8> kCustomers = {
    "Alpenbank Digital", "Kestrel Airlines",   "BlueHarbor Retail",   "Finch Payments",
    "Orchard Streaming", "Meridian Insurance", "Tidewater Logistics", "Lumen Coin Exchange"};

constexpr std::array<std::string_view, 6> kRegions = {"us-east",  "us-west",      "eu-central",
                                                      "eu-north", "ap-southeast", "sa-east"};

struct Origin {
  std::string_view country;
  int asn;
  std::string_view organisation;
};
constexpr std::array<Origin, 8> kOrigins = {{{"RU", 49505, "Selectel"},
                                             {"NL", 213035, "Serverion"},
                                             {"VN", 45899, "VNPT"},
                                             {"BR", 28573, "Claro NXT"},
                                             {"US", 14061, "DigitalOcean"},
                                             {"DE", 24940, "Hetzner Online"},
                                             {"NG", 37148, "Globacom"},
                                             {"ID", 7713, "Telekomunikasi Indonesia"}}};

struct Button {
  Random& random;
  Timestamp now;
  std::vector<Delivery> deliveries;

  std::string_view customer() { return random.pick(kCustomers); }
};

struct Headline {
  std::string_view threat_type;
  std::string title;
  std::string message;
  std::string_view severity;
  std::string_view customer;
  std::string_view asset_tier = "important";
  std::string host;
  std::string ip;
  std::string user = {};
  std::vector<Technique> techniques = {};
  json::object metadata = {};
};

void send_headline(Button& button, Timestamp at, Headline headline) {
  json::array techniques, tactics;
  for (const auto& technique : headline.techniques) {
    techniques.emplace_back(technique.id);
    tactics.emplace_back(technique.tactic_id);
  }
  headline.metadata["source_ip"] = headline.ip;
  json::object fields{{"id", "TH-" + button.random.hex(12)},
                      {"timestamp", to_rfc3339(at)},
                      {"source", "platform"},
                      {"alert_type", headline.threat_type},
                      {"threat_type", headline.threat_type},
                      {"customer_name", headline.customer},
                      {"title", std::move(headline.title)},
                      {"message", std::move(headline.message)},
                      {"severity", headline.severity},
                      {"asset_tier", headline.asset_tier},
                      {"host", std::move(headline.host)},
                      {"ip", std::move(headline.ip)},
                      {"mitre_techniques", std::move(techniques)},
                      {"mitre_tactics", std::move(tactics)},
                      {"metadata", std::move(headline.metadata)}};
  if (!headline.user.empty()) fields["user"] = std::move(headline.user);
  auto payload = generic(std::move(fields));
  button.deliveries.push_back(
      {std::string(payload.source), std::move(payload.body), at, std::string(headline.threat_type)});
}

json::object traffic(Button& button, int per_minute, std::string_view user_agent) {
  auto& random = button.random;
  const auto& origin = random.pick(kOrigins);
  return {{"requests_per_minute", per_minute},
          {"request_count", per_minute * random.between(4, 15)},
          {"baseline_rpm", per_minute / random.between(8, 40) + 1},
          {"user_agent", user_agent},
          {"unique_ips", random.between(1, 900)},
          {"country", origin.country},
          {"asn", origin.asn},
          {"as_organisation", origin.organisation},
          {"region", random.pick(kRegions)},
          {"duration_minutes", random.between(4, 45)}};
}

std::string gateway(Random& random) {
  return "edge-gw-" + std::to_string(random.between(1, 40));
}

// The compromised machine of a hospital group.
struct Ward {
  std::string_view customer;
  Host device;
  Person user;
  std::string c2;
  std::string hash;
};

Ward make_ward(Random& random) {
  static constexpr std::array<std::string_view, 4> kWards = {"radiology", "icu", "pharmacy", "labsys"};
  static constexpr std::array<std::string_view, 3> kHospitals = {
      "St. Brannock Hospital Group", "Lindenhof Clinics", "Northshore Care Trust"};
  Ward ward;
  ward.customer = random.pick(kHospitals);
  const std::string name(random.pick(kWards));
  ward.device.name = name + "-ws-" + std::to_string(random.between(10, 99));
  ward.device.fqdn = ward.device.name + ".clinic.example";
  ward.device.ip = "10.77." + std::to_string(random.between(1, 250)) + ".21";
  ward.device.os = "Windows 10";
  ward.device.device_id = random.hex(40);
  ward.user.login = ward.user.name = "svc_" + name;
  ward.user.email = ward.user.login + "@clinic.example";
  ward.c2 = random.public_ip();
  ward.hash = random.hex(64);
  return ward;
}

void hospital_headline(Button& button, const Ward& ward) {
  auto& random = button.random;
  send_headline(
      button, button.now - minutes(6),
      {.threat_type = "device_compromise",
       .title =
           "Medical workstation compromised: credentials dumped, shadow copies deleted, files encrypting",
       .message = "On " + ward.device.name + " of " + std::string(ward.customer) +
                  " lsass was dumped, a beacon to " + ward.c2 + " is alive and files are being encrypted.",
       .severity = "critical",
       .customer = ward.customer,
       .asset_tier = "crown_jewel",
       .host = ward.device.name,
       .ip = ward.c2,
       .user = ward.user.login,
       .techniques = {attack::kLsass, attack::kWebProtocols, attack::kInhibitRecovery, attack::kEncryption},
       .metadata = {{"device_type", "medical_workstation"},
                    {"industry", "healthcare"},
                    {"process", "rundll32.exe"},
                    {"sha256", ward.hash},
                    {"files_encrypted", random.between(300, 9000)},
                    {"country", random.pick(kOrigins).country},
                    {"beacon_interval_seconds", random.between(20, 300)}}});
}

Payload deleted_shadow_copies(Scene scene, const Ward& ward, Timestamp at) {
  return defender(
      scene, {.at = at,
              .title = "Backup and shadow copies were deleted",
              .description = "vssadmin.exe deleted the shadow copies of " + ward.device.name + '.',
              .category = "Impact",
              .severity = "high",
              .techniques = {attack::kInhibitRecovery},
              .evidence = {
                  device_evidence(ward.device), user_evidence(scene, ward.user),
                  process_evidence(scene, ward.device, &ward.user,
                                   {"vssadmin.exe", "C:\\Windows\\System32",
                                    "vssadmin.exe delete shadows /all /quiet", "rundll32.exe", ward.hash})}});
}

Payload beacon(Scene scene, const Ward& ward, Timestamp at) {
  return suricata(scene, {.at = at,
                          .signature_id = 2848102,
                          .signature = "ET MALWARE Beacon Certificate Observed in TLS Handshake",
                          .category = "Malware Command and Control Activity Detected",
                          .severity = 1,
                          .source = {ward.device.ip, scene.random.ephemeral_port()},
                          .destination = {ward.c2, 443},
                          .app = "tls",
                          .app_fields = {{"sni", "cdn-" + scene.random.letters(6) + "-assets.net"},
                                         {"version", "TLS 1.2"}},
                          .techniques = {attack::kWebProtocols}});
}

// A ransomware stage on a machine of a hospital group: platform and sensors agree.
void critical_threat(Button& button) {
  const auto ward = make_ward(button.random);
  const auto company = make_company(1);  // whose sensors watch the customer
  const Scene scene{company, button.random};
  hospital_headline(button, ward);
  const auto send = [&](Timestamp at, Payload payload) {
    button.deliveries.push_back(
        {std::string(payload.source), std::move(payload.body), at, "device_compromise"});
  };
  send(button.now - minutes(4), deleted_shadow_copies(scene, ward, button.now - minutes(4)));
  send(button.now, beacon(scene, ward, button.now));
}

void device_compromise(Button& button) {
  auto& random = button.random;
  const auto customer = button.customer();
  const auto host = "kiosk-" + std::to_string(random.between(100, 999));
  const auto& origin = random.pick(kOrigins);
  const auto ip = random.public_ip();
  send_headline(button, button.now,
                {.threat_type = "device_compromise",
                 .title = "Customer device talks to a known command server",
                 .message = host + " of " + std::string(customer) + " opened " +
                            std::to_string(random.between(20, 400)) + " sessions to " + ip +
                            " after an unsigned program started.",
                 .severity = "high",
                 .customer = customer,
                 .host = host,
                 .ip = ip,
                 .techniques = {attack::kMaliciousFile, attack::kWebProtocols},
                 .metadata = {{"device_type", "point_of_sale"},
                              {"sha256", random.hex(64)},
                              {"country", origin.country},
                              {"asn", origin.asn},
                              {"beacon_interval_seconds", random.between(20, 300)}}});
}

void bot_traffic(Button& button) {
  auto& random = button.random;
  static constexpr std::array<std::string_view, 5> kAgents = {"python-requests/2.31.0", "curl/8.4.0",
                                                              "Go-http-client/2.0", "HeadlessChrome/119.0",
                                                              "Scrapy/2.11 (+https://scrapy.org)"};
  const auto customer = button.customer();
  const auto ip = random.public_ip();
  const int rate = random.between(600, 9000);
  send_headline(button, button.now,
                {.threat_type = "bot_traffic",
                 .title = "Automated traffic against the login page",
                 .message = std::to_string(rate) + " requests a minute from " + ip + " to " +
                            std::string(customer) + "'s /login, most with different user names.",
                 .severity = rate > 3000 ? "high" : "medium",
                 .customer = customer,
                 .host = gateway(random),
                 .ip = ip,
                 .techniques = {attack::kPasswordGuessing},
                 .metadata = traffic(button, rate, random.pick(kAgents))});
}

void bot_attack(Button& button) {
  auto& random = button.random;
  const auto customer = button.customer();
  const auto host = gateway(random);
  const int sources = random.between(4, 7);
  for (int i = 0; i < sources; ++i) {
    const auto ip = random.public_ip();
    const int rate = random.between(2500, 14000);
    send_headline(button, button.now - seconds(20 * (sources - 1 - i)),
                  {.threat_type = "bot_traffic",
                   .title = "Credential stuffing from a bot network",
                   .message = ip + " tries leaked passwords on " + std::string(customer) + "'s sign-in, " +
                              std::to_string(rate) + " requests a minute.",
                   .severity = "high",
                   .customer = customer,
                   .host = host,
                   .ip = ip,
                   .techniques = {{"T1110.004", "Credential Stuffing", "TA0006", "Credential Access"}},
                   .metadata = traffic(button, rate, "python-requests/2.31.0")});
  }
}

void proxy_network(Button& button) {
  auto& random = button.random;
  const auto customer = button.customer();
  const auto ip = random.public_ip();
  auto metadata = traffic(button, random.between(40, 400), "Mozilla/5.0 (X11; Linux x86_64)");
  metadata["proxy_type"] = random.chance(0.5) ? "residential_proxy" : "tor_exit";
  metadata["exit_nodes"] = random.between(3, 60);
  send_headline(button, button.now,
                {.threat_type = "proxy_network",
                 .title = "Account actions through an anonymising network",
                 .message = "Sessions of " + std::string(customer) +
                            " hop through exits of one proxy network, now " + ip + '.',
                 .severity = "medium",
                 .customer = customer,
                 .host = gateway(random),
                 .ip = ip,
                 .techniques = {{"T1090.003", "Multi-hop Proxy", "TA0011", "Command and Control"}},
                 .metadata = std::move(metadata)});
}

void anomaly_detection(Button& button) {
  auto& random = button.random;
  const auto customer = button.customer();
  const auto ip = random.public_ip();
  auto metadata = traffic(button, random.between(100, 900), "okhttp/4.12.0");
  metadata["anomaly_score"] = 0.01 * random.between(71, 99);
  metadata["deviation_sigma"] = random.between(4, 12);
  send_headline(
      button, button.now,
      {.threat_type = "anomaly_detection",
       .title = "Traffic pattern departs from the customer's norm",
       .message = "Response sizes and paths at " + std::string(customer) + " do not fit the last four weeks.",
       .severity = "medium",
       .customer = customer,
       .host = gateway(random),
       .ip = ip,
       .metadata = std::move(metadata)});
}

void crypto_surge(Button& button) {
  auto& random = button.random;
  const auto ip = random.public_ip();
  const int rate = random.between(9000, 42000);
  auto metadata = traffic(button, rate, "okhttp/4.12.0");
  metadata["industry"] = "crypto_exchange";
  metadata["trigger"] = "price of a listed coin moved by " + std::to_string(random.between(12, 48)) + " %";
  send_headline(button, button.now,
                {.threat_type = "anomaly_detection",
                 .title = "Tenfold surge of API traffic at an exchange",
                 .message = std::to_string(rate) +
                            " requests a minute to the order API; a market move or an attack in its shadow.",
                 .severity = "high",
                 .customer = "Lumen Coin Exchange",
                 .host = gateway(random),
                 .ip = ip,
                 .techniques = {{"T1498", "Network Denial of Service", "TA0040", "Impact"}},
                 .metadata = std::move(metadata)});
}

void rate_limit_breach(Button& button) {
  auto& random = button.random;
  const auto customer = button.customer();
  const auto ip = random.public_ip();
  const int limit = random.between(50, 500);
  const int rate = limit * random.between(2, 15);
  auto metadata = traffic(button, rate, "PostmanRuntime/7.36.0");
  metadata["rate_limit_rpm"] = limit;
  metadata["endpoint"] = "/v2/orders";
  send_headline(button, button.now,
                {.threat_type = "rate_limit_breach",
                 .title = "Rate limit exceeded",
                 .message = ip + " sends " + std::to_string(rate) + " requests a minute; " +
                            std::string(customer) + " allows " + std::to_string(limit) + '.',
                 .severity = rate > limit * 8 ? "high" : "medium",
                 .customer = customer,
                 .host = gateway(random),
                 .ip = ip,
                 .techniques = {{"T1499.003", "Application Exhaustion Flood", "TA0040", "Impact"}},
                 .metadata = std::move(metadata)});
}

struct Journey {
  std::string_view from;
  std::string_view to;
  int kilometres;
};

void geo_anomaly(Button& button) {
  auto& random = button.random;
  static constexpr std::array<Journey, 5> kJourneys = {
      {{"CH", "NG", 4600}, {"US", "VN", 13100}, {"DE", "BR", 9600}, {"SE", "ID", 10400}, {"GB", "RU", 2500}}};
  const auto& journey = random.pick(kJourneys);
  const auto customer = button.customer();
  const auto ip = random.public_ip();
  const int elapsed = random.between(12, 95);
  send_headline(
      button, button.now,
      {.threat_type = "geo_anomaly",
       .title = "Sign-in from a place the user cannot have reached",
       .message = "An administrator of " + std::string(customer) + " was in " + std::string(journey.from) +
                  " and, " + std::to_string(elapsed) + " minutes later, in " + std::string(journey.to) + '.',
       .severity = "medium",
       .customer = customer,
       .host = "identity-portal",
       .ip = ip,
       .user = "admin" + std::to_string(random.between(1, 40)) + "@customer.example",
       .techniques = {attack::kCloudAccounts},
       .metadata = {{"previous_country", journey.from},
                    {"country", journey.to},
                    {"previous_ip", random.public_ip()},
                    {"distance_km", journey.kilometres},
                    {"minutes_between", elapsed},
                    {"speed_kmh", journey.kilometres * 60 / elapsed},
                    {"mfa", random.chance(0.5)},
                    {"user_agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"},
                    {"asn", random.pick(kOrigins).asn}}});
}

struct Scenario {
  std::string_view name;
  void (*write)(Button&);
};
// geo_impossible is what S4's console calls an impossible journey: the same as the threat type.
constexpr std::array<Scenario, 10> kScenarios = {{{"critical_threat", critical_threat},
                                                  {"crypto_surge", crypto_surge},
                                                  {"bot_attack", bot_attack},
                                                  {"geo_impossible", geo_anomaly},
                                                  {"bot_traffic", bot_traffic},
                                                  {"proxy_network", proxy_network},
                                                  {"device_compromise", device_compromise},
                                                  {"anomaly_detection", anomaly_detection},
                                                  {"rate_limit_breach", rate_limit_breach},
                                                  {"geo_anomaly", geo_anomaly}}};

std::string known_names() {
  std::string text = "known: ";
  for (const auto& scenario : kScenarios) {
    if (&scenario != kScenarios.data()) text += ", ";
    text += scenario.name;
  }
  return text;
}

}  // namespace

Result<std::vector<Delivery>> scenario(std::string_view name, Timestamp now, std::uint64_t seed) {
  for (const auto& known : kScenarios) {
    if (known.name != name) continue;
    Random random(seed, name);
    Button button{random, now, {}};
    known.write(button);
    return std::move(button.deliveries);
  }
  return error(ErrorKind::kInvalidInput, "trigger scenario",
               "there is no scenario or threat type of that name", known_names(), "/scenario");
}

std::vector<std::string_view> scenario_names() {
  std::vector<std::string_view> names;
  for (const auto& scenario : kScenarios) names.push_back(scenario.name);
  return names;
}

}  // namespace tocsin::demo
