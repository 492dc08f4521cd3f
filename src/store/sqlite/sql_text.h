#pragma once
// A statement that is put together at run time: its text, and the values that are bound to it.

#include <string>
#include <vector>

#include "store/sqlite/connection.h"

namespace tocsin::store {

struct SqlText {
  std::string sql;
  std::vector<SqlValue> values;

  // Adds the value and gives its placeholder.
  std::string bind(SqlValue value);
  std::string bind_all(const std::vector<std::int64_t>& values);  // "?1, ?2"
};

}  // namespace tocsin::store
