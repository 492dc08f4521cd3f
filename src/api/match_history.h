#pragma once
// How often each rule matched, hour by hour, for the last seven days.
//
// The hour at hand is a value that its owner saves with its own progress, in one write, so that no event is
// counted twice or not at all. An hour that is over goes into the store by itself: one setting an hour, used
// again after seven days, so that there are never more than kHours. Not thread-safe.

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/json_writer.h"
#include "base/clock.h"
#include "store/store.h"

namespace tocsin::api {

struct HourOfMatches {
  std::int64_t hour = 0;  // since 1970
  std::map<std::string, std::int64_t, std::less<>> by_rule;
};

std::int64_t hour_of(Timestamp at);
// Members `hour` and `matches` of an object, and back; what is no such member is an hour without matches.
void write_hour(JsonWriter& json, const HourOfMatches& hour);
HourOfMatches read_hour(const boost::json::object& object);

struct MatchSums {
  std::int64_t day = 0;   // this hour and the 24 before it
  std::int64_t week = 0;  // this hour and the 168 before it
};
using MatchSumsByRule = std::unordered_map<std::string, MatchSums>;

class MatchHistory {
 public:
  static constexpr std::int64_t kHours = 169;

  explicit MatchHistory(store::TenantStore& store) : store_(store) {}

  // An hour that is over. Keeping it again changes nothing.
  Result<void> keep(const HourOfMatches& hour);
  // What other processes kept is read again.
  void forget() { hours_.reset(); }
  Result<MatchSumsByRule> sums(const HourOfMatches& at_hand, Timestamp now);

 private:
  Result<void> load();

  store::TenantStore& store_;
  std::optional<std::vector<HourOfMatches>> hours_;  // by place in the ring; absent: not read yet
};

}  // namespace tocsin::api
