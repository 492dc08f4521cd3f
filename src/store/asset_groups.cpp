#include "store/asset_groups.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hash.h"

namespace tocsin::store {
namespace {

constexpr std::uint32_t kShared = 0xFFFFFFFF;

bool any_of(const std::vector<std::uint32_t>& rows, const std::vector<bool>& members) {
  return std::any_of(rows.begin(), rows.end(), [&](auto row) { return members[row]; });
}

}  // namespace

std::size_t AssetGroups::AddressHash::operator()(const model::AddressBytes& address) const {
  return hash64({reinterpret_cast<const char*>(address.data()), address.size()});
}

void AssetGroups::add(const Asset& asset) {
  const auto row = rows_++;
  const auto join = [&](const std::string& group) {
    if (group.empty()) return;
    auto& rows = groups_[to_lower(group)];
    if (rows.empty() || rows.back() != row) rows.push_back(row);
  };
  join(asset.department);
  join(asset.zone);
  for (const auto& tag : asset.tags) join(tag);
  add_name(asset.name, row);
  for (const auto& host : asset.hosts) add_name(host, row);
  for (const auto& address : asset.addresses) {
    if (const auto network = model::parse_network(address)) add_block(*network, row);
  }
}

void AssetGroups::add_name(std::string_view name, Row row) {
  if (name.empty()) return;
  const auto lower = to_lower(name);
  names_[lower].push_back(row);
  const auto dot = lower.find('.');
  if (dot == std::string::npos || model::parse_network(name)) return;
  const auto [label, is_new] = first_labels_.try_emplace(lower.substr(0, dot), row);
  if (!is_new && label->second != row) label->second = kShared;
}

void AssetGroups::add_block(const model::Network& network, Row row) {
  auto blocks = std::find_if(blocks_.begin(), blocks_.end(),
                             [&](const Blocks& some) { return some.prefix == network.prefix; });
  if (blocks == blocks_.end()) blocks = blocks_.insert(blocks_.end(), {network.prefix, {}});
  blocks->rows[network.first].push_back(row);
}

std::vector<bool> AssetGroups::members_of(std::span<const std::string> groups) const {
  std::vector<bool> members(rows_);
  for (const auto& group : groups) {
    const auto found = groups_.find(to_lower(group));
    if (found == groups_.end()) continue;
    for (const auto row : found->second) members[row] = true;
  }
  return members;
}

bool AssetGroups::holds(std::string_view host, std::string_view address,
                        const std::vector<bool>& members) const {
  // Tools that know no name write the address where a host belongs.
  for (const auto text : {host, address}) {
    const auto bytes = model::parse_address(text);
    if (bytes && holds_address(*bytes, members)) return true;
  }
  return !host.empty() && holds_host(host, members);
}

bool AssetGroups::holds_host(std::string_view host, const std::vector<bool>& members) const {
  const auto lower = to_lower(host);
  if (const auto whole = names_.find(lower); whole != names_.end()) return any_of(whole->second, members);
  if (model::parse_address(host)) return false;
  if (const auto dot = lower.find('.'); dot != std::string::npos) {
    const auto bare = names_.find(std::string_view(lower).substr(0, dot));
    return bare != names_.end() && any_of(bare->second, members);
  }
  const auto label = first_labels_.find(lower);
  return label != first_labels_.end() && label->second != kShared && members[label->second];
}

bool AssetGroups::holds_address(const model::AddressBytes& address, const std::vector<bool>& members) const {
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const Blocks& some) {
    const auto found = some.rows.find(model::first_of_block(address, some.prefix));
    return found != some.rows.end() && any_of(found->second, members);
  });
}

}  // namespace tocsin::store
