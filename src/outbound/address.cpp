#include "outbound/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

namespace tocsin::outbound {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

Bytes mapped(const in_addr& v4) {
  Bytes bytes = kMapped;
  std::memcpy(bytes.data() + 12, &v4, sizeof v4);
  return bytes;
}

bool has_prefix(const Bytes& bytes, const Bytes& prefix, unsigned bits) {
  const auto whole = bits / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + whole, prefix.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits % 8));
  return ((bytes[whole] ^ prefix[whole]) & mask) == 0;
}

struct Row {
  const char* range;
  AddressKind kind;
  std::string_view name;
};

// The first that fits counts. IANA's special-purpose registries, and where clouds keep their metadata.
constexpr Row kRows[] = {
    {"169.254.169.254", AddressKind::kMetadata, "cloud metadata"},
    {"169.254.170.2", AddressKind::kMetadata, "cloud metadata"},
    {"169.254.170.23", AddressKind::kMetadata, "cloud metadata"},
    {"100.100.100.200", AddressKind::kMetadata, "cloud metadata"},
    {"168.63.129.16", AddressKind::kMetadata, "cloud metadata"},
    {"192.0.0.192", AddressKind::kMetadata, "cloud metadata"},
    {"fd00:ec2::/32", AddressKind::kMetadata, "cloud metadata"},
    {"fd20:ce::254", AddressKind::kMetadata, "cloud metadata"},
    {"0.0.0.0/8", AddressKind::kUnroutable, "this network"},
    {"10.0.0.0/8", AddressKind::kPrivate, "private"},
    {"100.64.0.0/10", AddressKind::kPrivate, "carrier-grade NAT"},
    {"127.0.0.0/8", AddressKind::kLoopback, "loopback"},
    {"169.254.0.0/16", AddressKind::kUnroutable, "link-local"},
    {"172.16.0.0/12", AddressKind::kPrivate, "private"},
    {"192.0.0.0/24", AddressKind::kUnroutable, "protocol assignment"},
    {"192.0.2.0/24", AddressKind::kUnroutable, "documentation"},
    {"192.88.99.0/24", AddressKind::kUnroutable, "6to4 relay"},
    {"192.168.0.0/16", AddressKind::kPrivate, "private"},
    {"198.18.0.0/15", AddressKind::kUnroutable, "benchmarking"},
    {"198.51.100.0/24", AddressKind::kUnroutable, "documentation"},
    {"203.0.113.0/24", AddressKind::kUnroutable, "documentation"},
    {"224.0.0.0/4", AddressKind::kUnroutable, "multicast"},
    {"240.0.0.0/4", AddressKind::kUnroutable, "reserved"},
    {"0.0.0.0/0", AddressKind::kPublic, "public"},
    {"::1", AddressKind::kLoopback, "loopback"},
    {"::/128", AddressKind::kUnroutable, "unspecified"},
    {"::/96", AddressKind::kUnroutable, "IPv4-compatible"},
    {"::ffff:0:0:0/96", AddressKind::kUnroutable, "IPv4-translated"},
    {"64:ff9b:1::/48", AddressKind::kUnroutable, "local NAT64"},
    {"fc00::/7", AddressKind::kPrivate, "unique local"},
    {"fe80::/10", AddressKind::kUnroutable, "link-local"},
    {"fec0::/10", AddressKind::kUnroutable, "site-local"},
    {"ff00::/8", AddressKind::kUnroutable, "multicast"},
    {"2001::/32", AddressKind::kUnroutable, "Teredo"},
    {"2001::/23", AddressKind::kUnroutable, "protocol assignment"},
    {"2001:db8::/32", AddressKind::kUnroutable, "documentation"},
    {"2002::/16", AddressKind::kUnroutable, "6to4"},
    {"3ffe::/16", AddressKind::kUnroutable, "6bone"},
    {"3fff::/20", AddressKind::kUnroutable, "documentation"},
    {"2000::/3", AddressKind::kPublic, "public"},
    {"::/0", AddressKind::kUnroutable, "reserved"},
};

struct ParsedRow {
  Range range;
  AddressClass found;
};

const std::vector<ParsedRow>& rows() {
  static const auto table = [] {
    std::vector<ParsedRow> parsed;
    for (const auto& row : kRows) parsed.push_back({Range::parse(row.range).value(), {row.kind, row.name}});
    return parsed;
  }();
  return table;
}

AddressClass look_up(const Address& address) {
  const auto row = std::find_if(rows().begin(), rows().end(),
                                [&](const ParsedRow& one) { return one.range.contains(address); });
  return row->found;  // the last rows take everything
}

// The well-known NAT64 prefix leads to the IPv4 address in its last bytes: how a network without IPv4 reaches
// most of the world.
std::optional<Address> behind_nat64(const Address& address) {
  static const Range kWellKnown = Range::parse("64:ff9b::/96").value();
  if (address.is_v4() || !kWellKnown.contains(address)) return std::nullopt;
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, address.bytes().data() + 12, text, sizeof text);
  return Address::parse(text);
}

// RFC 5214 §6.1: an IPv4 address in the interface identifier, reached through a tunnel.
bool is_isatap(const Address& address) {
  const auto& b = address.bytes();
  return !address.is_v4() && (b[8] & 0xFC) == 0 && b[9] == 0 && b[10] == 0x5E && b[11] == 0xFE;
}

}  // namespace

Address Address::make(const Bytes& bytes) {
  Address address;
  address.bytes_ = bytes;
  address.v4_ = has_prefix(bytes, kMapped, 96);
  return address;
}

std::optional<Address> Address::parse(std::string_view text) {
  const std::string copy(text);  // inet_pton stops at a NUL
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  in_addr v4{};
  if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) return make(mapped(v4));
  Bytes v6{};
  if (inet_pton(AF_INET6, copy.c_str(), v6.data()) == 1) return make(v6);
  return std::nullopt;
}

std::optional<Address> Address::from(const sockaddr& where) {
  if (where.sa_family == AF_INET) return make(mapped(reinterpret_cast<const sockaddr_in&>(where).sin_addr));
  if (where.sa_family != AF_INET6) return std::nullopt;
  Bytes bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(where).sin6_addr, bytes.size());
  return make(bytes);
}

std::string Address::text() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (v4_) {
    inet_ntop(AF_INET, bytes_.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
  }
  return text;
}

std::optional<Range> Range::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned width = address->is_v4() ? 32 : 128;
  unsigned bits = width;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (code != std::errc{} || end != digits.data() + digits.size() || bits > width) return std::nullopt;
  }
  const Range range{*address, bits + (128 - width)};
  for (unsigned bit = range.prefix; bit < 128; ++bit) {
    if ((address->bytes()[bit / 8] >> (7 - bit % 8) & 1) != 0) return std::nullopt;
  }
  return range;
}

bool Range::contains(const Address& address) const {
  return first.is_v4() == address.is_v4() && has_prefix(address.bytes(), first.bytes(), prefix);
}

AddressClass classify(const Address& address) {
  if (const auto inner = behind_nat64(address)) {
    const auto found = look_up(*inner);
    if (found.kind == AddressKind::kPublic) return found;
    return {found.kind == AddressKind::kMetadata ? found.kind : AddressKind::kUnroutable, "NAT64"};
  }
  const auto found = look_up(address);
  if (found.kind == AddressKind::kPublic && is_isatap(address)) return {AddressKind::kUnroutable, "ISATAP"};
  return found;
}

}  // namespace tocsin::outbound
