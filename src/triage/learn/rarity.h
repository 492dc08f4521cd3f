#pragma once
// How unusual an alert is where it came up: how often its signature was seen on its asset and anywhere, for
// how long that was watched, and how much else is new there just now.
//
//   in    sightings in order of time; what arrives together is given together
//   out   for each what was known before, and what is new beside it
//
// Counts fade with a half-life, so that last year does not outweigh last week, and live in tables of bounded
// size. Not thread-safe: one owner. Under a microsecond for a sighting.

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/clock.h"
#include "triage/learn/bounded_table.h"

namespace tocsin::triage {

// Hashes with a secret of the owner.
struct Sighting {
  std::uint64_t signature = 0;  // what fired: the tool and its rule
  std::uint64_t asset = 0;      // on what
  Timestamp at;
};

struct Rarity {
  double on_asset = 0;              // earlier sightings of the signature on this asset, faded
  double anywhere = 0;              // on any asset
  double hours = 0;                 // for which that was watched, faded alike
  std::uint32_t new_on_asset = 0;   // other signatures that this asset first had in the last ten minutes
  std::uint32_t new_elsewhere = 0;  // signatures that other assets first had in that time
};

// How surprising that is, in logarithms: 0 for what comes every hour, 7 for what came twice in a month.
struct Surprise {
  double here = 0;      // minus the logarithm of how often an hour the signature comes on its asset
  double anywhere = 0;  // and on any
  double company = 0;   // what else is new there just now
  double sum() const { return here + anywhere + company; }
};
Surprise surprise_of(const Rarity& rarity);

struct RarityOptions {
  std::chrono::hours half_life{24 * 30};
  std::size_t most_pairs = 1U << 16U;  // signature and asset
  std::size_t most_signatures = 1U << 13U;
};

class RarityTable {
 public:
  explicit RarityTable(const RarityOptions& options = {});

  // Later sightings are not earlier than these but for what is late: it counts as if it came now.
  void observe(std::span<const Sighting> together, std::vector<Rarity>& out);
  // The two halves of it, for who learns later what became of a sighting: what was known before, and one
  // more.
  Rarity look(const Sighting& sighting);
  void add(const Sighting& sighting);

  std::uint64_t forgotten() const { return pairs_.forgotten() + signatures_.forgotten(); }
  std::size_t bytes() const;

 private:
  struct Count {
    double sum = 0;  // in units that grow as time goes: fading without touching the table
    double weight(double /*now*/) const { return sum; }
  };
  struct Newcomer {
    double hour = 0;
    std::uint64_t signature = 0;
    std::uint64_t asset = 0;
  };

  double known(const BoundedTable<Count>& table, std::uint64_t key) const;
  void advance_to(Timestamp at);
  void move_to(double hour);
  void count(const Sighting& one);
  Rarity known_of(const Sighting& one) const;
  void add_company(const Sighting& one, Rarity& rarity) const;

  const double per_hour_;  // e-folds of fading
  bool has_started_ = false;
  Timestamp start_{};
  double hour_ = 0;       // since the start
  double base_hour_ = 0;  // when the unit was 1
  double unit_ = 1;       // of a sighting now
  BoundedTable<Count> pairs_;
  BoundedTable<Count> signatures_;
  std::deque<Newcomer> newcomers_;
};

}  // namespace tocsin::triage
