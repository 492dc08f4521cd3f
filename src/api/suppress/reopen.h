#pragma once
// Opening what a suppression closed, in the name of whoever acts (store/acting.h).

#include <string>

#include "store/store.h"

namespace tocsin::api {

constexpr std::size_t kReopenedAtOnce = 200;
constexpr std::size_t kMostReopenedByCall = 10'000;

// How its close reasons begin.
std::string suppressed_reason(std::string_view id);

struct ReopenedBySuppression {
  std::int64_t alerts = 0;
  bool in_part = false;  // there are more
};
// What people called a false or benign positive since stays closed. `actor` stands in the incidents' logs.
Result<ReopenedBySuppression> reopen_suppressed(store::TenantStore& store, std::string_view id,
                                                const std::string& actor);

}  // namespace tocsin::api
