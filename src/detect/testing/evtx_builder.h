#pragma once
// Windows event log files as bytes, for tests and seeds of the fuzz target. Link ZLIB::ZLIB.
//
//   EvtxChunkBuilder chunk;
//   chunk.record(1, [&] { chunk.element("Event", {}, [&] { chunk.text("x"); }); });
//   evtx_file({chunk.finish()})

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/evtx/evtx_value.h"

namespace tocsin::test {

template <class T>
std::string bytes_of(T number) {
  std::string out(sizeof(T), '\0');
  std::memcpy(out.data(), &number, sizeof(T));
  return out;
}

// ASCII only.
inline std::string utf16(std::string_view text) {
  std::string out;
  for (const char c : text) out += {c, '\0'};
  return out;
}

class EvtxChunkBuilder {
 public:
  using Type = detect::EvtxType;
  struct Value {
    std::uint8_t type;
    std::string bytes;
    std::function<void()> body = {};  // writes what the value holds, in its place
  };
  // What stands in an attribute: a text, or the place of a value.
  struct Attribute {
    std::string name;
    std::string text;
    int place = -1;
  };

  static Value value(Type type, std::string bytes = {}) {
    return {static_cast<std::uint8_t>(type), std::move(bytes)};
  }
  static Value xml(std::function<void()> body) {
    return {static_cast<std::uint8_t>(Type::kBinaryXml), {}, std::move(body)};
  }
  static Value array(Type type, std::string bytes) {
    return {static_cast<std::uint8_t>(static_cast<std::uint8_t>(type) | detect::kEvtxArray),
            std::move(bytes)};
  }

  explicit EvtxChunkBuilder(std::uint64_t first_id = 1) : bytes_(512, '\0'), first_id_(first_id) {}

  template <class Body>
  void record(std::uint64_t id, const Body& body) {
    last_record_ = bytes_.size();
    last_id_ = id;
    bytes_ +=
        std::string("**\0\0", 4) + bytes_of(std::uint32_t{0}) + bytes_of(id) + bytes_of(std::uint64_t{0});
    fragment();
    body();
    bytes_ += '\0';
    const auto size = static_cast<std::uint32_t>(bytes_.size() + 4 - last_record_);
    put(last_record_ + 4, bytes_of(size));
    bytes_ += bytes_of(size);
  }

  void fragment() { bytes_ += std::string("\x0F\x01\x01\x00", 4); }

