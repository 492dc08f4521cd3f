#include "ingest/digest.h"

#include <openssl/evp.h>

#include <array>

namespace tocsin::ingest {
namespace {

std::string digest_hex(std::string_view bytes, const EVP_MD* kind) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) != 1) return {};
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

}  // namespace

std::string md5_hex(std::string_view bytes) {
  return digest_hex(bytes, EVP_md5());
}

std::string sha256_hex(std::string_view bytes) {
  return digest_hex(bytes, EVP_sha256());
}

}  // namespace tocsin::ingest
