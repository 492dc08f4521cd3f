#include "respond/scene.h"

#include <algorithm>

namespace tocsin::respond {
namespace {

using model::Alert;
using model::Entity;

constexpr std::size_t kMostFacts = 10;
constexpr auto kMargin = std::chrono::hours(1);

bool names(const Alert& alert, const Entity& entity) {
  return std::any_of(alert.entities.begin(), alert.entities.end(),
                     [&](const Entity& one) { return one.kind == entity.kind && one.value == entity.value; });
}

void add_facts(const Alert& alert, Subject& subject) {
  constexpr std::string_view kTelling[] = {"owner", "service", "role", "department", "tier", "criticality"};
  for (const auto& fact : alert.facts) {
    const bool telling = std::any_of(std::begin(kTelling), std::end(kTelling), [&](std::string_view word) {
      return fact.name.find(word) != std::string::npos;
    });
    const bool known = std::any_of(subject.facts.begin(), subject.facts.end(), [&](const model::Fact& one) {
      return one.name == fact.name && one.value == fact.value;
    });
    const bool is_its_own = fact.subject.empty() || fact.subject == subject.entity.value;
    if (telling && is_its_own && !known && subject.facts.size() < kMostFacts) subject.facts.push_back(fact);
  }
}

Subject subject_of(const AlertRefs& alerts, const Entity& entity) {
  Subject subject{entity, model::AssetTier::kNormal, 0, {}};
  for (const auto* alert : alerts) {
    if (!names(*alert, entity)) continue;
    ++subject.alerts;
    subject.tier = std::max(subject.tier, alert->asset_tier);
    add_facts(*alert, subject);
  }
  return subject;
}

// Lower-case parts of a name, split where letters, digits and signs meet: "HQ-DC01" has hq, dc, 01.
std::vector<std::string> parts_of(std::string_view name) {
  const auto sort_of = [](char c) {
    const auto lower = c | 0x20;
    return lower >= 'a' && lower <= 'z' ? 1 : c >= '0' && c <= '9' ? 2 : 0;
  };
  std::vector<std::string> parts;
  int last = 0;
  for (const char c : name.substr(0, 256)) {
    const auto now = sort_of(c);
    if (now != 0 && now != last) parts.emplace_back();
    if (now != 0) parts.back() += static_cast<char>(now == 1 ? c | 0x20 : c);
    last = now;
  }
  return parts;
}

struct NamePart {
  std::string_view part;
  Kind kind;
};
constexpr NamePart kHostParts[] = {
    {"dc", Kind::kDomainController},  {"pdc", Kind::kDomainController},
    {"bdc", Kind::kDomainController}, {"rodc", Kind::kDomainController},
    {"adfs", Kind::kIdentityServer},  {"adcs", Kind::kIdentityServer},
    {"aadc", Kind::kIdentityServer},  {"pki", Kind::kIdentityServer},
    {"ca", Kind::kIdentityServer},    {"idp", Kind::kIdentityServer},
    {"esx", Kind::kHypervisor},       {"esxi", Kind::kHypervisor},
    {"vcenter", Kind::kHypervisor},   {"vc", Kind::kHypervisor},
    {"hyperv", Kind::kHypervisor},    {"hv", Kind::kHypervisor},
    {"proxmox", Kind::kHypervisor},   {"sql", Kind::kDatabase},
    {"mssql", Kind::kDatabase},       {"mysql", Kind::kDatabase},
    {"pgsql", Kind::kDatabase},       {"postgres", Kind::kDatabase},
    {"oracle", Kind::kDatabase},      {"ora", Kind::kDatabase},
    {"mongo", Kind::kDatabase},       {"db", Kind::kDatabase},
    {"sap", Kind::kDatabase},         {"exch", Kind::kMailServer},
    {"exchange", Kind::kMailServer},  {"mail", Kind::kMailServer},
    {"mx", Kind::kMailServer},        {"smtp", Kind::kMailServer},
    {"fw", Kind::kNetworkGear},       {"firewall", Kind::kNetworkGear},
    {"vpn", Kind::kNetworkGear},      {"dns", Kind::kNetworkGear},
    {"dhcp", Kind::kNetworkGear},     {"gw", Kind::kNetworkGear},
    {"proxy", Kind::kNetworkGear},    {"lb", Kind::kNetworkGear},
    {"backup", Kind::kBackup},        {"bkp", Kind::kBackup},
    {"veeam", Kind::kBackup},         {"srv", Kind::kServer},
    {"svr", Kind::kServer},           {"server", Kind::kServer},
    {"web", Kind::kServer},           {"app", Kind::kServer},
    {"file", Kind::kServer},          {"fs", Kind::kServer},
    {"prod", Kind::kServer},
};

constexpr NamePart kAccountParts[] = {
    {"svc", Kind::kServiceAccount},     {"srv", Kind::kServiceAccount},
    {"service", Kind::kServiceAccount}, {"sa", Kind::kServiceAccount},
    {"msol", Kind::kServiceAccount},    {"app", Kind::kServiceAccount},
    {"bot", Kind::kServiceAccount},     {"automation", Kind::kServiceAccount},
    {"gmsa", Kind::kServiceAccount},    {"breakglass", Kind::kBreakGlass},
    {"glass", Kind::kBreakGlass},       {"emergency", Kind::kBreakGlass},
};

template <std::size_t N>
Kind find_part(const std::vector<std::string>& parts, const NamePart (&table)[N]) {
  for (const auto& part : parts) {
    for (const auto& row : table) {
      if (part == row.part) return row.kind;
    }
  }
  return Kind::kOrdinary;
}

// Without DOMAIN\ and @domain.
std::string_view bare_name(std::string_view name) {
  if (const auto slash = name.rfind('\\'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return name.substr(0, name.find('@'));
}

}  // namespace

Scene make_scene(const AlertRefs& alerts, const std::vector<Entity>& entities) {
  Scene scene;
  for (const auto& entity : entities) scene.subjects.push_back(subject_of(alerts, entity));
  for (const auto* alert : alerts) {
    scene.asset_tier = std::max(scene.asset_tier, alert->asset_tier);
    const bool first = alert == alerts.front();
    scene.from = first ? alert->occurred_at : std::min(scene.from, alert->occurred_at);
    scene.until = first ? alert->occurred_at : std::max(scene.until, alert->occurred_at);
  }
  scene.from -= kMargin;
  scene.until += kMargin;
  return scene;
}

Filling filling_of(const Scene& scene) {
  Filling filling{{}, scene.from, scene.until};
  for (const auto& subject : scene.subjects) filling.entities.push_back(subject.entity);
  return filling;
}

Kind kind_of_host(std::string_view name) {
  return find_part(parts_of(name.substr(0, name.find('.'))), kHostParts);
}

Kind kind_of_account(std::string_view name) {
  const auto bare = bare_name(name);
  if (bare.ends_with('$')) return Kind::kMachineAccount;
  const auto parts = parts_of(bare);
  if (parts.size() == 1 && (parts[0] == "administrator" || parts[0] == "root" || parts[0] == "krbtgt"))
    return Kind::kBuiltInAdmin;
  return find_part(parts, kAccountParts);
}

std::string_view words_of(Kind kind) {
  constexpr std::string_view kWords[] = {
      "an ordinary asset",           "a domain controller", "an identity server",
      "a hypervisor or its manager", "a database server",   "a mail server",
      "network equipment",           "a backup server",     "a server",
      "a service account",           "a machine account",   "a built-in administrator",
      "an emergency account"};
  return kWords[static_cast<std::size_t>(kind)];
}

}  // namespace tocsin::respond
