#include "demo/scenarios/button.h"

#include <array>

namespace tocsin::demo {

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
  if (!headline.user.empty()) fields["user"] = headline.user;
  auto payload = generic(fields);
  button.deliveries.push_back(
      {std::string(payload.source), std::move(payload.body), at, std::string(headline.threat_type)});
}

std::span<const Origin> origins() {
  static constexpr std::array<Origin, 8> kOrigins = {{{"RU", 49505, "Selectel"},
                                                      {"NL", 213035, "Serverion"},
                                                      {"VN", 45899, "VNPT"},
                                                      {"BR", 28573, "Claro NXT"},
                                                      {"US", 14061, "DigitalOcean"},
                                                      {"DE", 24940, "Hetzner Online"},
                                                      {"NG", 37148, "Globacom"},
                                                      {"ID", 7713, "Telekomunikasi Indonesia"}}};
  return kOrigins;
}

}  // namespace tocsin::demo
