#pragma once
// 64-bit hashes for fingerprints and lookup keys: XXH3, seeded with a constant, stable across versions and
// machines because they are stored. Not a defence against crafted collisions: whoever finds a row by such a
// hash compares the row's own values before trusting it.

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

std::uint64_t hash64(std::string_view bytes);

// The same with a secret, for tables in memory whose keys an adversary chooses: who does not know it cannot
// make texts that collide on purpose.
std::uint64_t hash64(std::string_view bytes, std::uint64_t secret);

// Hash of a sequence of fields: "ab","c" differs from "a","bc".
class FieldHasher {
 public:
  FieldHasher& add(std::string_view field);
  std::uint64_t finish() const;

 private:
  std::string bytes_;
};

// 16 lower-case hex digits.
std::string to_hex(std::uint64_t value);

}  // namespace tocsin
