#include "store/sqlite/cursor.h"

#include "base/hash.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string to_base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63];
  return text;
}

// Empty for text that is no base64url.
std::string from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : text) {
    const auto value = kDigits.find(digit);
    if (value == std::string_view::npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

std::string plain(std::string_view list, const Cursor& cursor) {
  std::string bytes;
  ByteWriter to(bytes);
  to.signed_varint(cursor.key);
  to.signed_varint(cursor.seq);
  const auto check = FieldHasher().add("cursor").add(list).add(bytes).finish();
  ByteWriter(bytes).fixed64(check);
  return bytes;
}

}  // namespace

std::string encode_cursor(std::string_view list, const Cursor& cursor) {
  return to_base64url(plain(list, cursor));
}

Result<Cursor> decode_cursor(std::string_view list, std::string_view text) {
  const auto bytes = text.size() <= 64 ? from_base64url(text) : std::string();
  ByteReader from(bytes);
  Cursor cursor;
  cursor.key = from.signed_varint();
  cursor.seq = from.signed_varint();
  // One spelling only: what we would write for it is what came.
  if (!from.ok() || encode_cursor(list, cursor) != text) {
    return error(ErrorKind::kInvalidInput, "read the cursor", "it is not one that this list gave out",
                 "Pass next_cursor of the page before, with the same sort, or leave it out", "cursor");
  }
  return cursor;
}

}  // namespace tocsin::store
