#include "export/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

namespace tocsin::exports {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, kind, nullptr);
  return {out.begin(), out.begin() + length};
}

void append_hex(std::string& out, char byte) {
  out += kHex[static_cast<unsigned char>(byte) >> 4];
  out += kHex[static_cast<unsigned char>(byte) & 15];
}

int nibble(char c) {
  const auto at = kHex.find(c);
  return at == std::string_view::npos ? 0 : static_cast<int>(at);
}

std::string uuid_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    if (text[i] == '-') ++i;
    bytes += static_cast<char>(nibble(text[i]) << 4 | nibble(text[i + 1]));
  }
  return bytes;
}

std::string uuid(unsigned char version, std::string_view space, std::string_view name) {
  auto hash = digest(EVP_sha1(), uuid_bytes(space) + std::string(name));
  hash.resize(16);
  hash[6] = static_cast<char>((static_cast<unsigned char>(hash[6]) & 0x0F) | version << 4);
  hash[8] = static_cast<char>((static_cast<unsigned char>(hash[8]) & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    append_hex(text, hash[i]);
  }
  return text;
}

}  // namespace

std::string sha256_base64(std::string_view bytes) {
  const auto hash = digest(EVP_sha256(), bytes);
  std::array<unsigned char, 64> out{};
  const auto length = EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(hash.data()),
                                      static_cast<int>(hash.size()));
  return {out.begin(), out.begin() + length};
}

std::string uuid5(std::string_view space, std::string_view name) {
  return uuid(5, space, name);
}

std::string uuid4(std::string_view space, std::string_view name) {
  return uuid(4, space, name);
}

}  // namespace tocsin::exports
