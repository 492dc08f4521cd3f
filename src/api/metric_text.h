#pragma once
// Prometheus text exposition format, one family after the other.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::api {

class MetricText {
 public:
  // `type`: counter, gauge, histogram.
  MetricText& family(std::string_view name, std::string_view type, std::string_view help);
  // A sample of the family begun last. Label values are escaped.
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;
  void sample(const Labels& labels, double value, std::string_view suffix = {});
  void sample(double value) { sample({}, value); }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
};

// Counts observations in fixed buckets. Thread-safe; a reader may see the buckets a moment apart.
template <std::size_t N>
class Histogram {
 public:
  // Upper bounds, ascending; +Inf is implied.
  explicit Histogram(const std::array<double, N>& bounds) : bounds_(bounds) {}

  void observe(double value) {
    std::size_t at = 0;
    while (at < N && value > bounds_[at]) ++at;
    buckets_[at].fetch_add(1, std::memory_order_relaxed);
    sum_billionths_.fetch_add(static_cast<std::int64_t>(value * 1e9), std::memory_order_relaxed);
  }

  void write(MetricText& text, const MetricText::Labels& labels) const {
    double count = 0;
    for (std::size_t i = 0; i <= N; ++i) {
      count += static_cast<double>(buckets_[i].load(std::memory_order_relaxed));
      const auto bound = i < N ? shortest(bounds_[i]) : std::string("+Inf");
      auto with_bound = labels;
      with_bound.emplace_back("le", bound);
      text.sample(with_bound, count, "_bucket");
    }
    text.sample(labels, static_cast<double>(sum_billionths_.load(std::memory_order_relaxed)) / 1e9, "_sum");
    text.sample(labels, count, "_count");
  }

  double mean() const {
    std::int64_t count = 0;
    for (const auto& bucket : buckets_) count += bucket.load(std::memory_order_relaxed);
    return count == 0 ? 0
                      : static_cast<double>(sum_billionths_.load(std::memory_order_relaxed)) / 1e9 /
                            static_cast<double>(count);
  }

 private:
  static std::string shortest(double value);

  std::array<double, N> bounds_;
  std::array<std::atomic<std::int64_t>, N + 1> buckets_{};
  std::atomic<std::int64_t> sum_billionths_{0};
};

std::string metric_number(double value);

template <std::size_t N>
std::string Histogram<N>::shortest(double value) {
  return metric_number(value);
}

}  // namespace tocsin::api
