#pragma once
// The measures of the desk as they are shown: JSON, CSV, Prometheus, and the rows that a figure is made of.

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_writer.h"
#include "api/metric_text.h"
#include "store/store.h"
#include "triage/desk_figures.h"

namespace tocsin::api {

constexpr std::size_t kMostDeskRows = 50'000;  // the newest; what is older is left out, and said so

struct DeskRead {
  triage::DeskWork work;
  bool in_part = false;
};
// kForbidden to who sees a part of the tenant.
Result<DeskRead> read_desk_work(store::TenantStore& store, Timestamp from);

// One line of the report.
struct DeskLine {
  std::string_view name;
  std::string_view unit;  // minutes, share, alerts
  triage::Spread spread;  // its count is the sample size
  std::optional<double> share{};
  std::optional<double> before{};
  std::optional<double> goal{};
  std::string rows{};  // address of what it counts
};
std::vector<DeskLine> desk_lines(const triage::DeskWork& work, const triage::DeskMeasures& decided, int days);

void write_desk_lines(JsonWriter& json, const std::vector<DeskLine>& lines);
std::string desk_csv(const std::vector<DeskLine>& lines, Timestamp from, Timestamp until);

// The figures of the last seven days for Prometheus, measured at most once a minute however often it scrapes.
// Label values are the figures' own names. Thread-safe.
class DeskMetrics {
 public:
  DeskMetrics(store::TenantStore& store, const Clock& clock) : store_(store), clock_(clock) {}
  Result<void> write(MetricText& text);

 private:
  Result<void> refresh();

  store::TenantStore& store_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::optional<Timestamp> measured_at_;
  std::vector<triage::Figure> figures_;
};

}  // namespace tocsin::api
