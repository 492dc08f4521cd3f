#pragma once
// What a simulation needs to know of an incident: who and what it names, and how much depends on each.

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/alert.h"
#include "respond/alerts.h"
#include "respond/fill.h"

namespace tocsin::respond {

// One entity of the incident, with what its alerts say of it.
struct Subject {
  model::Entity entity;
  model::AssetTier tier = model::AssetTier::kNormal;  // highest among the alerts that name it
  std::size_t alerts = 0;                             // that name it
  std::vector<model::Fact> facts;                     // owner, service, role …: at most 10
};

struct Scene {
  std::vector<Subject> subjects;                            // most often named first
  model::AssetTier asset_tier = model::AssetTier::kNormal;  // the highest of all alerts
  Timestamp from{}, until{};                                // of the incident, with an hour on both sides
};

// `entities`: merged, in the order to keep.
Scene make_scene(const AlertRefs& alerts, const std::vector<model::Entity>& entities);
Filling filling_of(const Scene& scene);

// What the name of a host or an account gives away. A guess, and said so: "its name looks like …".
enum class Kind : std::uint8_t {
  kOrdinary,
  kDomainController,
  kIdentityServer,  // AD FS, Entra Connect, certificate authority
  kHypervisor,
  kDatabase,
  kMailServer,
  kNetworkGear,  // firewall, VPN, DNS, DHCP
  kBackup,
  kServer,
  kServiceAccount,
  kMachineAccount,
  kBuiltInAdmin,  // Administrator, root, krbtgt
  kBreakGlass,
};
Kind kind_of_host(std::string_view name);
Kind kind_of_account(std::string_view name);
std::string_view words_of(Kind kind);  // "a domain controller"

}  // namespace tocsin::respond
