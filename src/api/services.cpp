#include "api/services.h"

#include <algorithm>

namespace tocsin::api {
namespace {

std::size_t count_kind(const std::vector<Pipeline::Item>& items, bool duplicate) {
  return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const Pipeline::Item& item) {
    return (item.kind == store::AppendKind::kDuplicate) == duplicate;
  }));
}

}  // namespace

std::size_t Pipeline::Reply::accepted() const {
  return count_kind(items, false) + events;
}
std::size_t Pipeline::Reply::duplicates() const {
  return count_kind(items, true);
}

}  // namespace tocsin::api
