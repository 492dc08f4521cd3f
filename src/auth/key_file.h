#pragma once
// The file that holds the keys of SecretBox, apart from the database and its backups.
//
//   tocsin-keys 1
//   key 5f0c19aa <64 hex digits>
//   sealed 5f0c19aa <salt> <nonce, ciphertext and tag>     (with a passphrase: Argon2id, 256 MiB, three
//   passes)
//
// The newest key comes first. Mode 0600; a file that others may read is refused.

#include <filesystem>
#include <optional>
#include <string>

#include "auth/secret_box.h"

namespace tocsin::auth {

// Makes the file with one key when there is none. With a passphrase it takes about a second. kForbidden when
// group or others may read the file, or the passphrase is wrong or missing; kInvalidInput when the file is
// not such a file.
Result<SecretBox> load_key_file(const std::filesystem::path& path,
                                const std::optional<std::string>& passphrase);

// Replaces the file as a whole (written beside, flushed, renamed): after a crash there is the old one or the
// new.
Result<void> save_key_file(const std::filesystem::path& path, const SecretBox& box,
                           const std::optional<std::string>& passphrase);

}  // namespace tocsin::auth
