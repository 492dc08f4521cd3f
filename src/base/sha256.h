#pragma once
// SHA-256 (FIPS 180-4): for what must not be forged. Lookup keys and fingerprints use hash.h.

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace tocsin {

constexpr std::size_t kSha256Bytes = 32;

// Of bytes that come in pieces. One thread.
class Sha256 {
 public:
  Sha256();
  Sha256& add(std::string_view bytes);
  std::string finish();  // 32 bytes; begins anew

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256(std::string_view bytes);      // 32 bytes
std::string sha256_hex(std::string_view bytes);  // 64 lower-case digits

// Two lower-case digits for each byte, and back; empty for text that is no such thing.
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view digits);

}  // namespace tocsin
