// Raw log records for the console's "Run Demo Detection": nothing in them says "alert"; the detection rules
// must.
#include <array>

#include "demo/company.h"
#include "demo/demo.h"
#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

using std::chrono::seconds;

// `raw` is the record as /ingest takes it.
model::Event make_event(std::string source, std::string type, const Person& person, std::string ip,
                        std::string resource, std::string message, Timestamp at) {
  model::Event event;
  event.source = std::move(source);
  event.event_type = std::move(type);
  event.user = person.login;
  if (!ip.empty()) event.ip = std::move(ip);
  event.resource = std::move(resource);
  event.message = std::move(message);
  event.occurred_at = at;
  json::object raw{{"timestamp", to_rfc3339(at)},    {"source", event.source},
                   {"event_type", event.event_type}, {"user", *event.user},
                   {"resource", *event.resource},    {"message", event.message}};
  if (event.ip) raw["ip"] = *event.ip;
  event.raw = json::serialize(raw);
  return event;
}

}  // namespace

std::vector<model::Event> detection_events(Timestamp now, std::uint64_t seed) {
  static constexpr std::array<std::string_view, 4> kRoles = {
      "Owner", "User Access Administrator", "Global Administrator", "Privileged Role Administrator"};
  static constexpr std::array<std::string_view, 4> kFamilies = {"Trojan.Agent", "Ransom.Locker",
                                                                "Infostealer.Grab", "Backdoor.Relay"};
  const auto company = make_company(seed);
  Random random(seed, "detection_events");
  Scene scene{company, random};
  std::vector<model::Event> events;
  const auto guessed_ip = random.public_ip();
  const auto& guessed = scene.anyone();
  const int guesses = random.between(1, 4);
  for (int i = 0; i < guesses; ++i) {
    events.push_back(make_event("aws", "ConsoleLogin", guessed, guessed_ip, "console",
                                "failed login from unusual location", now - seconds(170 - 20 * i)));
  }
  const auto& climber = scene.someone_in("IT Operations");
  const auto climber_ip = random.public_ip();
  events.push_back(make_event(
      "azure", "RoleAssignmentCreated", climber, climber_ip, "subscription-prod",
      "privilege escalation: " + std::string(random.pick(kRoles)) + " assigned to " + climber.login,
      now - seconds(60)));
  const auto& infected = scene.anyone();
  const auto& host = company.workstation_of(infected);
  events.push_back(make_event(
      "local", "EndpointDetection", infected, host.ip, host.name,
      "malware " + std::string(random.pick(kFamilies)) + " found in a download on " + host.name, now));
  return events;
}

}  // namespace tocsin::demo