  // `has_dependency` is false for elements directly inside of a value.
  template <class Body>
  void element(std::string_view element_name, const std::vector<Attribute>& attributes, const Body& body,
               bool has_dependency = true) {
    bytes_ += static_cast<char>(attributes.empty() ? 0x01 : 0x41);
    if (has_dependency) bytes_ += "\xFF\xFF";
    const auto size_at = reserve_size();
    name(element_name);
    if (!attributes.empty()) write_attributes(attributes);
    bytes_ += '\x02';
    body();
    bytes_ += '\x04';
    fill_size(size_at);
  }
  void element(std::string_view element_name, const std::vector<Attribute>& attributes = {}) {
    element(element_name, attributes, [] {});
  }
  void text(std::string_view text) {
    bytes_ += std::string("\x05\x01", 2) + bytes_of(static_cast<std::uint16_t>(text.size())) + utf16(text);
  }
  void substitution(std::uint16_t place, Type type = Type::kString, bool is_optional = true) {
    bytes_ += static_cast<char>(is_optional ? 0x0E : 0x0D);
    bytes_ += bytes_of(place) + static_cast<char>(type);
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  void name(std::string_view text) {
    const auto known = names_.find(text);
    if (known != names_.end()) {
      bytes_ += bytes_of(known->second);
      return;
    }
    const auto at = static_cast<std::uint32_t>(bytes_.size() + 4);
    names_.emplace(text, at);
    bytes_ += bytes_of(at) + bytes_of(std::uint32_t{0}) + bytes_of(std::uint16_t{0}) +
              bytes_of(static_cast<std::uint16_t>(text.size())) + utf16(text) + std::string(2, '\0');
  }

  // The first use of an id holds the definition, later ones refer to it.
  template <class Body>
  void use_template(std::uint32_t id, const std::vector<Value>& values, const Body& body) {
    bytes_ += std::string("\x0C\x01", 2) + bytes_of(id);
    const auto known = templates_.find(id);
    const auto at = known != templates_.end() ? known->second : static_cast<std::uint32_t>(bytes_.size() + 4);
    bytes_ += bytes_of(at);
    if (known == templates_.end()) {
      templates_.emplace(id, at);
      bytes_ += bytes_of(std::uint32_t{0}) + bytes_of(id) + std::string(12, '\x11');
      const auto size_at = reserve_size();
      fragment();
      body();
      bytes_ += '\0';
      fill_size(size_at);
    }
    write_values(values);
  }

  std::size_t size() const { return bytes_.size(); }

  // 64 KiB, with the checksums that belong to it.
  std::string finish() {
    const auto free_space = static_cast<std::uint32_t>(bytes_.size());
    put(0, std::string("ElfChnk\0", 8));
    for (const std::size_t at : {8U, 24U}) put(at, bytes_of(first_id_));
    for (const std::size_t at : {16U, 32U}) put(at, bytes_of(last_id_));
    put(40, bytes_of(std::uint32_t{128}));
    put(44, bytes_of(static_cast<std::uint32_t>(last_record_)));
    put(48, bytes_of(free_space));
    put(52, bytes_of(sum(0, std::string_view(bytes_).substr(512))));
    put(124, bytes_of(sum(sum(0, std::string_view(bytes_).substr(0, 120)),
                          std::string_view(bytes_).substr(128, 512 - 128))));
    auto out = bytes_;
    out.resize(64U << 10, '\0');
    return out;
  }

  static std::uint32_t sum(std::uint32_t begin, std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32(begin, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
  }

 private:
  void put(std::size_t at, std::string_view bytes) { bytes_.replace(at, bytes.size(), bytes); }
  std::size_t reserve_size() {
    bytes_ += std::string(4, '\0');
    return bytes_.size() - 4;
  }
  void fill_size(std::size_t at) { put(at, bytes_of(static_cast<std::uint32_t>(bytes_.size() - at - 4))); }
  void write_attributes(const std::vector<Attribute>& attributes) {
    const auto size_at = reserve_size();
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      bytes_ += static_cast<char>(i + 1 < attributes.size() ? 0x46 : 0x06);
      name(attributes[i].name);
      if (attributes[i].place >= 0) {
        substitution(static_cast<std::uint16_t>(attributes[i].place));
      } else {
        text(attributes[i].text);
      }
    }
    fill_size(size_at);
  }
  void write_values(const std::vector<Value>& values) {
    bytes_ += bytes_of(static_cast<std::uint32_t>(values.size()));
    auto descriptor = bytes_.size();
    for (const auto& value : values) bytes_ += std::string(2, '\0') + static_cast<char>(value.type) + '\0';
    for (const auto& value : values) {
      const auto begin = bytes_.size();
      bytes_ += value.bytes;
      if (value.body) value.body();
      put(descriptor, bytes_of(static_cast<std::uint16_t>(bytes_.size() - begin)));
      descriptor += 4;
    }
  }

  std::string bytes_;
  std::uint64_t first_id_;
  std::uint64_t last_id_ = 0;
  std::size_t last_record_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> names_;
  std::map<std::uint32_t, std::uint32_t> templates_;
};

inline std::string evtx_file(const std::vector<std::string>& chunks) {
  std::string head = std::string("ElfFile\0", 8) + bytes_of(std::uint64_t{0}) +
                     bytes_of(static_cast<std::uint64_t>(chunks.size() - 1)) + bytes_of(std::uint64_t{1}) +
                     bytes_of(std::uint32_t{128}) + bytes_of(std::uint16_t{1}) + bytes_of(std::uint16_t{3}) +
                     bytes_of(std::uint16_t{4096}) + bytes_of(static_cast<std::uint16_t>(chunks.size()));
  head.resize(120, '\0');
  head += bytes_of(std::uint32_t{0}) + bytes_of(EvtxChunkBuilder::sum(0, head));
  head.resize(4096, '\0');
  for (const auto& chunk : chunks) head += chunk;
  return head;
}

// A logon of that user, as Windows writes records: a template with values.
inline void add_logon(EvtxChunkBuilder& chunk, std::uint64_t id, std::string_view user,
                      std::uint16_t event_id = 4624) {
  using Type = EvtxChunkBuilder::Type;
  const auto value = [](Type type, std::string bytes) {
    return EvtxChunkBuilder::value(type, std::move(bytes));
  };
  chunk.record(id, [&] {
    chunk.use_template(
        1,
        {value(Type::kUInt16, bytes_of(event_id)), value(Type::kUInt64, bytes_of(id)),
         value(Type::kFileTime, bytes_of(std::uint64_t{133'000'000'000'000'000})), value(Type::kNull, ""),
         value(Type::kString, utf16(user))},
        [&] {
          chunk.element("Event", {{"xmlns", "http://x"}}, [&] {
            chunk.element("System", {}, [&] {
              chunk.element("Provider", {{"Name", "Microsoft-Windows-Security-Auditing"}});
              chunk.element("EventID", {}, [&] { chunk.substitution(0, Type::kUInt16); });
              chunk.element("TimeCreated", {{"SystemTime", "", 2}});
              chunk.element("EventRecordID", {}, [&] { chunk.substitution(1, Type::kUInt64); });
              chunk.element("Correlation", {{"ActivityID", "", 3}});
              chunk.element("Channel", {}, [&] { chunk.text("Security"); });
            });
            chunk.element("EventData", {}, [&] {
              chunk.element("Data", {{"Name", "TargetUserName"}}, [&] { chunk.substitution(4); });
            });
          });
        });
  });
}

}  // namespace tocsin::test
