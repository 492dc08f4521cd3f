#include "store/sqlite/inventory_rows.h"

#include "base/ascii.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kTiers = 3;

// 0: not said, else one more than the value.
template <class T>
void write_optional(ByteWriter& to, const std::optional<T>& value) {
  to.varint(value ? static_cast<std::uint64_t>(*value) + 1 : 0);
}
std::optional<model::AssetTier> read_tier(ByteReader& from) {
  const auto value = from.varint();
  if (value == 0 || value > kTiers) return std::nullopt;
  return static_cast<model::AssetTier>(value - 1);
}

void add_lower(std::string& out, std::string_view text) {
  out += to_lower(text);
  out += '\n';
}
void add_lower(std::string& out, const std::vector<std::string>& texts) {
  for (const auto& text : texts) add_lower(out, text);
}

}  // namespace

void encode_row(const Asset& asset, std::string& out) {
  ByteWriter to(out);
  to.varint(kVersion);
  to.text(asset.name);
  to.texts(asset.hosts);
  to.texts(asset.addresses);
  write_optional(to, asset.tier);
  to.text(asset.owner);
  to.text(asset.department);
  to.text(asset.zone);
  to.texts(asset.tags);
}

void encode_row(const User& user, std::string& out) {
  ByteWriter to(out);
  to.varint(kVersion);
  to.text(user.name);
  to.text(user.email);
  to.texts(user.aliases);
  to.text(user.department);
  to.text(user.title);
  to.text(user.manager);
  write_optional(to, user.privileged);
  write_optional(to, user.tier);
}

bool decode_row(std::string_view bytes, Asset& asset) {
  ByteReader from(bytes);
  if (from.varint() != kVersion) return false;
  asset.name = from.text();
  asset.hosts = from.texts();
  asset.addresses = from.texts();
  asset.tier = read_tier(from);
  asset.owner = from.text();
  asset.department = from.text();
  asset.zone = from.text();
  asset.tags = from.texts();
  return from.done();
}

bool decode_row(std::string_view bytes, User& user) {
  ByteReader from(bytes);
  if (from.varint() != kVersion) return false;
  user.name = from.text();
  user.email = from.text();
  user.aliases = from.texts();
  user.department = from.text();
  user.title = from.text();
  user.manager = from.text();
  if (const auto said = from.varint(); said != 0) user.privileged = said == 2;
  user.tier = read_tier(from);
  return from.done();
}

std::string search_text_of(const Asset& asset) {
  std::string out;
  add_lower(out, asset.name);
  add_lower(out, asset.hosts);
  add_lower(out, asset.addresses);
  for (const auto* text : {&asset.owner, &asset.department, &asset.zone}) add_lower(out, *text);
  add_lower(out, asset.tags);
  return out;
}

std::string search_text_of(const User& user) {
  std::string out;
  for (const auto* text : {&user.name, &user.email}) add_lower(out, *text);
  add_lower(out, user.aliases);
  for (const auto* text : {&user.department, &user.title, &user.manager}) add_lower(out, *text);
  return out;
}

}  // namespace tocsin::store
