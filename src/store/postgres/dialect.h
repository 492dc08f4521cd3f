#pragma once
// The SQL of store/sql, as PostgreSQL reads it.

#include <string>
#include <string_view>

namespace tocsin::store {

// Placeholders ?1 become $1; hints to SQLite's planner (INDEXED BY name, NOT INDEXED) go. For statements of
// ours, which hold no other question mark. Pure.
std::string to_postgres(std::string_view sql);

}  // namespace tocsin::store
