#pragma once
// The schema, in numbered forward steps; PRAGMA user_version says how many were taken.

#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"
#include "store/sqlite/connection.h"

namespace tocsin::store {

// SQL of each step, the first at index 0.
std::span<const std::string_view> migrations();

// Takes the steps up to `target`, each in a transaction of its own. kInvalidInput when the file is already
// beyond the last step that this program knows.
Result<void> migrate(Connection& db, std::size_t target);

}  // namespace tocsin::store
