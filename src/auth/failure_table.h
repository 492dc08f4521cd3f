#pragma once
// Failed tries by key, bounded: the table behind SignInThrottle. Not thread-safe.

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/throttle.h"

namespace tocsin::auth {

class FailureTable {
 public:
  FailureTable(FailurePolicy policy, std::size_t max_entries) : policy_(policy), max_entries_(max_entries) {}

  // How long the key has to wait; zero when it may try.
  std::chrono::seconds wait(std::string_view key, Timestamp now) const;
  // One more try. When the table is full, of the sixteen keys that were longest untouched the one with the
  // fewest failures makes room, so that a stream of new names does not free a locked one.
  void add(std::string_view key, Timestamp now);
  void take_back(std::string_view key);
  void forget(std::string_view key);

  bool contains(std::string_view key) const { return entries_.contains(std::string(key)); }
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    unsigned failures = 0;
    Timestamp last{};
  };
  using Order = std::list<Entry>;  // longest untouched first

  Order::iterator find_or_insert(std::string_view key);
  void make_room();

  FailurePolicy policy_;
  std::size_t max_entries_;
  Order order_;
  std::unordered_map<std::string, Order::iterator> entries_;
};

}  // namespace tocsin::auth
