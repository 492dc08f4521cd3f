#pragma once
// The share of alerts that is never closed, so that a person's word on them says how good the closing is.
// Chosen by a keyed hash of the alert's id: by no order, and by nothing that who sends alerts could know.
// Pure.

#include <string_view>

namespace tocsin::triage {

constexpr double kReviewShare = 0.05;
constexpr std::size_t kSampleKeyBytes = 32;

// `key`: kSampleKeyBytes of chance, kept secret.
bool is_kept_for_review(std::string_view alert_id, std::string_view key);

}  // namespace tocsin::triage
