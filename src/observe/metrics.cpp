#include "observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <set>

namespace tocsin::observe {

void Counter::add(double amount) const {
  impl_->Increment(amount);
}
void Histogram::observe(double value) const {
  impl_->Observe(value);
}

struct Metrics::Impl {
  struct Reading {
    prometheus::Gauge* gauge;
    std::function<double()> read;
  };

  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
  std::mutex mutex;
  std::vector<Reading> readings;

  std::vector<Reading> copy_readings() {
    const std::lock_guard lock(mutex);
    return readings;
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
  return Counter(family.Add(labels));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& buckets, const Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(impl_->registry);
  return Histogram(family.Add(labels, buckets));
}

void Metrics::gauge(const std::string& name, const std::string& help, std::function<double()> read,
                    const Labels& labels) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry);
  const std::lock_guard lock(impl_->mutex);
  impl_->readings.push_back({&family.Add(labels), std::move(read)});
}

std::string Metrics::to_text() const {
  // Without the lock: a callback may ask for anything.
  for (const auto& reading : impl_->copy_readings()) reading.gauge->Set(reading.read());
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

const std::vector<double>& latency_buckets() {
  static const std::vector<double> kBuckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1,     2.5,  5,     10};
  return kBuckets;
}

struct BoundedLabel::Impl {
  const std::size_t max_values;
  std::mutex mutex;
  std::set<std::string, std::less<>> values;
};

BoundedLabel::BoundedLabel(std::size_t max_values) : impl_(new Impl{max_values, {}, {}}) {}
BoundedLabel::~BoundedLabel() = default;

std::string BoundedLabel::bounded(std::string_view value) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->values.contains(value)) return std::string(value);
  if (impl_->values.size() >= impl_->max_values) return "other";
  return *impl_->values.emplace(value).first;
}

}  // namespace tocsin::observe
