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

RarityTable::RarityTable(const RarityOptions& options)
    : per_hour_(std::numbers::ln2 /
                static_cast<double>(std::max<std::int64_t>(1, options.half_life.count()))),
      pairs_(options.most_pairs),
      signatures_(options.most_signatures) {}

double RarityTable::known(const BoundedTable<Count>& table, std::uint64_t key) const {
  const auto* count = table.find(key);
  return count == nullptr ? 0 : count->sum / unit_;
}

void RarityTable::add(const Sighting& one) {
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
  unit_ = std::exp(std::min(per_hour_ * (hour - base_hour_), 600.0));
  if (unit_ < kTooLarge) return;
  const auto shrink = [&](Count& count) { count.sum /= unit_; };
  pairs_.each(shrink);
  signatures_.each(shrink);
  base_hour_ = hour;
  unit_ = 1;
}

void RarityTable::observe(std::span<const Sighting> together, std::vector<Rarity>& out) {
  out.clear();
  for (const auto& one : together) {
    if (!std::exchange(has_started_, true)) start_ = one.at;
    const auto hour = std::chrono::duration<double, std::ratio<3600>>(one.at - start_).count();
    hour_ = std::max(hour_, hour);
  }
  move_to(hour_);
  for (const auto& one : together) {
    auto& rarity = out.emplace_back();
    rarity.on_asset = known(pairs_, pair_of(one.signature, one.asset));
    rarity.anywhere = known(signatures_, one.signature);
    rarity.hours = -std::expm1(-per_hour_ * hour_) / per_hour_;
  }
  for (const auto& one : together) add(one);
  while (!newcomers_.empty() && hour_ - newcomers_.front().hour > kNewHours) newcomers_.pop_front();
  for (std::size_t i = 0; i < together.size(); ++i) {
    for (const auto& newcomer : newcomers_) {
      if (newcomer.signature == together[i].signature) continue;
      ++(newcomer.asset == together[i].asset ? out[i].new_on_asset : out[i].new_elsewhere);
    }
  }
}

std::size_t RarityTable::bytes() const {
  return pairs_.bytes() + signatures_.bytes() + newcomers_.size() * sizeof(Newcomer);
}

}  // namespace tocsin::triage
