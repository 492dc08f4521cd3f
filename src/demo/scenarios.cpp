// What the buttons send: one headline alert of the customer-facing platform, and what other tools say of the
// same matter. Every press differs, because the seed does.

#include <array>

#include "demo/scenarios/button.h"

namespace tocsin::demo {
namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 8> kCustomers = {
    "Alpenbank Digital", "Kestrel Airlines",   "BlueHarbor Retail",   "Finch Payments",
    "Orchard Streaming", "Meridian Insurance", "Tidewater Logistics", "Lumen Coin Exchange"};

constexpr std::array<std::string_view, 6> kRegions = {"us-east",  "us-west",      "eu-central",
                                                      "eu-north", "ap-southeast", "sa-east"};

json::object traffic(Button& button, int per_minute, std::string_view user_agent) {
  auto& random = button.random;
  const auto& origin = random.pick(origins());
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

void device_compromise(Button& button) {
  auto& random = button.random;
  const auto customer = random.pick(kCustomers);
  const auto host = "kiosk-" + std::to_string(random.between(100, 999));
  const auto& origin = random.pick(origins());
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
  const auto customer = random.pick(kCustomers);
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
  const auto customer = random.pick(kCustomers);
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
  const auto customer = random.pick(kCustomers);
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
  const auto customer = random.pick(kCustomers);
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
  const auto customer = random.pick(kCustomers);
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
  const auto customer = random.pick(kCustomers);
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
                    {"asn", random.pick(origins()).asn}}});
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
