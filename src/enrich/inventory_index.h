#pragma once
// The asset and user tables as the fast path asks them. Immutable, any thread.

#include <vector>

#include "enrich/fact_sink.h"
#include "enrich/range_map.h"
#include "enrich/string_index.h"
#include "store/inventory.h"

namespace tocsin::enrich {

constexpr std::string_view kAssetTable = "asset_table";
constexpr std::string_view kUserTable = "user_table";

class AssetIndex {
 public:
  AssetIndex() = default;
  explicit AssetIndex(std::vector<store::Asset> rows);
  std::size_t size() const noexcept { return rows_.size(); }

  // Facts on hosts and addresses of the alert; raises its asset_tier to the highest that a row gives.
  // A host is found by any of its names, without case; "web-01.corp.example" also by "web-01", and "web-01"
  // by the one name of which it is the first label. An address is found alone, then by the blocks around it,
  // the narrowest first.
  void apply(FactSink& sink) const;

 private:
  void add_name(std::string_view name, std::uint32_t row);
  void add_first_label(std::string_view name, std::uint32_t row);
  std::uint32_t find_host(std::string_view name) const;
  void add_host(std::string_view value, FactSink& sink) const;
  void add_address(std::string_view value, FactSink& sink) const;
  void add_row(const store::Asset& row, std::string_view subject, FactSink& sink) const;
  static void raise_tier(const store::Asset& row, std::string_view subject, FactSink& sink);

  std::vector<store::Asset> rows_;
  StringIndex names_;
  StringIndex first_labels_;  // of names with a domain; kAmbiguous when several rows share it
  RangeMap ranges_;
};

class UserIndex {
 public:
  UserIndex() = default;
  explicit UserIndex(std::vector<store::User> rows);
  std::size_t size() const noexcept { return rows_.size(); }

  // Facts on users, accounts and e-mail addresses, found by name, e-mail or alias, without case.
  // "DOMAIN\user" also by "user", unless the row names a domain of its own; a UPN only whole, since anybody
  // may be "user" in another's domain.
  void apply(FactSink& sink) const;

 private:
  void add_name(std::string_view name, std::uint32_t row);
  std::uint32_t find(std::string_view value) const;

  std::vector<store::User> rows_;
  StringIndex names_;
};

}  // namespace tocsin::enrich
