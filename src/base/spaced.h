#pragma once
// Names of facts, tiers, tables and kinds are spelled with underscores; people read blanks.

#include <algorithm>
#include <string>
#include <string_view>

namespace tocsin {

// "asset_table" → "asset table"
inline std::string spaced(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

}  // namespace tocsin
