#pragma once
// Latencies in buckets that are at most 1.6 % wide, so that percentiles cost no memory per request.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tocsin::bench {

class Latencies {
 public:
  void add(std::uint64_t microseconds) {
    ++buckets_[bucket_of(microseconds)];
    ++count_;
  }

  // `share` 0..1; 0 when nothing was added.
  double percentile_ms(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > rank || (seen == count_ && count_ > 0)) return static_cast<double>(value_of(i)) / 1000.0;
    }
    return 0;
  }

 private:
  static constexpr unsigned kSubBits = 6;  // 64 buckets an octave
  static constexpr std::uint64_t kSub = 1U << kSubBits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kSub) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kSubBits - 1;
    const auto bucket = (shift + 1) * kSub + ((value >> shift) - kSub);
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }
  static std::uint64_t value_of(std::size_t bucket) {
    if (bucket < kSub) return bucket;
    const auto shift = bucket / kSub - 1;
    return (kSub + bucket % kSub) << shift;
  }

  static constexpr std::size_t kBuckets = kSub * 26;  // up to half an hour
  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace tocsin::bench
