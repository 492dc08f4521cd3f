#include "model/link.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "model/attack.h"
#include "model/suppressed.h"

namespace tocsin::model {
namespace {

// No kind may use up all of kMaxLinkKeys: sixty hashes in one alert must not hide its host and user.
constexpr std::size_t kMaxKeysOfOneKind = 6;

// How specific a kind is, lower first; kNoKey for kinds that say nothing about who or what was involved.
constexpr std::uint8_t kNoKey = 255;
constexpr std::array<std::uint8_t, 13> kRank = {
    6,       // kUser
    8,       // kHost
    10,      // kIp
    11,      // kDomain
    1,       // kUrl
    0,       // kHash
    4,       // kEmail
    2,       // kFile
    3,       // kProcess
    7,       // kAccount
    5,       // kCloudResource
    kNoKey,  // kCve: a weakness that half the fleet has is no link
    9,       // kMac
};
static_assert(kRank.size() == static_cast<std::size_t>(EntityKind::kMac) + 1);

std::uint8_t rank_of(EntityKind kind) {
  return kRank[static_cast<std::size_t>(kind)];
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// One person under the spellings that directories use: CORP\alice, alice@corp.example, Alice.
std::string user_name(std::string_view text) {
  if (const auto slash = text.rfind('\\'); slash != std::string_view::npos) text.remove_prefix(slash + 1);
  if (const auto at = text.find('@'); at != std::string_view::npos && at > 0) text = text.substr(0, at);
  return to_lower(text);
}

bool is_address(std::string_view text) {
  return text.find(':') != std::string_view::npos ||
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// One machine under its short and its full name; addresses stay whole.
std::string host_name(std::string_view text) {
  if (!is_address(text)) text = text.substr(0, text.find('.', 1));
  return to_lower(text);
}

// Scheme and host have no case, the path has.
std::string url_text(std::string_view text) {
  const auto scheme = text.find("://");
  const auto path = text.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  auto out = to_lower(text.substr(0, path));
  if (path != std::string_view::npos) out += text.substr(path);
  return out;
}

// Windows paths have no case, others have.
std::string file_path(std::string_view text) {
  const bool windows = text.find('\\') != std::string_view::npos || (text.size() > 1 && text[1] == ':');
  return windows ? to_lower(text) : std::string(text);
}

std::string normalised(EntityKind kind, std::string_view value) {
  const auto text = trim(value);
  switch (kind) {
    case EntityKind::kUser:
      return user_name(text);
    case EntityKind::kHost:
      return host_name(text);
    case EntityKind::kUrl:
      return url_text(text);
    case EntityKind::kFile:
      return file_path(text);
    default:
      return to_lower(text);
  }
}

// What tools write when they do not know, and names that every machine has: equal by chance, never a link.
bool is_placeholder(std::string_view value) {
  constexpr std::array<std::string_view, 18> kPlaceholders = {"",
                                                              "-",
                                                              "--",
                                                              "n/a",
                                                              "na",
                                                              "none",
                                                              "null",
                                                              "unknown",
                                                              "undefined",
                                                              "0.0.0.0",
                                                              "127.0.0.1",
                                                              "::1",
                                                              "::",
                                                              "localhost",
                                                              "system",
                                                              "local service",
                                                              "network service",
                                                              "anonymous logon"};
  return std::find(kPlaceholders.begin(), kPlaceholders.end(), value) != kPlaceholders.end();
}

std::uint64_t key_hash(EntityKind kind, std::string_view value) {
  return FieldHasher().add(to_text(kind)).add(value).finish();
}

std::vector<LinkKey> all_keys(const std::vector<Entity>& entities) {
  std::vector<LinkKey> keys;
  for (std::size_t i = 0; i < std::min(entities.size(), kMaxEntities); ++i) {
    const auto& entity = entities[i];
    if (rank_of(entity.kind) == kNoKey) continue;
    const auto value = normalised(entity.kind, entity.value);
    if (is_placeholder(value)) continue;
    keys.push_back({key_hash(entity.kind, value), entity.kind, entity.role, static_cast<std::uint8_t>(i)});
  }
  return keys;
}

// The same value under two roles is one key, with the role that says more (the lower one).
void keep_each_once(std::vector<LinkKey>& keys) {
  std::sort(keys.begin(), keys.end(), [](const LinkKey& a, const LinkKey& b) {
    return std::pair(a.hash, a.role) < std::pair(b.hash, b.role);
  });
  const auto same = [](const LinkKey& a, const LinkKey& b) { return a.hash == b.hash; };
  keys.erase(std::unique(keys.begin(), keys.end(), same), keys.end());
}

void order_and_bound(std::vector<LinkKey>& keys) {
  std::sort(keys.begin(), keys.end(), [](const LinkKey& a, const LinkKey& b) {
    return std::pair(rank_of(a.kind), a.entity_index) < std::pair(rank_of(b.kind), b.entity_index);
  });
  std::array<std::size_t, kRank.size()> taken{};
  const auto beyond = [&](const LinkKey& key) {
    return ++taken[static_cast<std::size_t>(key.kind)] > kMaxKeysOfOneKind;
  };
  keys.erase(std::remove_if(keys.begin(), keys.end(), beyond), keys.end());
  if (keys.size() > kMaxLinkKeys) keys.resize(kMaxLinkKeys);
}

std::vector<LinkKey> keys_of(const Alert& alert) {
  auto keys = all_keys(alert.entities);
  keep_each_once(keys);
  order_and_bound(keys);
  return keys;
}

}  // namespace

LinkRecord make_link_record(const Alert& alert) {
  LinkRecord record;
  record.occurred_at = alert.occurred_at;
  record.received_at = alert.received_at;
  record.severity = alert.severity;
  record.asset_tier = alert.asset_tier;
  record.priority = static_cast<std::uint8_t>(std::clamp(alert.priority, 0, 100));
  record.tactics = tactic_bits(alert.attack);
  record.type_hash = type_hash_of(alert);
  record.source_hash = static_cast<std::uint32_t>(hash64(alert.source));
  record.keys = keys_of(alert);
  if (is_suppressed(alert)) keep_apart(record);
  return record;
}

std::uint64_t type_hash_of(const Alert& alert) {
  return FieldHasher().add(alert.source).add(alert.type).finish();
}

const LinkKey* asset_of(const std::vector<LinkKey>& keys) {
  constexpr std::array kAssets{EntityKind::kHost,    EntityKind::kCloudResource, EntityKind::kUser,
                               EntityKind::kAccount, EntityKind::kEmail,         EntityKind::kIp,
                               EntityKind::kDomain};
  const LinkKey* best = nullptr;
  auto best_rank = kAssets.size() * 2;
  for (const auto& key : keys) {
    const auto kind = std::find(kAssets.begin(), kAssets.end(), key.kind);
    const auto rank =
        static_cast<std::size_t>(kind - kAssets.begin()) * 2 + (key.role == EntityRole::kTarget ? 0U : 1U);
    if (rank >= best_rank) continue;
    best = &key;
    best_rank = rank;
  }
  return best;
}

std::optional<LinkKey> asset_of(const Alert& alert) {
  const auto keys = keys_of(alert);
  const auto* key = asset_of(keys);
  return key == nullptr ? std::nullopt : std::optional(*key);
}

}  // namespace tocsin::model
