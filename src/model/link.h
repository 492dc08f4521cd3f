#pragma once
// What correlation needs to know of an alert, and no more: about 100 bytes, so that a million of them stream
// past in seconds without a document being opened.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.h"

namespace tocsin::model {

// Position of an alert in its tenant's stream: > 0, grows in commit order, never reused.
using Seq = std::int64_t;

struct LinkKey {
  std::uint64_t hash = 0;  // of kind and normalised value, so equal across roles
  EntityKind kind = EntityKind::kHost;
  EntityRole role = EntityRole::kRelated;
  std::uint8_t entity_index =
      0;  // which of Alert::entities it came from, so that a link can be told in words
  bool operator==(const LinkKey&) const = default;
};

struct LinkRecord {
  Seq seq = 0;
  Timestamp occurred_at{};
  Timestamp received_at{};
  Severity severity = Severity::kMedium;
  AssetTier asset_tier = AssetTier::kNormal;
  std::uint8_t priority = 0;      // 0..100
  std::uint16_t tactics = 0;      // bit i: the tactic at place i of the kill chain (model/attack.h)
  std::uint64_t type_hash = 0;    // of source and type: type_hash_of()
  std::uint32_t source_hash = 0;  // of source, to count distinct sources
  std::vector<LinkKey> keys;      // at most kMaxLinkKeys, most specific first
};

constexpr std::size_t kMaxLinkKeys = 24;

// Pure. Keys are made of user, account, host, ip, domain, url, hash, email, file, process, cloud_resource and
// mac entities; values are lower-cased where the kind has no case.
LinkRecord make_link_record(const Alert& alert);
std::uint64_t type_hash_of(const Alert& alert);

// The key of what an alert happened on: a host, else a cloud resource, an account, an address, a domain; a
// target before others. nullptr when none of `keys` is one.
const LinkKey* asset_of(const std::vector<LinkKey>& keys);
// The same without a record.
std::optional<LinkKey> asset_of(const Alert& alert);

// Compact bytes (version, then varints); decode is absent for anything encode did not write. `seq` is not in
// it.
void encode(const LinkRecord& record, std::string& out);
std::optional<LinkRecord> decode_link_record(std::string_view& bytes);  // consumes one record from the front

}  // namespace tocsin::model
