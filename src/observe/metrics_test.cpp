#include "observe/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace tocsin::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, WritesTheTextFormat) {
  Metrics metrics;
  const auto alerts = metrics.counter("tocsin_alerts_total", "Alerts accepted", {{"source", "cef"}});
  alerts.add();
  alerts.add(2);
  double depth = 7;
  metrics.gauge("tocsin_queue_depth", "Deliveries waiting", [&] { return depth; });
  EXPECT_THAT(metrics.to_text(), HasSubstr("tocsin_alerts_total{source=\"cef\"} 3"));
  EXPECT_THAT(metrics.to_text(), HasSubstr("# TYPE tocsin_alerts_total counter"));
  EXPECT_THAT(metrics.to_text(), HasSubstr("tocsin_queue_depth 7"));
  depth = 8;
  EXPECT_THAT(metrics.to_text(), HasSubstr("tocsin_queue_depth 8"));
}

TEST(Metrics, SameNameAndLabelsAreOneSeries) {
  Metrics metrics;
  metrics.counter("a_total", "help", {{"k", "v"}}).add();
  metrics.counter("a_total", "help", {{"k", "v"}}).add();
  EXPECT_THAT(metrics.to_text(), HasSubstr("a_total{k=\"v\"} 2"));
}

TEST(Metrics, LabelValuesCannotBreakTheFormat) {
  Metrics metrics;
  metrics.counter("a_total", "help", {{"k", "x\"} 1\nb_total 9"}}).add();
  EXPECT_THAT(metrics.to_text(), Not(HasSubstr("\nb_total")));
}

TEST(BoundedLabel, AnswersOtherPastItsBound) {
  BoundedLabel label(2);
  EXPECT_EQ(label.bounded("a"), "a");
  EXPECT_EQ(label.bounded("b"), "b");
  EXPECT_EQ(label.bounded("c"), "other");
  EXPECT_EQ(label.bounded("a"), "a");
}

TEST(RequestMetrics, CountsByRouteMethodAndStatusClass) {
  Metrics metrics;
  RequestMetrics requests(metrics);
  const auto record = [&] {
    for (int i = 0; i < 500; ++i) {
      requests.record("/api/v1/alerts/{id}", "GET", 200 + i % 2 * 204, std::chrono::microseconds(3'000));
    }
  };
  std::thread other(record);
  record();
  other.join();
  requests.record("", "BREW", 418, std::chrono::microseconds(1));
  const auto text = metrics.to_text();
  EXPECT_THAT(
      text,
      HasSubstr(R"(tocsin_http_requests_total{method="GET",route="/api/v1/alerts/{id}",status="2xx"} 500)"));
  EXPECT_THAT(
      text,
      HasSubstr(R"(tocsin_http_requests_total{method="GET",route="/api/v1/alerts/{id}",status="4xx"} 500)"));
  EXPECT_THAT(text, HasSubstr(R"(tocsin_http_requests_total{method="OTHER",route="none",status="4xx"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(tocsin_http_request_seconds_count{route="/api/v1/alerts/{id}"} 1000)"));
  EXPECT_THAT(text,
              HasSubstr(R"(tocsin_http_request_seconds_bucket{route="/api/v1/alerts/{id}",le="0.0025"} 0)"));
}

TEST(RequestMetrics, RoutesPastTheBoundShareOneSeries) {
  Metrics metrics;
  RequestMetrics requests(metrics);
  for (int i = 0; i < 600; ++i)
    requests.record("/r" + std::to_string(i), "GET", 200, std::chrono::microseconds(1));
  EXPECT_THAT(metrics.to_text(),
              HasSubstr(R"(tocsin_http_requests_total{method="GET",route="other",status="2xx"} 100)"));
}

}  // namespace
}  // namespace tocsin::observe
