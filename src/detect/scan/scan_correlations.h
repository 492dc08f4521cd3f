#pragma once
// Correlation rules over the matches of a scan, in order of time, whatever the order of the files.
//
//   in    matches of rules that correlations refer to, file by file (chunk_judge.h)
//   out   hits
//
// Files of several hosts hold the same days, so matches wait for those of other files. Beyond kMaxWaiting
// bytes the older half of what waits is counted, and what comes with an earlier time after that is late: the
// correlator takes it while its window is open, and counts it where it is not. The same for any number of
// threads. Memory: that, twice for a moment, and the correlator's.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "detect/correlation/correlator.h"
#include "detect/scan/correlated_match.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::detect {

struct ScanPlace {
  std::size_t file = 0;
  std::uint64_t line = 1;
  bool operator==(const ScanPlace&) const = default;
};

struct ScanHit {
  std::size_t correlation = 0;     // place in RuleSet::correlations
  std::vector<std::string> group;  // values of its group-by
  Timestamp first{}, last{};
  sigma::Number value;
  std::vector<ScanPlace> events;  // the newest of the window, oldest first; never empty
};

class ScanCorrelations {
 public:
  static constexpr std::size_t kMaxWaiting = 64U << 20;

  // Copies what it needs of the set. kInvalidInput as Correlator::create().
  static Result<ScanCorrelations> create(const sigma::RuleSet& set, std::size_t max_waiting = kMaxWaiting);

  const CorrelationNeeds& needs() const noexcept { return *needs_; }
  // By file and line. Appends the hits that come of it now.
  void add(std::size_t file, std::vector<CorrelatedMatch> matches, std::vector<ScanHit>& hits);
  // There are no more files.
  void finish(std::vector<ScanHit>& hits);

  const std::vector<Error>& refusals() const { return correlator_.refusals(); }
  CorrelatorStats stats() const { return correlator_.stats(); }

 private:
  struct Waiting {
    std::size_t file = 0;
    CorrelatedMatch match;
  };
  ScanCorrelations(Correlator correlator, CorrelationNeeds needs, std::size_t max_waiting);
  void count(std::size_t matches, std::vector<ScanHit>& hits);

  Correlator correlator_;
  std::unique_ptr<const CorrelationNeeds> needs_;  // its address stays
  std::size_t max_waiting_;
  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace tocsin::detect
