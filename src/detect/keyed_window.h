#pragma once
// What was seen under one key in the last minutes, for a bounded number of keys: the memory of rules that
// count.

#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "model/link.h"

namespace tocsin::detect {

struct Observation {
  Timestamp at{};
  model::Seq seq = 0;
  std::uint64_t value = 0;  // hash of what is counted as distinct
};

// Not thread-safe. Beyond max_keys the key touched longest ago is forgotten; a key keeps its newest kPerKey
// observations. Deterministic: it depends on the order of calls alone.
class KeyedWindow {
 public:
  KeyedWindow(std::chrono::nanoseconds window, std::size_t max_keys) : window_(window), max_keys_(max_keys) {}

  // Adds one observation and answers all of this key inside the window that ends at the newest of them, in
  // order of arrival. Late ones count while they lie inside the window. The reference holds until the next
  // call.
  const std::deque<Observation>& observe(std::uint64_t key, const Observation& observation);
  // As above without adding; empty for an unknown key. Does not count as a touch.
  const std::deque<Observation>& peek(std::uint64_t key) const;
  void forget(std::uint64_t key);

  std::size_t keys() const noexcept { return slots_.size(); }
  static constexpr std::size_t kPerKey = 64;

 private:
  struct Slot {
    std::deque<Observation> seen;
    Timestamp newest{};
    std::list<std::uint64_t>::iterator place;
  };
  Slot& touch(std::uint64_t key);

  std::chrono::nanoseconds window_;
  std::size_t max_keys_;
  std::unordered_map<std::uint64_t, Slot> slots_;
  std::list<std::uint64_t> by_touch_;  // newest first
};

std::size_t distinct_values(const std::deque<Observation>& seen);
std::vector<model::Seq> seqs_of(const std::deque<Observation>& seen);

}  // namespace tocsin::detect
