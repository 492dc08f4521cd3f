#pragma once
// A new key for the secrets at rest.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace tocsin::auth {

struct Rotation {
  std::string key_id;
  std::size_t resealed = 0;
  // What no key opens: "the second factor of ana". When there is any, the old keys stay in the file.
  std::vector<std::string> unreadable;
};

// Adds a key to the file, seals every secret of the store anew, and takes the old keys out of the file. When
// it is interrupted, both keys are in the file and nothing is lost: run it again. No server may use the file
// meanwhile.
Result<Rotation> rotate_secrets(store::Database& database, const std::filesystem::path& key_file,
                                const std::optional<std::string>& passphrase);

}  // namespace tocsin::auth
