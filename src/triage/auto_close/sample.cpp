#include "triage/auto_close/sample.h"

#include <cstdint>

#include "base/sha256.h"

namespace tocsin::triage {

// The key has one length, and no digest leaves this function: the plain hash of key and id is enough.
bool is_kept_for_review(std::string_view alert_id, std::string_view key) {
  const auto digest = Sha256().add(key).add(alert_id).finish();
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i)
    number = number << 8U | static_cast<std::uint8_t>(digest[i]);
  return number < kReviewShare * 4294967296.0;
}

}  // namespace tocsin::triage
