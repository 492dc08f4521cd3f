#pragma once
// What people called the alerts of a kind on an asset, so counted that nobody decides alone and no noisy hour
// does: one person's words on one kind within an hour are one word, all of theirs together count as two at
// most, and a word fades by half in 90 days. Bounded. Not thread-safe: one owner.

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "triage/learn/bounded_table.h"
#include "triage/learn/rarity.h"

namespace tocsin::triage {

struct Vote {
  std::uint64_t alert = 0;   // which they looked at; its next vote takes the place of this one
  std::uint64_t person = 0;  // hashes with a secret of the owner
  Timestamp at;
  bool is_real = false;
  double word = 1;  // how much theirs counts, 0..1
};

class Votes {
 public:
  struct Count {
    double real = 0;
    double benign = 0;
  };

  explicit Votes(std::size_t most_kinds = 1U << 14U) : kinds_(most_kinds) {}

  // Votes on a kind, the signature and asset of `like`, in any order.
  void put(const Sighting& like, const Vote& vote);
  void take_back(const Sighting& like, std::uint64_t alert);
  Count of(const Sighting& like, Timestamp now) const;

  std::uint64_t forgotten() const { return kinds_.forgotten(); }
  std::size_t bytes() const;

 private:
  struct Said {
    std::vector<Vote> votes;  // by time; at most kMostVotes, the newest
    double weight(double /*now*/) const { return static_cast<double>(votes.size()); }
  };
  BoundedTable<Said> kinds_;
};

}  // namespace tocsin::triage
