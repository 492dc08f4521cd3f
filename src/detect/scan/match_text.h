#pragma once
// Matches as lines: JSON for programs, a table for people.

#include <string>
#include <string_view>
#include <vector>

#include "detect/scan/chunk_judge.h"

namespace tocsin::detect {

// {"rule_id","title","author","level","tags","file","line","event_id"?}
class MatchLines {
 public:
  explicit MatchLines(const std::vector<sigma::Rule>& rules);
  void append(std::string& out, std::string_view file, const ScanMatch& match) const;

 private:
  std::vector<std::string> heads_;  // by rule: up to "file"
};

// Rules, files and events are foreign text, and terminals obey control characters: none is in here.
class MatchTable {
 public:
  // `files` as they will come; the longest name makes the width of its column.
  MatchTable(const std::vector<sigma::Rule>& rules, const std::vector<std::string>& files);
  std::string header() const;
  void append(std::string& out, std::string_view file, const ScanMatch& match) const;

 private:
  void append_row(std::string& out, std::string_view level, std::string_view where, std::string_view event,
                  std::string_view rule) const;

  const std::vector<sigma::Rule>& rules_;
  std::size_t where_width_;
};

}  // namespace tocsin::detect
