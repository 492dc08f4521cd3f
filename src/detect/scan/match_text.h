#pragma once
// Matches as lines: JSON for programs, a table for people.

#include <string>
#include <string_view>
#include <vector>

#include "detect/scan/chunk_judge.h"
#include "detect/scan/scan_correlations.h"
#include "detect/sigma/correlation.h"

namespace tocsin::detect {

using Files = std::vector<std::string>;
using Correlations = std::vector<sigma::Correlation>;

// {"rule_id","title","author","level","tags","file","line","event_id"?}, and of a correlation, whose file and
// line are those of the newest event,
// {…,"correlation":{"group","value","first","last","events":[{"file","line"}]}}
class MatchLines {
 public:
  // Borrows the correlations and the files.
  MatchLines(const std::vector<sigma::Rule>& rules, const Correlations& correlations, const Files& files);
  void append(std::string& out, std::size_t file, const ScanMatch& match) const;
  void append(std::string& out, const ScanHit& hit) const;

 private:
  void append_place(std::string& out, const ScanPlace& place) const;

  std::vector<std::string> heads_;              // by rule: up to "file"
  std::vector<std::string> correlation_heads_;  // by correlation
  const Correlations& correlations_;
  const Files& files_;
};

// Rules, files and events are foreign text, and terminals obey control characters: none is in here.
class MatchTable {
 public:
  // Borrows its arguments; the longest name of a file makes the width of its column.
  MatchTable(const std::vector<sigma::Rule>& rules, const Correlations& correlations, const Files& files);
  std::string header() const;
  void append(std::string& out, std::size_t file, const ScanMatch& match) const;
  void append(std::string& out, const ScanHit& hit) const;

 private:
  std::string where(const ScanPlace& place) const;
  void append_row(std::string& out, std::string_view level, std::string_view where, std::string_view event,
                  std::string_view rule) const;

  const std::vector<sigma::Rule>& rules_;
  const Correlations& correlations_;
  const Files& files_;
  std::size_t where_width_;
};

}  // namespace tocsin::detect
