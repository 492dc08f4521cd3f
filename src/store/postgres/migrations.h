#pragma once
// The schema, in numbered forward steps; the table schema_steps says how many were taken.

#include <cstddef>
#include <span>
#include <string_view>

#include "store/postgres/connection.h"

namespace tocsin::store {

// SQL of each step, the first at index 0.
std::span<const std::string_view> postgres_migrations();

// Takes the steps up to `target` in one transaction, while no other process does. kInvalidInput when the
// schema is already beyond the last step that this program knows.
Result<void> migrate_postgres(PgConnection& db, std::size_t target);

}  // namespace tocsin::store
