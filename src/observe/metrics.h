#pragma once
// What the product counts, for Prometheus' GET /metrics. A thin cover over prometheus-cpp core.
//
// Label values must come from closed sets (route patterns, sources, severities): each combination is a series
// that lives as long as the process. What a client wrote never becomes a label; bounded() is there for what
// might.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

namespace tocsin::observe {

using Labels = std::map<std::string, std::string>;

// Handles are cheap to copy, thread-safe, and valid as long as their Metrics.
class Counter {
 public:
  void add(double amount = 1) const;  // amount >= 0

 private:
  friend class Metrics;
  explicit Counter(prometheus::Counter& impl) : impl_(&impl) {}
  prometheus::Counter* impl_;
};

class Histogram {
 public:
  void observe(double value) const;

 private:
  friend class Metrics;
  explicit Histogram(prometheus::Histogram& impl) : impl_(&impl) {}
  prometheus::Histogram* impl_;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Asking again with the same name and labels gives the same series. Names are snake_case with unit and, for
  // counters, "_total". Costs a lock and a map look-up: keep the handle.
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                      const Labels& labels = {});
  // Read at each scrape, on the scraping thread: the callback is quick and thread-safe.
  void gauge(const std::string& name, const std::string& help, std::function<double()> read,
             const Labels& labels = {});

  // Text exposition format 0.0.4, media type "text/plain; version=0.0.4".
  std::string to_text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Seconds, from 1 ms to 10 s: what people and their tools wait for.
const std::vector<double>& latency_buckets();

// Lets the first `max_values` different values through and answers "other" for all later ones. Thread-safe.
class BoundedLabel {
 public:
  explicit BoundedLabel(std::size_t max_values);
  ~BoundedLabel();
  std::string bounded(std::string_view value);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// tocsin_http_requests_total{route,method,status} and tocsin_http_request_seconds{route}. Route patterns
// only; status is the class ("2xx"). Thread-safe and without look-ups by label after the first of its kind.
class RequestMetrics {
 public:
  explicit RequestMetrics(Metrics& metrics);
  ~RequestMetrics();
  // `route` is a pattern of the router or empty ("none"); `method` its text.
  void record(std::string_view route, std::string_view method, int status,
              std::chrono::microseconds duration);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::observe
