#include "store/postgres/dialect.h"

namespace tocsin::store {

std::string to_postgres(std::string_view sql) {
  constexpr std::string_view kHint = "INDEXED BY ";
  constexpr std::string_view kNoIndex = "NOT INDEXED ";
  std::string out;
  out.reserve(sql.size());
  for (std::size_t at = 0; at < sql.size();) {
    if (sql.substr(at, kHint.size()) == kHint) {
      at = std::min(sql.find(' ', at + kHint.size()), sql.size());
      continue;
    }
    if (sql.substr(at, kNoIndex.size()) == kNoIndex) {
      at += kNoIndex.size();
      continue;
    }
    out += sql[at] == '?' ? '$' : sql[at];
    ++at;
  }
  return out;
}

}  // namespace tocsin::store
