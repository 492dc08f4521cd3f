#include "model/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace tocsin::model {
namespace {

constexpr int kMappedPrefix = 96;  // bits before an IPv4 address

bool is_mapped(const AddressBytes& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

std::uint8_t mask_of_byte(int prefix, int index) {
  const int bits = std::clamp(prefix - index * 8, 0, 8);
  return static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(bits));
}

std::optional<int> parse_prefix(std::string_view digits, int most) {
  int prefix = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool whole = failed == std::errc{} && end == digits.data() + digits.size();
  return whole && prefix >= 0 && prefix <= most ? std::optional(prefix) : std::nullopt;
}

}  // namespace

std::optional<AddressBytes> parse_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  AddressBytes bytes{};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data() + kMappedPrefix / 8) == 1) {
    bytes[10] = bytes[11] = 0xFF;
    return bytes;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network{*address, 128};
  if (slash != std::string_view::npos) {
    const bool is_v4 = text.find(':') == std::string_view::npos;
    const auto prefix = parse_prefix(text.substr(slash + 1), is_v4 ? 32 : 128);
    if (!prefix) return std::nullopt;
    network.prefix = *prefix + (is_v4 ? kMappedPrefix : 0);
  }
  network.first = first_of_block(network.first, network.prefix);
  return network;
}

AddressBytes first_of_block(AddressBytes address, int prefix) {
  for (int i = 0; i < 16; ++i) address[static_cast<std::size_t>(i)] &= mask_of_byte(prefix, i);
  return address;
}

std::string to_string(const Network& network) {
  char text[INET6_ADDRSTRLEN] = {};
  const bool is_v4 = is_mapped(network.first) && network.prefix >= kMappedPrefix;
  inet_ntop(is_v4 ? AF_INET : AF_INET6, network.first.data() + (is_v4 ? kMappedPrefix / 8 : 0), text,
            sizeof text);
  return std::string(text) + '/' + std::to_string(network.prefix - (is_v4 ? kMappedPrefix : 0));
}

bool contains(const Network& network, const AddressBytes& address) {
  for (int i = 0; i < 16; ++i) {
    const auto place = static_cast<std::size_t>(i);
    if ((address[place] & mask_of_byte(network.prefix, i)) != network.first[place]) return false;
  }
  return true;
}

}  // namespace tocsin::model
