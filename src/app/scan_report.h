#pragma once
// What `tocsin scan` says on stderr: how far it is, what cannot be read, and in the end the totals.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/scan/scan.h"
#include "detect/scan/scan_correlations.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::app {

class ScanReport {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ScanReport(const std::vector<std::string>& files);

  // What was loaded, what was refused, and why.
  static void tell_rules(const detect::sigma::RuleSet& rules, std::chrono::duration<double> taken);
  static void tell_correlations(std::size_t count, const std::vector<Error>& refusals);
  // Counts it; what cannot be read is told, the first few lines of it with their place.
  void add(const detect::ScanResult& result);
  // Of correlations.
  void add_hits(std::size_t hits) { hits_ += hits; }
  // On a terminal a bar, a few times a second.
  void show_progress(std::uint64_t bytes_read);
  // Before anything else is written to a terminal.
  void hide_progress();
  // `correlations`: absent when there were none.
  void tell_totals(const std::optional<detect::CorrelatorStats>& correlations);

  // No event and no blank file among all of them.
  bool has_read_nothing() const;

 private:
  void tell_fault(const std::string& file, const detect::ScanFault& fault);
  void tell_hits(const detect::CorrelatorStats& stats) const;
  double seconds() const;

  const std::vector<std::string>& files_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point shown_at_ = begin_;
  const bool is_terminal_;
  bool is_shown_ = false;
  std::uint64_t total_bytes_ = 0;  // 0: nobody knows
  std::uint64_t events_ = 0, matches_ = 0, unreadable_ = 0;
  std::uint64_t hits_ = 0, timeless_ = 0;
  std::uint64_t told_ = 0;    // of the unreadable
  std::size_t read_ = 0;      // files that could be read to their end
  std::size_t not_read_ = 0;  // files of which some or all could not be
};

}  // namespace tocsin::app
