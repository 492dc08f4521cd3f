#pragma once
// Severity scales that more than one vendor uses; docs/normalisation.md lists them all.

#include <optional>
#include <string_view>

#include "model/names.h"

namespace tocsin::ingest {

// "High", "very-high", "Sev1"-style words excluded: only words. Absent for any other text.
std::optional<model::Severity> severity_from_word(std::string_view word);
// Where a vendor's number becomes critical, high, medium and low; below is info.
struct SeverityScale {
  double critical, high, medium, low;
};
model::Severity severity_on(const SeverityScale& scale, double score);
// 0..100: 90 critical, 70 high, 40 medium, 20 low, below info.
model::Severity severity_from_hundred(double score);
// A word, or a number of 0..100 in digits.
std::optional<model::Severity> severity_from_text(std::string_view text);

}  // namespace tocsin::ingest
