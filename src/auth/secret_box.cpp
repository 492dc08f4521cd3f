#include "auth/secret_box.h"

#include <sodium.h>

#include <algorithm>
#include <optional>

#include "auth/sodium.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

constexpr std::string_view kVersion = "tsb1";
constexpr std::size_t kKeyIdLength = 8;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// Each field with its length, so that no two owners give the same bytes.
std::string associated_data(std::string_view key_id, const SecretOwner& owner) {
  std::string out;
  for (const auto field : {kVersion, key_id, owner.tenant, owner.kind, owner.id})
    out.append(std::to_string(field.size())).append(":").append(field);
  return out;
}

struct Envelope {
  std::string_view key_id;
  std::string_view payload;  // base64url
};

std::optional<Envelope> split(std::string_view sealed) {
  const auto id_at = kVersion.size() + 1;
  const auto payload_at = id_at + kKeyIdLength + 1;
  if (sealed.size() <= payload_at || !sealed.starts_with(kVersion) || sealed[id_at - 1] != '.' ||
      sealed[payload_at - 1] != '.')
    return std::nullopt;
  return Envelope{sealed.substr(id_at, kKeyIdLength), sealed.substr(payload_at)};
}

SecretKey fresh_key() {
  return {to_hex(random_bytes(kKeyIdLength / 2)), random_bytes(kKeyBytes)};
}

Error altered() {
  return error(ErrorKind::kInvalidInput, "open secret", "it was altered, or belongs to another record",
               "set the secret anew");
}

bool is_well_formed(const SecretKey& key) {
  return key.id.size() == kKeyIdLength && to_hex(from_hex(key.id)) == key.id && key.bytes.size() == kKeyBytes;
}

}  // namespace

SecretBox SecretBox::create() {
  return SecretBox({fresh_key()});
}

Result<SecretBox> SecretBox::from_keys(std::vector<SecretKey> keys) {
  bool fine = !keys.empty();
  for (auto key = keys.begin(); key != keys.end(); ++key)
    fine = fine && is_well_formed(*key) &&
           std::none_of(keys.begin(), key, [&](const SecretKey& other) { return other.id == key->id; });
  if (!fine)
    return error(ErrorKind::kInvalidInput, "read keys", "no keys, or one that is malformed or there twice");
  return SecretBox(std::move(keys));
}

std::string SecretBox::seal(std::string_view secret, const SecretOwner& owner) const {
  const auto& key = keys_.front();
  const auto about = associated_data(key.id, owner);
  std::string payload = random_bytes(kNonceBytes);
  payload.resize(kNonceBytes + secret.size() + kTagBytes);
  auto* const out = bytes_of(payload);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, nullptr, bytes_of(secret), secret.size(),
                                             bytes_of(about), about.size(), nullptr, out,
                                             bytes_of(key.bytes));
  return std::string(kVersion) + "." + key.id + "." + to_base64url(payload);
}

Result<std::string> SecretBox::open(std::string_view sealed, const SecretOwner& owner) const {
  const auto envelope = split(sealed);
  const auto payload = envelope ? from_base64url(envelope->payload) : std::nullopt;
  if (!payload || payload->size() < kNonceBytes + kTagBytes) return altered();
  const auto key =
      std::find_if(keys_.begin(), keys_.end(), [&](const SecretKey& k) { return k.id == envelope->key_id; });
  if (key == keys_.end())
    return error(ErrorKind::kUnavailable, "open secret", "the key that sealed it is not in the key file",
                 "restore the key file that belongs to this data, or set the secret anew");
  const auto about = associated_data(key->id, owner);
  const auto* const in = bytes_of(*payload);
  std::string secret(payload->size() - kNonceBytes - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(secret), nullptr, nullptr, in + kNonceBytes,
                                                 payload->size() - kNonceBytes, bytes_of(about), about.size(),
                                                 in, bytes_of(key->bytes)) != 0)
    return altered();
  return secret;
}

bool SecretBox::needs_reseal(std::string_view sealed) const {
  const auto envelope = split(sealed);
  return !envelope || envelope->key_id != keys_.front().id;
}

void SecretBox::add_key() {
  auto key = fresh_key();
  const auto taken = [&] {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](const SecretKey& other) { return other.id == key.id; });
  };
  while (taken()) key = fresh_key();
  keys_.insert(keys_.begin(), std::move(key));
}

void SecretBox::drop_old_keys() {
  keys_.resize(1);
}

}  // namespace tocsin::auth
