#include "ingest/severity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::Severity;

constexpr auto kWords = std::to_array<std::pair<std::string_view, Severity>>({
    {"critical", Severity::kCritical},
    {"crit", Severity::kCritical},
    {"fatal", Severity::kCritical},
    {"emergency", Severity::kCritical},
    {"very-high", Severity::kCritical},
    {"very high", Severity::kCritical},
    {"very_high", Severity::kCritical},
    {"veryhigh", Severity::kCritical},
    {"severe", Severity::kCritical},
    {"high", Severity::kHigh},
    {"major", Severity::kHigh},
    {"error", Severity::kHigh},
    {"urgent", Severity::kHigh},
    {"alert", Severity::kHigh},
    {"medium", Severity::kMedium},
    {"med", Severity::kMedium},
    {"moderate", Severity::kMedium},
    {"warning", Severity::kMedium},
    {"warn", Severity::kMedium},
    {"unknown", Severity::kMedium},
    {"low", Severity::kLow},
    {"minor", Severity::kLow},
    {"notice", Severity::kLow},
    {"info", Severity::kInfo},
    {"informational", Severity::kInfo},
    {"information", Severity::kInfo},
    {"none", Severity::kInfo},
    {"debug", Severity::kInfo},
    {"clean", Severity::kInfo},
});

}  // namespace

std::optional<Severity> severity_from_word(std::string_view word) {
  word = trim(word);
  for (const auto& [name, severity] : kWords) {
    if (equal_ignoring_case(name, word)) return severity;
  }
  return std::nullopt;
}

Severity severity_on(const SeverityScale& scale, double score) {
  if (score >= scale.critical) return Severity::kCritical;
  if (score >= scale.high) return Severity::kHigh;
  if (score >= scale.medium) return Severity::kMedium;
  return score >= scale.low ? Severity::kLow : Severity::kInfo;
}

Severity severity_from_hundred(double score) {
  return severity_on({90, 70, 40, 20}, score);
}

std::optional<Severity> severity_from_text(std::string_view text) {
  text = trim(text);
  if (const auto severity = severity_from_word(text)) return severity;
  double score = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), score);
  if (text.empty() || code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(score >= 0 && score <= 100)) return std::nullopt;
  return severity_from_hundred(score);
}

}  // namespace tocsin::ingest
