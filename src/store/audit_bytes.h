#pragma once
// The bytes that are hashed and signed: a word that says what they are, numbers as 8 bytes little-endian,
// texts with their length before them. Two different sequences never have the same bytes.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::store {

class AuditBytes {
 public:
  explicit AuditBytes(std::string_view word) : bytes_(word) {}
  AuditBytes& number(std::int64_t value) {
    std::array<char, 8> bytes{};
    auto rest = static_cast<std::uint64_t>(value);
    for (auto& byte : bytes) {
      byte = static_cast<char>(rest & 0xFF);
      rest >>= 8;
    }
    bytes_.append(bytes.data(), bytes.size());
    return *this;
  }
  AuditBytes& text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes_ += value;
    return *this;
  }
  const std::string& str() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace tocsin::store
