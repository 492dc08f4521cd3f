// Bytes of a LinkRecord, version 1:
//
//   version            1 byte
//   occurred_at        zigzag varint, nanoseconds
//   received_at        zigzag varint, nanoseconds after occurred_at
//   severity, tier     1 byte: severity | tier << 4
//   priority           1 byte
//   tactics            varint
//   type_hash          8 bytes, little endian
//   source_hash        4 bytes, little endian
//   keys               count (1 byte), then for each: hash (8 bytes), kind | role << 4 (1 byte), entity_index
//   (1 byte)

#include "model/link.h"

namespace tocsin::model {
namespace {

constexpr std::uint8_t kVersion = 1;

void put_byte(std::string& out, unsigned value) {
  out.push_back(static_cast<char>(value & 0xFFU));
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) put_byte(out, static_cast<unsigned>(value & 0x7F) | 0x80U);
  put_byte(out, static_cast<unsigned>(value));
}

void put_fixed(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8) put_byte(out, static_cast<unsigned>(value & 0xFF));
}

std::uint64_t zigzag(std::uint64_t value) {
  return (value << 1) ^ (0 - (value >> 63));
}
std::uint64_t unzigzag(std::uint64_t value) {
  return (value >> 1) ^ (0 - (value & 1));
}

// Reads from the front; after the first failure everything reads as 0 and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::string_view rest() const { return bytes_; }
  void require(bool condition) { ok_ = ok_ && condition; }

  std::uint8_t byte() {
    require(!bytes_.empty());
    if (!ok_) return 0;
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }

  std::uint64_t fixed(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= std::uint64_t{byte()} << (8 * i);
    return value;
  }

  // Only the shortest spelling of a number is accepted, so that decoding and encoding again gives the same
  // bytes.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto next = byte();
      require(shift < 63 || next <= 1);
      value |= std::uint64_t{next & 0x7FU} << shift;
      if ((next & 0x80) == 0) {
        require(next != 0 || shift == 0);
        return value;
      }
    }
    ok_ = false;
    return 0;
  }

  template <class Enum>
  Enum enumerator(unsigned value, Enum last) {
    require(value <= static_cast<unsigned>(last));
    return static_cast<Enum>(value);
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

void put_key(std::string& out, const LinkKey& key) {
  put_fixed(out, key.hash, 8);
  put_byte(out, static_cast<unsigned>(key.kind) | static_cast<unsigned>(key.role) << 4);
  put_byte(out, key.entity_index);
}

LinkKey read_key(Reader& in) {
  LinkKey key;
  key.hash = in.fixed(8);
  const auto kind_and_role = in.byte();
  key.kind = in.enumerator(kind_and_role & 0x0FU, EntityKind::kMac);
  key.role = in.enumerator(kind_and_role >> 4U, EntityRole::kRelated);
  key.entity_index = in.byte();
  in.require(key.entity_index < kMaxEntities);
  return key;
}

void read_head(Reader& in, LinkRecord& record) {
  in.require(in.byte() == kVersion);
  const auto occurred = unzigzag(in.varint());
  const auto received = occurred + unzigzag(in.varint());
  record.occurred_at = from_unix_nanos(static_cast<std::int64_t>(occurred));
  record.received_at = from_unix_nanos(static_cast<std::int64_t>(received));
  const auto severity_and_tier = in.byte();
  record.severity = in.enumerator(severity_and_tier & 0x0FU, Severity::kCritical);
  record.asset_tier = in.enumerator(severity_and_tier >> 4U, AssetTier::kCrownJewel);
  record.priority = in.byte();
  in.require(record.priority <= 100);
  const auto tactics = in.varint();
  in.require(tactics <= 0xFFFF);
  record.tactics = static_cast<std::uint16_t>(tactics);
  record.type_hash = in.fixed(8);
  record.source_hash = static_cast<std::uint32_t>(in.fixed(4));
}

}  // namespace

void encode(const LinkRecord& record, std::string& out) {
  const auto occurred = static_cast<std::uint64_t>(to_unix_nanos(record.occurred_at));
  const auto received = static_cast<std::uint64_t>(to_unix_nanos(record.received_at));
  const auto count = std::min(record.keys.size(), kMaxLinkKeys);
  put_byte(out, kVersion);
  put_varint(out, zigzag(occurred));
  put_varint(out, zigzag(received - occurred));
  put_byte(out, static_cast<unsigned>(record.severity) | static_cast<unsigned>(record.asset_tier) << 4);
  put_byte(out, record.priority);
  put_varint(out, record.tactics);
  put_fixed(out, record.type_hash, 8);
  put_fixed(out, record.source_hash, 4);
  put_byte(out, static_cast<unsigned>(count));
  for (std::size_t i = 0; i < count; ++i) put_key(out, record.keys[i]);
}

std::optional<LinkRecord> decode_link_record(std::string_view& bytes) {
  Reader in(bytes);
  LinkRecord record;
  read_head(in, record);
  const auto count = in.byte();
  in.require(count <= kMaxLinkKeys);
  if (!in.ok()) return std::nullopt;
  record.keys.reserve(count);
  for (std::size_t i = 0; i < count && in.ok(); ++i) record.keys.push_back(read_key(in));
  if (!in.ok()) return std::nullopt;
  bytes = in.rest();
  return record;
}

}  // namespace tocsin::model
