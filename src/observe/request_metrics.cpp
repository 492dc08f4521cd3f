#include <array>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "observe/metrics.h"

namespace tocsin::observe {
namespace {

constexpr std::size_t kMaxRoutes = 500;
constexpr std::array<std::string_view, 8> kMethods{"GET",    "POST",    "PUT",  "PATCH",
                                                   "DELETE", "OPTIONS", "HEAD", "OTHER"};
constexpr std::array<std::string_view, 6> kClasses{"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

std::size_t method_index(std::string_view method) {
  const auto* found = std::find(kMethods.begin(), kMethods.end(), method);
  return found == kMethods.end() ? kMethods.size() - 1 : static_cast<std::size_t>(found - kMethods.begin());
}

std::size_t class_index(int status) {
  return status < 100 || status > 599 ? 0 : static_cast<std::size_t>(status / 100);
}

// The series of one route; counters come to be when first needed, so that no scrape shows rows of zeros.
struct Series {
  explicit Series(Histogram histogram) : seconds(histogram) {}
  Histogram seconds;
  std::array<std::array<std::optional<Counter>, kClasses.size()>, kMethods.size()> requests;
};

}  // namespace

struct RequestMetrics::Impl {
  explicit Impl(Metrics& given) : metrics(given), routes(kMaxRoutes) {}

  Metrics& metrics;
  BoundedLabel routes;
  std::shared_mutex mutex;
  std::map<std::string, std::unique_ptr<Series>, std::less<>> series;

  // The handles of a kind seen before.
  std::optional<std::pair<Counter, Histogram>> find(std::string_view route, std::size_t method,
                                                    std::size_t status) {
    const std::shared_lock lock(mutex);
    const auto found = series.find(route);
    if (found == series.end()) return std::nullopt;
    const auto& counter = found->second->requests[method][status];
    if (!counter) return std::nullopt;
    return std::pair(*counter, found->second->seconds);
  }

  std::pair<Counter, Histogram> create(std::string_view route, std::size_t method, std::size_t status) {
    const std::lock_guard lock(mutex);
    const auto name = routes.bounded(route);
    auto& slot = series[name];
    if (!slot) {
      slot = std::make_unique<Series>(metrics.histogram("tocsin_http_request_seconds",
                                                        "From the first byte read to the last byte written",
                                                        latency_buckets(), {{"route", name}}));
    }
    auto& counter = slot->requests[method][status];
    if (!counter) {
      counter = metrics.counter("tocsin_http_requests_total", "Requests answered",
                                {{"route", name},
                                 {"method", std::string(kMethods[method])},
                                 {"status", std::string(kClasses[status])}});
    }
    return {*counter, slot->seconds};
  }
};

RequestMetrics::RequestMetrics(Metrics& metrics) : impl_(std::make_unique<Impl>(metrics)) {}
RequestMetrics::~RequestMetrics() = default;

void RequestMetrics::record(std::string_view route, std::string_view method, int status,
                            std::chrono::microseconds duration) {
  if (route.empty()) route = "none";
  const auto m = method_index(method);
  const auto s = class_index(status);
  const auto known = impl_->find(route, m, s);
  const auto [counter, seconds] = known ? *known : impl_->create(route, m, s);
  counter.add();
  seconds.observe(std::chrono::duration<double>(duration).count());
}

}  // namespace tocsin::observe
