#pragma once
// Which hosts and addresses belong to which groups of the asset table. A group is a department, a zone or a
// tag, without case; the empty name is none.
//
// Hosts are found as enrichment finds them: by any name of an asset, without case; "web-01.corp.example" also
// as "web-01", and "web-01" as the one name of which it is the first label, unless assets share that. An
// address belongs to every asset of which it is an address or inside a block.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/network.h"
#include "store/inventory.h"

namespace tocsin::store {

// Filled once, then read by any thread.
class AssetGroups {
 public:
  void add(const Asset& asset);

  // Of the assets, in the order in which they were added, those of one of the groups.
  std::vector<bool> members_of(std::span<const std::string> groups) const;
  // Does the host or the address belong to one of `members`? Either may be empty.
  bool holds(std::string_view host, std::string_view address, const std::vector<bool>& members) const;

 private:
  using Row = std::uint32_t;
  using Rows = std::vector<Row>;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <class Value>
  using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;
  struct AddressHash {
    std::size_t operator()(const model::AddressBytes& address) const;
  };
  struct Blocks {
    int prefix = 0;
    std::unordered_map<model::AddressBytes, Rows, AddressHash> rows;
  };

  void add_name(std::string_view name, Row row);
  void add_block(const model::Network& network, Row row);
  bool holds_host(std::string_view host, const std::vector<bool>& members) const;
  bool holds_address(const model::AddressBytes& address, const std::vector<bool>& members) const;

  Row rows_ = 0;
  ByText<Rows> groups_;
  ByText<Rows> names_;
  ByText<Row> first_labels_;    // of names with a domain; kShared when several assets have it
  std::vector<Blocks> blocks_;  // one for each length of prefix
};

}  // namespace tocsin::store
