#pragma once
// IP addresses, and which of them a client may be sent to without anybody's leave. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace tocsin::outbound {

// IPv4 or IPv6. An IPv4-mapped one (::ffff:a.b.c.d) is the IPv4 address that the kernel would connect to.
class Address {
 public:
  // The usual forms only ("192.0.2.1", "2001:db8::1"): no octal, no short forms, no brackets, no zone.
  static std::optional<Address> parse(std::string_view text);
  // Absent for any family but AF_INET and AF_INET6.
  static std::optional<Address> from(const sockaddr& where);

  bool is_v4() const noexcept { return v4_; }
  // IPv4 as ::ffff:a.b.c.d.
  const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  std::string text() const;
  bool operator==(const Address&) const = default;

 private:
  static Address make(const std::array<std::uint8_t, 16>& bytes);
  std::array<std::uint8_t, 16> bytes_{};
  bool v4_ = false;
};

// "10.0.0.0/8", "fd00::/8", or an address alone.
struct Range {
  Address first;
  unsigned prefix = 0;  // bits of the form of 16 bytes
  // Absent when the text is none, or has bits behind the prefix.
  static std::optional<Range> parse(std::string_view text);
  bool contains(const Address& address) const;
  bool is_single() const noexcept { return prefix == 128; }
};

enum class AddressKind : std::uint8_t {
  kPublic,
  kPrivate,     // RFC 1918, ULA, carrier-grade NAT: what an organisation runs inside
  kLoopback,    // 127/8, ::1
  kMetadata,    // where clouds hand out credentials
  kUnroutable,  // all else: link-local, multicast, documentation, transition forms, reserved
};

struct AddressClass {
  AddressKind kind = AddressKind::kPublic;
  std::string_view name;  // "link-local", "6to4"; for messages
};

// Denies by default: an IPv6 address that is not global unicast is unroutable, whatever it is called.
AddressClass classify(const Address& address);

}  // namespace tocsin::outbound
