#include "triage/learn/rarity.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace tocsin::triage {
namespace {

constexpr double kNewHours = 10.0 / 60;
constexpr std::size_t kMostNewcomers = 256;

std::uint64_t pair_of(std::uint64_t signature, std::uint64_t asset) {
  auto mixed = signature ^ (asset * 0x9E3779B97F4A7C15U);
  mixed = (mixed ^ (mixed >> 32U)) * 0xD6E8FEB86659FD93U;
  return mixed ^ (mixed >> 32U);
}

}  // namespace

Surprise surprise_of(const Rarity& rarity) {
  // The first hours of an environment: what came up for the first time then may well be daily.
  constexpr double kHoursBefore = 3;
  constexpr double kCompany = 0.5;  // of the logarithm of how much else is new
  const auto hours = std::log(kHoursBefore + rarity.hours);
  return {hours - std::log1p(rarity.on_asset), hours - std::log1p(rarity.anywhere),
          kCompany * (std::log1p(rarity.new_on_asset) + std::log1p(rarity.new_elsewhere))};
}

RarityTable::RarityTable(const RarityOptions& options)
    : per_hour_(std::numbers::ln2 /
                static_cast<double>(std::max<std::int64_t>(1, options.half_life.count()))),
      pairs_(options.most_pairs),
      signatures_(options.most_signatures) {}

double RarityTable::known(const BoundedTable<Count>& table, std::uint64_t key) const {
  const auto* count = table.find(key);
  return count == nullptr ? 0 : count->sum / unit_;
}

void RarityTable::count(const Sighting& one) {
  auto& pair = pairs_.at(pair_of(one.signature, one.asset), hour_);
  if (pair.sum == 0) {
    newcomers_.push_back({hour_, one.signature, one.asset});
    if (newcomers_.size() > kMostNewcomers) newcomers_.pop_front();
  }
  pair.sum += unit_;
  signatures_.at(one.signature, hour_).sum += unit_;
}

// Before numbers grow beyond what a double holds they are all made small again.
void RarityTable::move_to(double hour) {
  constexpr double kTooLarge = 1e100;
  while (!newcomers_.empty() && hour - newcomers_.front().hour > kNewHours) newcomers_.pop_front();
  unit_ = std::exp(std::min(per_hour_ * (hour - base_hour_), 600.0));
  if (unit_ < kTooLarge) return;
  const auto shrink = [&](Count& count) { count.sum /= unit_; };
  pairs_.each(shrink);
  signatures_.each(shrink);
  base_hour_ = hour;
  unit_ = 1;
}

void RarityTable::advance_to(Timestamp at) {
  if (!std::exchange(has_started_, true)) start_ = at;
  hour_ = std::max(hour_, std::chrono::duration<double, std::ratio<3600>>(at - start_).count());
}

Rarity RarityTable::known_of(const Sighting& one) const {
  Rarity rarity;
  rarity.on_asset = known(pairs_, pair_of(one.signature, one.asset));
  rarity.anywhere = known(signatures_, one.signature);
  rarity.hours = -std::expm1(-per_hour_ * hour_) / per_hour_;
  return rarity;
}

void RarityTable::add_company(const Sighting& one, Rarity& rarity) const {
  for (const auto& newcomer : newcomers_) {
    if (newcomer.signature == one.signature) continue;
    ++(newcomer.asset == one.asset ? rarity.new_on_asset : rarity.new_elsewhere);
  }
}

void RarityTable::observe(std::span<const Sighting> together, std::vector<Rarity>& out) {
  out.clear();
  for (const auto& one : together) advance_to(one.at);
  move_to(hour_);
  for (const auto& one : together) out.push_back(known_of(one));
  for (const auto& one : together) count(one);
  for (std::size_t i = 0; i < together.size(); ++i) add_company(together[i], out[i]);
}

Rarity RarityTable::look(const Sighting& sighting) {
  advance_to(sighting.at);
  move_to(hour_);
  auto rarity = known_of(sighting);
  add_company(sighting, rarity);
  return rarity;
}

void RarityTable::add(const Sighting& sighting) {
  advance_to(sighting.at);
  move_to(hour_);
  count(sighting);
}

std::size_t RarityTable::bytes() const {
  return pairs_.bytes() + signatures_.bytes() + newcomers_.size() * sizeof(Newcomer);
}

}  // namespace tocsin::triage
