#pragma once
// Blocks of IP addresses: "10.0.0.0/8", "2001:db8::/32", or one address.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::model {

// IPv4 lies in ::ffff:0:0/96, so that one comparison serves both.
using AddressBytes = std::array<std::uint8_t, 16>;

struct Network {
  AddressBytes first{};  // bits beyond `prefix` are zero
  int prefix = 128;      // 0..128
  bool operator==(const Network&) const = default;
};

// Dotted quad or IPv6 without brackets, zone or port.
std::optional<AddressBytes> parse_address(std::string_view text);
std::optional<Network> parse_network(std::string_view text);
// With the bits beyond `prefix` zero.
AddressBytes first_of_block(AddressBytes address, int prefix);
std::string to_string(const Network& network);  // parse_network reads it back
bool contains(const Network& network, const AddressBytes& address);

}  // namespace tocsin::model
