#include "app/metrics.h"

namespace tocsin::app {
namespace {

void add_pipelines(observe::Metrics& metrics, Desks& desks) {
  const auto outcome = [&](const char* name, std::atomic<std::uint64_t> PipelineCounters::*counter) {
    metrics.gauge("tocsin_ingest_records", "Records taken since the start, by what became of them",
                  [&desks, counter] { return static_cast<double>(desks.sum(counter)); }, {{"outcome", name}});
  };
  outcome("created", &PipelineCounters::created);
  outcome("occurrence", &PipelineCounters::occurrences);
  outcome("duplicate", &PipelineCounters::duplicates);
  outcome("rejected", &PipelineCounters::rejected);
  outcome("event", &PipelineCounters::events);
  outcome("busy", &PipelineCounters::busy);
  metrics.gauge("tocsin_tenants_open", "Tenants that this process serves at the moment",
                [&desks] { return static_cast<double>(desks.open_count()); });
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

void register_gauges(observe::Metrics& metrics, const http::Server& server, Desks& desks) {
  add_pipelines(metrics, desks);
  add_server(metrics, server);
}

}  // namespace tocsin::app
