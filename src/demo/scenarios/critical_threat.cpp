// A ransomware stage on a machine of a hospital group: platform and sensors agree.
#include <array>

#include "demo/scenarios/button.h"

namespace tocsin::demo {
namespace {

using std::chrono::minutes;

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
                    {"country", random.pick(origins()).country},
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

}  // namespace

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

}  // namespace tocsin::demo
