#pragma once
// Assets and users as bytes, and what tells their two tables apart.

#include <string>
#include <string_view>

#include "base/ids.h"
#include "store/audit.h"
#include "store/inventory.h"

namespace tocsin::store {

void encode_row(const Asset& asset, std::string& out);
void encode_row(const User& user, std::string& out);
bool decode_row(std::string_view bytes, Asset& asset);  // false when they are none of encode_row's
bool decode_row(std::string_view bytes, User& user);

// Every text of a row in lower case, one a line.
std::string search_text_of(const Asset& asset);
std::string search_text_of(const User& user);

template <class Row>
struct InventoryTraits;
template <>
struct InventoryTraits<Asset> {
  using Id = AssetId;
  static constexpr std::string_view kTable = "assets";
  static constexpr std::string_view kNoun = "asset";
  static constexpr auto kPut = AuditAction::kAssetPut;
  static constexpr auto kReplaced = AuditAction::kAssetReplace;
  static constexpr auto kRemoved = AuditAction::kAssetRemove;
};
template <>
struct InventoryTraits<User> {
  using Id = UserId;
  static constexpr std::string_view kTable = "directory_users";
  static constexpr std::string_view kNoun = "user";
  static constexpr auto kPut = AuditAction::kUserPut;
  static constexpr auto kReplaced = AuditAction::kUserReplace;
  static constexpr auto kRemoved = AuditAction::kUserRemove;
};

}  // namespace tocsin::store
