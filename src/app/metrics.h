#pragma once
// What the server and the pipeline count, as Prometheus series.

#include "app/desks.h"
#include "http/server.h"
#include "observe/metrics.h"

namespace tocsin::app {

// What it borrows outlives the metrics' last scrape.
void register_gauges(observe::Metrics& metrics, const http::Server& server, Desks& desks);

}  // namespace tocsin::app
