#include "respond/consequences.h"

#include "base/ascii.h"
#include "base/display_text.h"
#include "base/spaced.h"

namespace tocsin::respond {
namespace {

using model::EntityKind;

// What an effect does to a thing whose name gives its kind away.
struct Consequence {
  Effect effect;
  Kind kind;
  std::string_view text;  // continues "web-01 looks like a … by its name: "
};
constexpr Consequence kConsequences[] = {
    {Effect::kIsolateHost, Kind::kDomainController,
     "isolating it stops sign-in, Kerberos, group policy and often DNS for everything that uses it (tier 0)"},
    {Effect::kIsolateHost, Kind::kIdentityServer,
     "isolating it stops federated sign-in, directory synchronisation or certificates (tier 0)"},
    {Effect::kIsolateHost, Kind::kHypervisor,
     "isolating it cuts management and possibly storage of every virtual machine on it (tier 0)"},
    {Effect::kIsolateHost, Kind::kDatabase, "isolating it stops every application that stores data there"},
    {Effect::kIsolateHost, Kind::kMailServer, "isolating it stops sending and receiving mail"},
    {Effect::kIsolateHost, Kind::kNetworkGear,
     "isolating it takes down the network or name service behind it, possibly your own access too"},
    {Effect::kIsolateHost, Kind::kBackup, "isolating it stops backups and restores, which recovery may need"},
    {Effect::kIsolateHost, Kind::kServer, "isolating it stops the service that it offers"},
    {Effect::kRebuildHost, Kind::kDomainController,
     "it must be demoted and its metadata cleaned up; make sure that another one holds the FSMO roles"},
    {Effect::kRebuildHost, Kind::kIdentityServer,
     "its keys and trust settings are lost unless they were exported"},
    {Effect::kRebuildHost, Kind::kHypervisor, "every virtual machine on it must be moved first"},
    {Effect::kRebuildHost, Kind::kDatabase, "data since the last good backup is lost"},
    {Effect::kRebuildHost, Kind::kBackup, "the catalogue of backups must survive; export it first"},
    {Effect::kRebuildHost, Kind::kServer, "its service is down until it is restored"},
    {Effect::kStopProcess, Kind::kDomainController, "a stopped lsass.exe restarts the machine"},
    {Effect::kDisableAccount, Kind::kServiceAccount,
     "services, tasks and jobs that run under it stop; list them first"},
    {Effect::kDisableAccount, Kind::kMachineAccount, "the computer loses its trust with the domain"},
    {Effect::kDisableAccount, Kind::kBuiltInAdmin,
     "it may be the last way in for recovery; krbtgt can only be reset, twice, hours apart"},
    {Effect::kDisableAccount, Kind::kBreakGlass,
     "it is kept for the day when other sign-in fails; make another one first"},
    {Effect::kResetCredential, Kind::kServiceAccount,
     "everything that has its password stored fails until it gets the new one, and may lock it out"},
    {Effect::kResetCredential, Kind::kMachineAccount, "the computer must join the domain again"},
    {Effect::kResetCredential, Kind::kBuiltInAdmin,
     "krbtgt: reset twice with a replication in between, else all tickets break; root: update the safe"},
    {Effect::kResetCredential, Kind::kBreakGlass, "the sealed copy of its password must be replaced too"},
    {Effect::kEndSessions, Kind::kServiceAccount, "unattended jobs cannot sign in again by themselves"},
    {Effect::kRevokeKey, Kind::kServiceAccount, "pipelines and applications that use the key stop at once"},
};

struct SharedAddress {
  std::string_view address;
  std::string_view whose;
};
constexpr SharedAddress kSharedAddresses[] = {
    {"8.8.8.8", "Google's public DNS"},
    {"8.8.4.4", "Google's public DNS"},
    {"1.1.1.1", "Cloudflare's public DNS"},
    {"1.0.0.1", "Cloudflare's public DNS"},
    {"9.9.9.9", "Quad9's public DNS"},
    {"208.67.222.222", "Cisco's public DNS"},
    {"208.67.220.220", "Cisco's public DNS"},
    {"168.63.129.16", "Azure's platform service"},
    {"169.254.169.254", "the cloud metadata service"},
};

// Everybody uses them: blocking the whole name breaks work, the attacker's page is one of millions there.
constexpr std::string_view kSharedDomains[] = {
    "amazonaws.com",
    "azurewebsites.net",
    "blob.core.windows.net",
    "windows.net",
    "sharepoint.com",
    "onedrive.live.com",
    "1drv.ms",
    "google.com",
    "googleapis.com",
    "github.com",
    "githubusercontent.com",
    "gitlab.com",
    "cloudfront.net",
    "workers.dev",
    "pages.dev",
    "dropbox.com",
    "discord.com",
    "discordapp.com",
    "telegram.org",
    "microsoft.com",
    "office.com",
    "live.com",
    "cloudflare.com",
    "akamaihd.net",
    "fastly.net",
    "slack.com",
    "notion.so",
    "pastebin.com",
    "storage.googleapis.com",
};

bool is_within(std::string_view name, std::string_view domain) {
  if (!name.ends_with(domain)) return false;
  return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

std::string host_of_url(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return to_lower(url.substr(0, url.find(':')));
}

void warn_by_name(Effect effect, const Subject& target, const std::string& name,
                  std::vector<std::string>& out) {
  const auto kind = target.entity.kind == EntityKind::kHost ? kind_of_host(target.entity.value)
                                                            : kind_of_account(target.entity.value);
  for (const auto& row : kConsequences) {
    if (row.effect == effect && row.kind == kind)
      out.push_back(name + " looks like " + std::string(words_of(kind)) +
                    " by its name: " + std::string(row.text) + ".");
  }
}

void warn_of_tier(const Subject& target, const std::string& name, std::vector<std::string>& out) {
  if (target.tier == model::AssetTier::kNormal) return;
  const bool crown = target.tier == model::AssetTier::kCrownJewel;
  out.push_back(name + (crown ? " is concerned by an alert on a crown jewel: two people decide, and its "
                                "owner is asked first."
                              : " is concerned by an alert on an important asset: tell its owner first."));
}

void warn_of_facts(const Subject& target, const std::string& name, std::vector<std::string>& out) {
  for (const auto& fact : target.facts) {
    const bool is_tier = fact.name.ends_with("tier");
    out.push_back(name + ": " + display_text(spaced(fact.name), 40) + " is " +
                  display_text(is_tier ? spaced(fact.value) : fact.value, 80) + ", by " +
                  display_text(spaced(fact.from), 40) + ".");
  }
}

void warn_of_address(std::string_view ip, const std::string& name, std::vector<std::string>& out) {
  if (is_private_address(ip))
    out.push_back(name + " is a private address: a block at the edge does not reach it; isolate its host.");
  for (const auto& shared : kSharedAddresses) {
    if (ip == shared.address)
      out.push_back(name + " is " + std::string(shared.whose) +
                    ": blocking it breaks what is not malicious.");
  }
}

void warn_of_domain(const std::string& host, const std::string& name, std::vector<std::string>& out) {
  for (const auto domain : kSharedDomains) {
    if (!is_within(host, domain)) continue;
    out.push_back(name + " belongs to " + std::string(domain) +
                  ", which legitimate work uses too: block the exact address or path, not the name.");
    return;
  }
}

}  // namespace

std::vector<std::string> consequences(Effect effect, const Subject& target) {
  std::vector<std::string> out;
  if (effect == Effect::kNone) return out;
  const auto name = display_text(target.entity.value, 80);
  switch (target.entity.kind) {
    case EntityKind::kHost:
    case EntityKind::kUser:
    case EntityKind::kAccount:
    case EntityKind::kEmail:
      warn_by_name(effect, target, name, out);
      break;
    case EntityKind::kIp:
      if (effect == Effect::kBlockAddress) warn_of_address(target.entity.value, name, out);
      break;
    case EntityKind::kDomain:
    case EntityKind::kUrl:
      if (effect == Effect::kBlockDomain) warn_of_domain(host_of_url(target.entity.value), name, out);
      break;
    default:
      break;
  }
  warn_of_tier(target, name, out);
  warn_of_facts(target, name, out);
  return out;
}

}  // namespace tocsin::respond
