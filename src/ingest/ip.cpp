#include "ingest/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

struct Prefix4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t quad(unsigned a, unsigned b, unsigned c, unsigned d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA's special-purpose registry without the documentation ranges.
constexpr std::array<Prefix4, 11> kNotPublic4{{{quad(0, 0, 0, 0), 8},
                                               {quad(10, 0, 0, 0), 8},
                                               {quad(100, 64, 0, 0), 10},
                                               {quad(127, 0, 0, 0), 8},
                                               {quad(169, 254, 0, 0), 16},
                                               {quad(172, 16, 0, 0), 12},
                                               {quad(192, 0, 0, 0), 24},
                                               {quad(192, 168, 0, 0), 16},
                                               {quad(198, 18, 0, 0), 15},
                                               {quad(224, 0, 0, 0), 4},
                                               {quad(240, 0, 0, 0), 4}}};

std::optional<IpAddress> parse_v4(std::string_view text) {
  IpAddress address;
  for (std::size_t part = 0; part < 4; ++part) {
    std::size_t length = 0;
    unsigned value = 0;
    while (length < text.size() && length < 4 && is_digit(text[length])) {
      value = value * 10 + static_cast<unsigned>(text[length++] - '0');
    }
    if (length == 0 || length > 3 || value > 255 || (length > 1 && text[0] == '0')) return std::nullopt;
    address.bytes[part] = static_cast<std::uint8_t>(value);
    text.remove_prefix(length);
    if (part == 3) break;
    if (text.empty() || text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
  }
  if (!text.empty()) return std::nullopt;
  return address;
}

bool is_mapped_v4(const IpAddress& address) {
  return std::all_of(address.bytes.begin(), address.bytes.begin() + 10, [](auto b) { return b == 0; }) &&
         address.bytes[10] == 0xFF && address.bytes[11] == 0xFF;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  text = text.substr(0, text.find('%'));
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.size() < 2 || text.size() >= buffer.size() || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  std::copy(text.begin(), text.end(), buffer.begin());
  IpAddress address;
  address.is_v6 = true;
  if (inet_pton(AF_INET6, buffer.data(), address.bytes.data()) != 1) return std::nullopt;
  if (!is_mapped_v4(address)) return address;
  IpAddress v4;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), v4.bytes.begin());
  return v4;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_public_v6(const IpAddress& address) {
  const auto first = address.bytes[0];
  return first >= 0x20 && first <= 0x3F;  // 2000::/3 is all that has been handed out
}

// Nearly all addresses; inet_ntop goes through sprintf.
std::string quad_text(const std::array<std::uint8_t, 16>& bytes, std::array<char, INET6_ADDRSTRLEN>& buffer) {
  auto* to = buffer.data();
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *to++ = '.';
    to = std::to_chars(to, buffer.data() + buffer.size(), bytes[i]).ptr;
  }
  return {buffer.data(), to};
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  if (text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  return parse_v4(text);
}

std::optional<IpAddress> parse_ip_and_port(std::string_view text) {
  if (const auto address = parse_ip(text)) return address;
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !all_digits(text.substr(colon + 1))) return std::nullopt;
  const auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[');
  if (!bracketed && host.find(':') != std::string_view::npos) return std::nullopt;
  return parse_ip(host);
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (!address.is_v6) return quad_text(address.bytes, buffer);
  inet_ntop(AF_INET6, address.bytes.data(), buffer.data(), buffer.size());
  return buffer.data();
}

bool is_public(const IpAddress& address) {
  if (address.is_v6) return is_public_v6(address);
  const auto& b = address.bytes;
  const auto value = quad(b[0], b[1], b[2], b[3]);
  return std::none_of(kNotPublic4.begin(), kNotPublic4.end(), [&](const Prefix4& prefix) {
    return (value ^ prefix.network) >> (32 - prefix.bits) == 0;
  });
}

}  // namespace tocsin::ingest
