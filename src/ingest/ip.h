#pragma once
// IP addresses as text: reading, the one spelling we store, and which of them the whole world can see.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::ingest {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  // the first four for IPv4
  bool is_v6 = false;
};

// Dotted quad or IPv6, with or without brackets and zone ("[fe80::1%eth0]"); an IPv4-mapped address becomes
// IPv4. No port, no prefix length, no leading zeros.
std::optional<IpAddress> parse_ip(std::string_view text);
// As parse_ip, but "1.2.3.4:443" and "[::1]:443" too.
std::optional<IpAddress> parse_ip_and_port(std::string_view text);

std::string to_string(const IpAddress& address);  // RFC 5952 spelling

// False for private, loopback, link-local, carrier-grade NAT, multicast, benchmarking, unspecified and
// reserved ranges. The documentation ranges (RFC 5737, RFC 3849) count as public: in examples and exercises
// they stand for attackers' addresses.
bool is_public(const IpAddress& address);

}  // namespace tocsin::ingest
