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

Severity severity_from_hundred(double score) {
  if (score >= 90) return Severity::kCritical;
  if (score >= 70) return Severity::kHigh;
  if (score >= 40) return Severity::kMedium;
  return score >= 20 ? Severity::kLow : Severity::kInfo;
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
