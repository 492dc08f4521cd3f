#pragma once
// What people said of each rule's alerts, cached so that scoring an alert costs no query.

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "store/store.h"

namespace tocsin::app {

// Thread-safe. Bounded: forgets all when an adversary invents more than kMaxRules types.
class RuleHistories {
 public:
  explicit RuleHistories(const store::TenantStore& store) : store_(store) {}
  // A rule that cannot be read counts as one without history.
  store::TenantStore::RuleHistory find(std::string_view source, std::string_view type, Timestamp now);
  // The next alert of any rule is judged by what is stored then.
  void forget();

 private:
  static constexpr std::size_t kMaxRules = 10'000;
  // For what was read while it was being forgotten.
  static constexpr std::chrono::seconds kFresh{5};
  struct Entry {
    store::TenantStore::RuleHistory history;
    Timestamp read_at{};
  };

  const store::TenantStore& store_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace tocsin::app
