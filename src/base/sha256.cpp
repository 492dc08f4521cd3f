#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>

namespace tocsin {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// Looked up once: EVP_sha256() would search the providers at each use.
const EVP_MD* algorithm() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr);
}

Sha256& Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  return *this;
}

std::string Sha256::finish() {
  std::array<unsigned char, kSha256Bytes> out{};
  EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
  EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr);
  return {out.begin(), out.end()};
}

std::string sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.add(bytes).finish();
}

std::string sha256_hex(std::string_view bytes) {
  return to_hex(sha256(bytes));
}

std::string to_hex(std::string_view bytes) {
  std::string digits;
  digits.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    digits += kDigits[static_cast<unsigned char>(byte) >> 4];
    digits += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return digits;
}

std::string from_hex(std::string_view digits) {
  std::string bytes;
  if (digits.size() % 2 != 0) return bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = kDigits.find(digits[i]);
    const auto low = kDigits.find(digits[i + 1]);
    if (high == kDigits.npos || low == kDigits.npos) return {};
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace tocsin
