#pragma once

#include <compare>
#include <cstdint>

namespace tocsin::store {

struct TenantId {
  std::int64_t value = 1;
  auto operator<=>(const TenantId&) const = default;
};
inline constexpr TenantId kDefaultTenant{1};

}  // namespace tocsin::store
