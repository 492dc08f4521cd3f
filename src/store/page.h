#pragma once
// One page of a list.

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::store {

// `total` counts at most kCountedAtMost rows, and fewer where counting would be too costly; `total_capped`
// says that there may be more.
constexpr std::int64_t kCountedAtMost = 10'000;
template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;  // empty at the end
  std::int64_t total = 0;
  bool total_capped = false;
};

}  // namespace tocsin::store
