#pragma once
// Named queries of a tenant, kept as one JSON list among its settings.

#include <optional>
#include <string>
#include <vector>

#include "query/query.h"
#include "store/store.h"

namespace tocsin::api {

struct ViewTag {
  static constexpr std::string_view kPrefix = "VW-";
};
using ViewId = Id<ViewTag>;

struct SavedView {
  std::string id;
  std::string name;  // different from all others of its subject
  query::Subject subject = query::Subject::kAlerts;
  std::string q;
  std::string sort;  // of the list; empty: its own
  std::string created_by;
  Timestamp created_at{};
  Timestamp updated_at{};
};
constexpr std::size_t kMaxViews = 200;

Result<std::vector<SavedView>> read_views(store::TenantStore& store);
Result<void> write_views(store::TenantStore& store, const std::vector<SavedView>& views);
void append_view(std::string& out, const SavedView& view);

}  // namespace tocsin::api
