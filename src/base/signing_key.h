#pragma once
// A key that signs what leaves the program or must not be forged inside it: Ed25519 (RFC 8032), made at first
// use, kept in the data directory.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace tocsin {

class SigningKey {
 public:
  // Reads the PEM file, or makes it (mode 0600) when there is none. kUnavailable when it can be neither read
  // nor made; a file that holds something else is never overwritten.
  static Result<SigningKey> open(const std::filesystem::path& file);
  // A new one that is kept nowhere.
  static Result<SigningKey> make();

  // 64 bytes. Thread-safe.
  Result<std::string> sign(std::string_view message) const;
  const std::string& public_pem() const { return public_pem_; }
  // SHA-256 of the public key as DER, in hex: what `openssl pkey -pubin -outform DER | sha256sum` prints.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  static Result<SigningKey> from(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string public_pem_;
  std::string fingerprint_;
};

// Somebody else's public key, for checking. Thread-safe.
class PublicKey {
 public:
  // Absent for text that is no Ed25519 public key in PEM.
  static std::optional<PublicKey> parse(std::string_view pem);
  bool verify(std::string_view message, std::string_view signature) const;
  const std::string& fingerprint() const { return fingerprint_; }  // as of SigningKey

 private:
  PublicKey(std::shared_ptr<evp_pkey_st> key, std::string fingerprint)
      : key_(std::move(key)), fingerprint_(std::move(fingerprint)) {}

  std::shared_ptr<evp_pkey_st> key_;
  std::string fingerprint_;
};

}  // namespace tocsin
