#pragma once
// Lists in header values.

#include <algorithm>
#include <string_view>

#include "base/ascii.h"

namespace tocsin::http {

constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `visit(item)` for each item of "a, b;q=1, c", trimmed; stops when it returns true, and says so.
template <class Visit>
bool any_list_item(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    if (visit(trimmed(item))) return true;
  }
  return false;
}

}  // namespace tocsin::http
