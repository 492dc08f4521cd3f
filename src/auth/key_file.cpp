#include "auth/key_file.h"

#include <sodium.h>

#include <sstream>

#include "auth/private_file.h"
#include "auth/sodium.h"
#include "base/sha256.h"

namespace tocsin::auth {
namespace {

constexpr std::string_view kHeader = "tocsin-keys 1";
constexpr SecretOwner kInKeyFile{"", "key file", ""};

// A box with the one key that the passphrase and the salt make.
Result<SecretBox> wrapping_box(const std::string& passphrase, std::string_view salt) {
  init_sodium();
  if (salt.size() != crypto_pwhash_SALTBYTES)
    return error(ErrorKind::kInvalidInput, "key file", "a salt has the wrong length");
  std::string key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES, '\0');
  if (crypto_pwhash(reinterpret_cast<unsigned char*>(key.data()), key.size(), passphrase.data(),
                    passphrase.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                    crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    return error(ErrorKind::kUnavailable, "key file", "no memory to derive the key from the passphrase");
  return SecretBox::from_keys({{to_hex(sha256(salt)).substr(0, 8), std::move(key)}});
}

Result<std::string> render(const SecretBox& box, const std::optional<std::string>& passphrase) {
  std::string out = std::string(kHeader) + "\n";
  if (!passphrase) {
    for (const auto& key : box.keys()) out += "key " + key.id + " " + to_hex(key.bytes) + "\n";
    return out;
  }
  const auto salt = random_bytes(crypto_pwhash_SALTBYTES);
  TOCSIN_TRY(wrapping, wrapping_box(*passphrase, salt));
  for (const auto& key : box.keys())
    out += "sealed " + key.id + " " + to_hex(salt) + " " +
           wrapping.seal(key.bytes, {"", kInKeyFile.kind, key.id}) + "\n";
  return out;
}

// One line of a file under a passphrase. All lines share a salt, so the slow derivation runs once.
Result<std::string> unwrap(std::istringstream& line, const std::string& id,
                           const std::optional<std::string>& passphrase, std::optional<SecretBox>& wrapping) {
  std::string salt_text;
  std::string sealed;
  line >> salt_text >> sealed;
  if (!passphrase)
    return error(ErrorKind::kForbidden, "key file", "it is protected by a passphrase and none was given");
  if (!wrapping) {
    TOCSIN_TRY(box, wrapping_box(*passphrase, from_hex(salt_text)));
    wrapping = std::move(box);
  }
  auto bytes = wrapping->open(sealed, {"", kInKeyFile.kind, id});
  if (!bytes)
    return error(ErrorKind::kForbidden, "key file", "the passphrase is wrong, or the file was altered");
  return bytes;
}

Result<SecretBox> parse(const std::string& text, const std::optional<std::string>& passphrase) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != kHeader)
    return error(ErrorKind::kInvalidInput, "key file", "it does not begin with \"tocsin-keys 1\"");
  std::vector<SecretKey> keys;
  std::optional<SecretBox> wrapping;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string form;
    std::string id;
    std::string hex;
    words >> form >> id;
    if (form == "key" && (words >> hex)) {
      keys.push_back({id, from_hex(hex)});
    } else if (form == "sealed") {
      TOCSIN_TRY(bytes, unwrap(words, id, passphrase, wrapping));
      keys.push_back({id, std::move(bytes)});
    } else {
      return error(ErrorKind::kInvalidInput, "key file", "a line is neither \"key\" nor \"sealed\"");
    }
  }
  return SecretBox::from_keys(std::move(keys));
}

Result<SecretBox> parse_file(std::string text, const std::filesystem::path& path,
                             const std::optional<std::string>& passphrase) {
  auto box = parse(text, passphrase);
  wipe(text);
  if (box) return box;
  auto failure = std::move(box).error();
  failure.where = path.string();
  return failure;
}

Result<bool> write_box(const std::filesystem::path& path, const SecretBox& box,
                       const std::optional<std::string>& passphrase, IfThere if_there) {
  TOCSIN_TRY(text, render(box, passphrase));
  auto written = write_private_file(path, text, if_there);
  wipe(text);
  return written;
}

}  // namespace

Result<SecretBox> load_key_file(const std::filesystem::path& path,
                                const std::optional<std::string>& passphrase) {
  auto text = read_private_file(path);
  if (text) return parse_file(*std::move(text), path, passphrase);
  if (text.error().kind != ErrorKind::kNotFound) return std::move(text).error();
  auto box = SecretBox::create();
  TOCSIN_TRY(made, write_box(path, box, passphrase, IfThere::kKeep));
  // Another process made it meanwhile: its key counts.
  return made ? Result<SecretBox>(std::move(box)) : load_key_file(path, passphrase);
}

Result<void> save_key_file(const std::filesystem::path& path, const SecretBox& box,
                           const std::optional<std::string>& passphrase) {
  auto written = write_box(path, box, passphrase, IfThere::kReplace);
  if (!written) return std::move(written).error();
  return {};
}

}  // namespace tocsin::auth
