#pragma once
// Bytes for documents, blocks and cursors: LEB128 varints, length-prefixed text, little-endian fixed words.

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace tocsin::store {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  void signed_varint(std::int64_t value) {  // zigzag: small negatives stay short
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void fixed64(std::uint64_t value) {
    char bytes[8];
    for (auto& byte : bytes) {
      byte = static_cast<char>(value & 0xFF);
      value >>= 8;
    }
    out_.append(bytes, sizeof bytes);
  }
  void real(double value) { fixed64(std::bit_cast<std::uint64_t>(value)); }
  void time(Timestamp value) { fixed64(static_cast<std::uint64_t>(to_unix_nanos(value))); }
  void text(std::string_view value) {
    varint(value.size());
    out_.append(value);
  }
  void optional_text(const std::optional<std::string>& value) {
    varint(value ? value->size() + 1 : 0);
    if (value) out_.append(*value);
  }
  void texts(const std::vector<std::string>& values) {
    varint(values.size());
    for (const auto& value : values) text(value);
  }

 private:
  std::string& out_;
};

// Reads what ByteWriter wrote. After the first thing that does not fit, ok() is false and all reads are
// empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return fail();
  }
  std::int64_t signed_varint() {
    const auto value = varint();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  // A number of things that follow, each of at least one byte: a lie is found before memory is taken for it.
  std::size_t count() {
    const auto value = varint();
    return value <= rest_.size() ? static_cast<std::size_t>(value) : static_cast<std::size_t>(fail());
  }
  std::uint64_t fixed64() {
    const auto bytes = take(8);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  double real() { return std::bit_cast<double>(fixed64()); }
  Timestamp time() { return from_unix_nanos(static_cast<std::int64_t>(fixed64())); }
  std::string_view text() { return take(varint()); }
  std::optional<std::string> optional_text() {
    const auto size = varint();
    if (size == 0) return std::nullopt;
    return std::string(take(size - 1));
  }
  std::vector<std::string> texts() {
    std::vector<std::string> values(count());
    for (auto& value : values) value = text();
    return values;
  }
  // For enums: a value below `end`, else the reader fails.
  template <class Enum>
  Enum enumerator(std::uint64_t end) {
    const auto value = varint();
    return static_cast<Enum>(value < end ? value : fail());
  }

 private:
  std::uint64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const auto taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace tocsin::store
