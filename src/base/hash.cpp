#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin {

std::uint64_t hash64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t secret) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), secret);
}

FieldHasher& FieldHasher::add(std::string_view field) {
  const auto size = static_cast<std::uint32_t>(field.size());
  bytes_.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes_.append(field);
  return *this;
}

std::uint64_t FieldHasher::finish() const {
  return hash64(bytes_);
}

std::string to_hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
  return text;
}

}  // namespace tocsin
