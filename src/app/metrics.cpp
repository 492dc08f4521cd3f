#include "app/metrics.h"

namespace tocsin::app {
namespace {

void add_pipeline(observe::Metrics& metrics, const PipelineCounters& counters) {
  const auto outcome = [&](const char* name, const std::atomic<std::uint64_t>& value) {
    metrics.gauge("tocsin_ingest_records", "Records taken since the start, by what became of them",
                  [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); },
                  {{"outcome", name}});
  };
  outcome("created", counters.created);
  outcome("occurrence", counters.occurrences);
  outcome("duplicate", counters.duplicates);
  outcome("rejected", counters.rejected);
  outcome("event", counters.events);
  outcome("busy", counters.busy);
}

void add_server(observe::Metrics& metrics, const http::Server& server) {
  metrics.gauge("tocsin_http_connections", "Connections open now, WebSockets among them",
                [&server] { return static_cast<double>(server.stats().connections); });
  metrics.gauge("tocsin_http_queued_jobs", "Requests waiting for a worker",
                [&server] { return static_cast<double>(server.stats().queued_jobs); });
  metrics.gauge("tocsin_http_refused_connections", "Connections refused since the start",
                [&server] { return static_cast<double>(server.stats().refused_connections); });
}

}  // namespace

void register_gauges(observe::Metrics& metrics, const http::Server& server, const Pipeline& pipeline) {
  add_pipeline(metrics, pipeline.counters());
  add_server(metrics, server);
}

}  // namespace tocsin::app
