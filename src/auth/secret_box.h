#pragma once
// Secrets at rest (TOTP and webhook secrets, client secrets, connectors' credentials): XChaCha20-Poly1305 by
// libsodium, under a key of the key file.
//
//   "tsb1.<key id>.<base64url of nonce, ciphertext and tag>"
//
// What the secret belongs to is authenticated with it: a sealed text copied into another record, tenant or
// column does not open there. The key id says which key opens it, so that keys can be changed while records
// are resealed.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::auth {

// Names one secret for good; none of it may change while the sealed text is kept.
struct SecretOwner {
  std::string_view tenant;
  std::string_view kind;  // "totp", "webhook", ...
  std::string_view id;
};

struct SecretKey {
  std::string id;     // 8 hex digits
  std::string bytes;  // 32
};

// The keys of one key file; the first seals, all open. Copyable; const calls are thread-safe.
class SecretBox {
 public:
  // With one fresh key.
  static SecretBox create();
  // kInvalidInput unless there is a key, and each has an id of its own and 32 bytes.
  static Result<SecretBox> from_keys(std::vector<SecretKey> keys);

  std::string seal(std::string_view secret, const SecretOwner& owner) const;

  // kUnavailable when its key is not here; kInvalidInput when the text was altered or belongs to another
  // owner.
  Result<std::string> open(std::string_view sealed, const SecretOwner& owner) const;

  // True when another key than the first sealed it, or when it is no sealed text at all.
  bool needs_reseal(std::string_view sealed) const;

  // A fresh key that seals from now on; the others still open.
  void add_key();
  // Only the first stays; what the others sealed cannot be opened any more.
  void drop_old_keys();

  const std::vector<SecretKey>& keys() const noexcept { return keys_; }

 private:
  explicit SecretBox(std::vector<SecretKey> keys) : keys_(std::move(keys)) {}
  std::vector<SecretKey> keys_;
};

}  // namespace tocsin::auth
