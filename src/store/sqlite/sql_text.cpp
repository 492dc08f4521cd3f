#include "store/sqlite/sql_text.h"

namespace tocsin::store {

std::string SqlText::bind(SqlValue value) {
  values.push_back(std::move(value));
  return "?" + std::to_string(values.size());
}

std::string SqlText::bind_all(const std::vector<std::int64_t>& several) {
  std::string list;
  for (const auto value : several) list += (list.empty() ? "" : ", ") + bind(value);
  return list;
}

}  // namespace tocsin::store
