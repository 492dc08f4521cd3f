#pragma once
// Writes small MaxMind DB files for tests, after https://maxmind.github.io/MaxMind-DB/ (version 2.0): IPv4,
// records of 24 bits.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::enrich::test {

class MmdbBuilder {
 public:
  using Members = std::vector<std::pair<std::string, std::string>>;  // names and encoded values

  static std::string text(std::string_view value) { return head(2, value.size()) + std::string(value); }
  static std::string number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes += static_cast<char>(value >> static_cast<unsigned>(shift));
    return head(6, 4) + bytes;
  }
  static std::string map(const Members& members) {
    std::string out = head(7, members.size());
    for (const auto& [name, value] : members) out += text(name) + value;
    return out;
  }

  // `address` in host order.
  void add(std::uint32_t address, unsigned prefix, const std::string& encoded) {
    const auto data = static_cast<std::uint32_t>(data_.size());
    data_ += encoded;
    std::size_t node = 0;
    for (unsigned bit = 0; bit < prefix; ++bit) {
      const auto side = (address >> (31 - bit)) & 1U;
      if (bit + 1 == prefix) {
        nodes_[node].to[side] = {Record::kData, data};
        return;
      }
      if (nodes_[node].to[side].kind != Record::kNode) {
        const auto fresh = static_cast<std::uint32_t>(nodes_.size());
        nodes_[node].to[side] = {Record::kNode, fresh};
        nodes_.emplace_back();
      }
      node = nodes_[node].to[side].value;
    }
  }

  std::string build(std::string_view type, std::uint32_t build_epoch) const {
    const auto count = static_cast<std::uint32_t>(nodes_.size());
    std::string out;
    for (const auto& node : nodes_) {
      for (const auto& record : node.to) {
        const auto value = record.kind == Record::kNone   ? count
                           : record.kind == Record::kNode ? record.value
                                                          : count + 16 + record.value;
        for (int shift = 16; shift >= 0; shift -= 8)
          out += static_cast<char>(value >> static_cast<unsigned>(shift));
      }
    }
    out += std::string(16, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com";
    return out + map({{"node_count", number(count)},
                      {"record_size", short_number(24)},
                      {"ip_version", short_number(4)},
                      {"database_type", text(type)},
                      {"languages", std::string("\x00\x04", 2)},
                      {"binary_format_major_version", short_number(2)},
                      {"binary_format_minor_version", short_number(0)},
                      {"build_epoch", long_number(build_epoch)},
                      {"description", map({{"en", text("for a test")}})}});
  }

 private:
  struct Record {
    enum Kind { kNone, kNode, kData };
    Kind kind = kNone;
    std::uint32_t value = 0;
  };
  struct Node {
    Record to[2];
  };
  static std::string head(unsigned type, std::size_t size) {
    if (size < 29) return std::string(1, static_cast<char>(type << 5U | size));
    return {static_cast<char>(type << 5U | 29U), static_cast<char>(size - 29)};
  }
  static std::string short_number(std::uint16_t value) {
    return head(5, 2) + static_cast<char>(value >> 8U) + static_cast<char>(value & 0xFFU);
  }
  static std::string long_number(std::uint32_t value) {
    const auto bytes = number(value).substr(1);
    return std::string("\x04\x02", 2) + bytes;
  }

  std::vector<Node> nodes_{1};
  std::string data_;
};

}  // namespace tocsin::enrich::test
