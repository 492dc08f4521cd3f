#include "api/routes/metrics.h"

#include "api/metric_text.h"

namespace tocsin::api {
namespace {

struct Gauge {
  std::string_view name;
  std::string_view help;
  std::int64_t value;
};

void write_gauges(MetricText& text, const std::vector<Gauge>& gauges) {
  for (const auto& gauge : gauges)
    text.family(gauge.name, "gauge", gauge.help).sample(static_cast<double>(gauge.value));
}

void write_labelled(MetricText& text, std::string_view name, std::string_view label, std::string_view help,
                    const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  text.family(name, "gauge", help);
  for (const auto& [value, count] : counts) text.sample({{label, value}}, static_cast<double>(count));
}

}  // namespace

Result<std::string> metrics_text(Context& context) {
  TOCSIN_TRY(counts, context.store().counts());
  TOCSIN_TRY(events, context.store().events().count());
  MetricText text;
  write_gauges(text,
               {
                   {"tocsin_alerts", "Alerts stored", counts.alerts},
                   {"tocsin_incidents", "Incidents stored", counts.incidents},
                   {"tocsin_incidents_open", "Incidents that are not closed", counts.incidents_open},
                   {"tocsin_events", "Raw events stored", events},
                   {"tocsin_dead_letters", "Inputs that could not be read", counts.dead_letters},
                   {"tocsin_jobs_waiting", "Background jobs waiting", counts.jobs_waiting},
                   {"tocsin_jobs_dead", "Background jobs that failed for good", counts.jobs_dead},
                   {"tocsin_search_behind", "Alerts not yet in full-text search", counts.search_behind},
                   {"tocsin_correlation_behind", "Alerts not yet correlated", counts.correlation_behind},
                   {"tocsin_live_clients", "Clients of the live feed",
                    static_cast<std::int64_t>(context.live.clients())},
               });
  write_labelled(text, "tocsin_alerts_by_severity", "severity", "Alerts stored, by severity",
                 counts.alerts_by_severity);
  write_labelled(text, "tocsin_alerts_by_status", "status", "Alerts stored, by status",
                 counts.alerts_by_status);
  write_labelled(text, "tocsin_alerts_by_source", "source", "Alerts stored, by source",
                 counts.alerts_by_source);
  TOCSIN_CHECK(context.threats.write(text, context.live.clients()));
  TOCSIN_CHECK(context.desk.write(text));
  auto out = text.take();
  if (context.site.more_metrics) out += context.site.more_metrics();
  return out;
}

}  // namespace tocsin::api
