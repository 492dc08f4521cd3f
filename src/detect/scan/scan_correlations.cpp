#include "detect/scan/scan_correlations.h"

#include <algorithm>
#include <iterator>
#include <random>

namespace tocsin::detect {
namespace {

constexpr int kLineBits = 40;
constexpr std::uint64_t kLineMask = (std::uint64_t{1} << kLineBits) - 1;

// Both fit: a command line names fewer than 2^23 files, and 2^40 lines are terabytes.
model::Seq seq_of(const ScanPlace& place) {
  return static_cast<model::Seq>(place.file << kLineBits | std::min(place.line, kLineMask));
}

ScanPlace place_of(model::Seq seq) {
  const auto bits = static_cast<std::uint64_t>(seq);
  return {static_cast<std::size_t>(bits >> kLineBits), bits & kLineMask};
}

std::uint64_t random_secret() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

Result<ScanCorrelations> ScanCorrelations::create(const sigma::RuleSet& set, std::size_t max_waiting) {
  CorrelatorOptions options;
  options.secret = random_secret();
  TOCSIN_TRY(correlator, Correlator::create(set, options));
  CorrelationNeeds needs;
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) needs.rules.push_back(correlator.uses(rule));
  needs.fields = correlator.fields();
  return ScanCorrelations(std::move(correlator), std::move(needs), max_waiting);
}

ScanCorrelations::ScanCorrelations(Correlator correlator, CorrelationNeeds needs, std::size_t max_waiting)
    : correlator_(std::move(correlator)),
      needs_(std::make_unique<const CorrelationNeeds>(std::move(needs))),
      max_waiting_(max_waiting) {}

void ScanCorrelations::add(std::size_t file, std::vector<CorrelatedMatch> matches,
                           std::vector<ScanHit>& hits) {
  for (auto& match : matches) {
    waiting_bytes_ += match.bytes();
    waiting_.push_back({file, std::move(match)});
    if (waiting_bytes_ > max_waiting_) count((waiting_.size() + 1) / 2, hits);
  }
}

void ScanCorrelations::finish(std::vector<ScanHit>& hits) {
  count(waiting_.size(), hits);
}

// The oldest; of one time in the order in which they came.
void ScanCorrelations::count(std::size_t matches, std::vector<ScanHit>& hits) {
  std::stable_sort(waiting_.begin(), waiting_.end(), [](const Waiting& before, const Waiting& after) {
    return before.match.at() < after.match.at();
  });
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(matches);
  std::vector<CorrelationHit> found;
  for (auto one = waiting_.begin(); one != end; ++one) {
    const auto& match = one->match;
    waiting_bytes_ -= match.bytes();
    const auto seq = seq_of({one->file, match.line()});
    found.clear();
    correlator_.apply({.at = match.at(), .seq = seq, .rules = match.rules(), .fields = &match}, found);
    for (auto& hit : found) {
      ScanHit& out = hits.emplace_back();
      out.correlation = hit.correlation;
      out.group = std::move(hit.group);
      out.first = hit.first;
      out.last = hit.last;
      out.value = hit.value;
      std::transform(hit.events.begin(), hit.events.end(), std::back_inserter(out.events), place_of);
    }
  }
  waiting_.erase(waiting_.begin(), end);
}

}  // namespace tocsin::detect
