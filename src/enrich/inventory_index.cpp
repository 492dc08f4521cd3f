#include "enrich/inventory_index.h"

#include <algorithm>

#include "enrich/lower.h"

namespace tocsin::enrich {
namespace {

using model::EntityKind;
using store::Asset;
using store::User;

constexpr std::uint32_t kAmbiguous = 0xFFFFFFFE;
constexpr std::size_t kMaxSubjects = 16;  // of one alert that are looked up in a table
constexpr int kHostPrefix = 128;

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

// Once a value, whatever its roles.
template <class Wanted, class Each>
void each_subject(const model::Alert& alert, Wanted wanted, Each each) {
  std::size_t looked_up = 0;
  for (std::size_t i = 0; i < alert.entities.size() && looked_up < kMaxSubjects; ++i) {
    const auto& entity = alert.entities[i];
    if (!wanted(entity.kind)) continue;
    const auto same = [&](const model::Entity& e) { return wanted(e.kind) && e.value == entity.value; };
    if (std::any_of(alert.entities.begin(), alert.entities.begin() + static_cast<std::ptrdiff_t>(i), same))
      continue;
    ++looked_up;
    each(entity);
  }
}

}  // namespace

AssetIndex::AssetIndex(std::vector<Asset> rows) : rows_(std::move(rows)) {
  std::vector<RangeMap::Block> blocks;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    add_name(rows_[i].name, i);
    for (const auto& host : rows_[i].hosts) add_name(host, i);
    for (const auto& address : rows_[i].addresses) {
      if (const auto network = model::parse_network(address)) blocks.push_back({*network, i});
    }
  }
  ranges_ = RangeMap(std::move(blocks));
}

void AssetIndex::add_name(std::string_view name, std::uint32_t row) {
  const Lower lower(name);
  names_.put(lower.view(), row);
  const auto dot = lower.view().find('.');
  if (dot != std::string_view::npos && !model::parse_network(name))
    add_first_label(lower.view().substr(0, dot), row);
}

void AssetIndex::add_first_label(std::string_view label, std::uint32_t row) {
  const auto before = first_labels_.find(label);
  first_labels_.put(label, before == kNone || before == row ? row : kAmbiguous);
}

std::uint32_t AssetIndex::find_host(std::string_view name) const {
  const Lower lower(name);
  if (const auto row = names_.find(lower.view()); row != kNone) return row;
  const auto dot = lower.view().find('.');
  if (dot != std::string_view::npos) return names_.find(lower.view().substr(0, dot));
  const auto row = first_labels_.find(lower.view());
  return row == kAmbiguous ? kNone : row;
}

void AssetIndex::apply(FactSink& sink) const {
  if (rows_.empty()) return;
  each_subject(
      sink.alert(), [](EntityKind kind) { return kind == EntityKind::kHost || kind == EntityKind::kIp; },
      [&](const model::Entity& entity) {
        entity.kind == EntityKind::kIp ? add_address(entity.value, sink) : add_host(entity.value, sink);
      });
}

void AssetIndex::add_host(std::string_view value, FactSink& sink) const {
  if (const auto row = find_host(value); row != kNone) {
    add_row(rows_[row], value, sink);
    raise_tier(rows_[row], value, sink);
  }
}

void AssetIndex::add_address(std::string_view value, FactSink& sink) const {
  const auto address = model::parse_address(value);
  if (!address) return;
  const Asset* with_tier = nullptr;
  bool zoned = false;
  ranges_.each_around(*address, [&](const RangeMap::Block& block) {
    const auto& row = rows_[block.value];
    if (with_tier == nullptr && row.tier) with_tier = &row;
    if (block.network.prefix == kHostPrefix) {
      add_row(row, value, sink);
      zoned = zoned || !row.zone.empty();
    } else if (!zoned) {
      sink.add("network", row.name, kAssetTable, row.meta.updated_at, value);
      sink.add("network_zone", row.zone, kAssetTable, row.meta.updated_at, value);
      zoned = !row.zone.empty();
    }
    return true;
  });
  if (with_tier != nullptr) raise_tier(*with_tier, value, sink);
}

void AssetIndex::add_row(const Asset& row, std::string_view subject, FactSink& sink) const {
  const auto say = [&](std::string_view name, std::string_view value) {
    sink.add(name, value, kAssetTable, row.meta.updated_at, subject);
  };
  say("asset", row.name);
  say("asset_owner", row.owner);
  say("asset_department", row.department);
  say("network_zone", row.zone);
  say("asset_tags", joined(row.tags));
}

void AssetIndex::raise_tier(const Asset& row, std::string_view subject, FactSink& sink) {
  if (!row.tier) return;
  sink.add("asset_tier", to_text(*row.tier), kAssetTable, row.meta.updated_at, subject);
  sink.alert().asset_tier = std::max(sink.alert().asset_tier, *row.tier);
}

UserIndex::UserIndex(std::vector<User> rows) : rows_(std::move(rows)) {
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    for (const auto& alias : rows_[i].aliases) add_name(alias, i);
    add_name(rows_[i].email, i);
  }
  for (std::uint32_t i = 0; i < rows_.size(); ++i) add_name(rows_[i].name, i);  // a name beats an alias
}

void UserIndex::add_name(std::string_view name, std::uint32_t row) {
  if (!name.empty()) names_.put(Lower(name).view(), row);
}

std::uint32_t UserIndex::find(std::string_view value) const {
  const Lower lower(value);
  if (const auto row = names_.find(lower.view()); row != kNone) return row;
  const auto slash = lower.view().find('\\');
  if (slash == std::string_view::npos) return kNone;
  const auto row = names_.find(lower.view().substr(slash + 1));
  if (row == kNone) return kNone;
  const auto& aliases = rows_[row].aliases;
  const bool has_domain = std::any_of(aliases.begin(), aliases.end(), [](const std::string& alias) {
    return alias.find('\\') != std::string::npos;
  });
  return has_domain ? kNone : row;
}

void UserIndex::apply(FactSink& sink) const {
  if (rows_.empty()) return;
  const auto is_person = [](EntityKind kind) {
    return kind == EntityKind::kUser || kind == EntityKind::kAccount || kind == EntityKind::kEmail;
  };
  each_subject(sink.alert(), is_person, [&](const model::Entity& entity) {
    const auto found = find(entity.value);
    if (found == kNone) return;
    const auto& row = rows_[found];
    const auto say = [&](std::string_view name, std::string_view value) {
      sink.add(name, value, kUserTable, row.meta.updated_at, entity.value);
    };
    say("user", row.name);
    if (row.privileged) say("privileged", *row.privileged ? "true" : "false");
    if (row.tier) say("user_tier", to_text(*row.tier));
    say("user_department", row.department);
    say("user_title", row.title);
    say("user_manager", row.manager);
  });
}

}  // namespace tocsin::enrich
