#pragma once
// What a baseline must say, found by looking through everything that was ever seen.

#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "detect/baseline/baseline_memory.h"

namespace tocsin::detect::test {

class PlainBaseline {
 public:
  explicit PlainBaseline(const BaselineTerms& terms) : terms_(terms) {}

  Reading observe(const Sighting& now) {
    drop_forgotten_entity(now);
    Reading reading;
    tell_entity(seen_of(now.entity), now, reading);
    drop_forgotten_value(now);
    const auto own = seen_of(now.entity);
    if (now.value) tell_value(own, now, reading);
    tell_volume(own, now, reading);
    tell_place(own, now, reading);
    seen_.push_back(now);
    return reading;
  }

 private:
  using Seen = std::vector<Sighting>;
  static constexpr std::int64_t kHour = 3'600'000;

  static std::int64_t ms(const Sighting& one) {
    return std::chrono::floor<std::chrono::milliseconds>(one.at).time_since_epoch().count();
  }
  static std::int64_t ms(std::chrono::seconds span) { return std::chrono::milliseconds(span).count(); }
  static std::int64_t last(const Seen& seen) {
    auto newest = std::numeric_limits<std::int64_t>::min();
    for (const auto& one : seen) newest = std::max(newest, ms(one));
    return newest;
  }
  Seen seen_of(std::uint64_t entity) const {
    Seen out;
    for (const auto& one : seen_) {
      if (one.entity == entity) out.push_back(one);
    }
    return out;
  }
  static Seen with_value(const Seen& seen, std::uint64_t value) {
    Seen out;
    for (const auto& one : seen) {
      if (one.value == value) out.push_back(one);
    }
    return out;
  }

  void drop_forgotten_entity(const Sighting& now) {
    const auto own = seen_of(now.entity);
    if (!own.empty() && ms(now) - last(own) > ms(terms_.forget))
      std::erase_if(seen_, [&](const Sighting& one) { return one.entity == now.entity; });
  }

  // Its events are the entity's all the same.
  void drop_forgotten_value(const Sighting& now) {
    if (!now.value) return;
    const auto same = with_value(seen_of(now.entity), *now.value);
    if (same.empty() || ms(now) - last(same) <= ms(terms_.forget)) return;
    for (auto& one : seen_) {
      if (one.entity == now.entity && one.value == now.value) one.value.reset();
    }
  }

  void tell_entity(const Seen& own, const Sighting& now, Reading& reading) const {
    auto first = ms(now);
    std::set<std::uint64_t> values, entities;
    for (const auto& one : own) {
      first = std::min(first, ms(one));
      if (one.value) values.insert(*one.value);
    }
    for (const auto& one : seen_) entities.insert(one.entity);
    const bool known =
        !own.empty() && own.size() >= terms_.learn_events && ms(now) - first >= ms(terms_.learn);
    reading.set(BaselineField::kKnown, known ? 1 : 0);
    reading.set(BaselineField::kEntityFirstSeen, own.empty() ? 1 : 0);
    reading.set(BaselineField::kEntityEvents, static_cast<double>(own.size()));
    reading.set(BaselineField::kEntityAgeDays, static_cast<double>(ms(now) - first) / 86'400'000);
    reading.set(BaselineField::kEntityValues, static_cast<double>(values.size()));
    reading.set(BaselineField::kEntities, static_cast<double>(entities.size()));
  }

  void tell_value(const Seen& own, const Sighting& now, Reading& reading) const {
    const auto same = with_value(own, *now.value);
    std::set<std::uint64_t> having;
    for (const auto& one : with_value(seen_, *now.value)) having.insert(one.entity);
    reading.set(BaselineField::kFirstSeen, same.empty() ? 1 : 0);
    reading.set(BaselineField::kValueEntities, static_cast<double>(having.size()));
    reading.set(BaselineField::kCount, static_cast<double>(same.size()));
    if (!own.empty())
      reading.set(BaselineField::kShare, static_cast<double>(same.size()) / static_cast<double>(own.size()));
    if (same.empty()) return;
    if (ms(now) >= last(same))
      reading.set(BaselineField::kSecondsSinceLast, static_cast<double>(ms(now) - last(same)) / 1000);
    tell_intervals(same, reading);
  }

  static void tell_intervals(const Seen& same, Reading& reading) {
    std::vector<double> gaps;
    auto before = ms(same.front());
    for (const auto& one : Seen(same.begin() + 1, same.end())) {
      if (ms(one) < before) continue;  // late
      gaps.push_back(static_cast<double>(ms(one) - before) / 1000);
      before = ms(one);
    }
    reading.set(BaselineField::kIntervals, static_cast<double>(gaps.size()));
    if (gaps.empty()) return;
    double weights = 0, sum = 0, squares = 0;
    const auto weight = [&](std::size_t i) {
      return std::pow(1 - Intervals::kFade, static_cast<double>(gaps.size() - 1 - i));
    };
    for (std::size_t i = 0; i < gaps.size(); ++i) {
      weights += weight(i);
      sum += weight(i) * gaps[i];
    }
    const auto mean = sum / weights;
    for (std::size_t i = 0; i < gaps.size(); ++i) squares += weight(i) * std::pow(gaps[i] - mean, 2);
    reading.set(BaselineField::kIntervalMean, mean);
    if (mean > 0) reading.set(BaselineField::kIntervalVariation, std::sqrt(squares / weights) / mean);
  }

  // Every hour from the first to the one before this, each with what was counted for it before it was closed.
  void tell_volume(const Seen& own, const Sighting& now, Reading& reading) const {
    std::map<std::int64_t, double> totals;
    auto hour = own.empty() ? ms(now) / kHour : ms(own.front()) / kHour;
    const auto first = hour;
    const auto count = [&](const Sighting& one) {
      const auto its = ms(one) / kHour;
      if (its < hour) return false;
      hour = its;
      totals[hour] += one.amount;
      return true;
    };
    for (const auto& one : own) count(one);
    if (!count(now)) return;
    const auto total = totals[hour];
    reading.set(BaselineField::kHourTotal, total);
    if (hour == first) return;
    const auto half = static_cast<double>(ms(terms_.half_life)) / kHour;
    double weights = 0, sum = 0, squares = 0;
    const auto weight = [&](std::int64_t of) {
      return std::exp2(-static_cast<double>(hour - 1 - of) / half);
    };
    for (auto one = first; one < hour; ++one) {
      weights += weight(one);
      sum += weight(one) * totals[one];
    }
    const auto mean = sum / weights;
    for (auto one = first; one < hour; ++one) squares += weight(one) * std::pow(totals[one] - mean, 2);
    const auto deviation = std::sqrt(squares / weights);
    reading.set(BaselineField::kHourMean, mean);
    reading.set(BaselineField::kHourDeviation, deviation);
    if (mean > 0) reading.set(BaselineField::kHourRatio, total / mean);
    if (std::max(deviation, mean / 10) > 0)
      reading.set(BaselineField::kHourZ, (total - mean) / std::max(deviation, mean / 10));
  }

  void tell_place(const Seen& own, const Sighting& now, Reading& reading) const {
    if (!now.place) return;
    const Sighting* before = nullptr;
    for (const auto& one : own) {
      if (one.place && (before == nullptr || ms(one) >= ms(*before))) before = &one;
    }
    if (before == nullptr) return;
    const auto distance = distance_km(*before->place, *now.place);
    const auto apart = std::max<std::int64_t>(60'000, std::abs(ms(now) - ms(*before)));
    reading.set(BaselineField::kDistanceKm, distance);
    reading.set(BaselineField::kSpeedKmh, distance * 3'600'000 / static_cast<double>(apart));
  }

  BaselineTerms terms_;
  Seen seen_;
};

}  // namespace tocsin::detect::test
