#pragma once
// The calls of five earlier tools, in their own shapes (CONTRACT §2), over the same services: one file for
// each tool. No decision is made here that the product's own routes do not make.

#include "api/context.h"
#include "api/json_writer.h"

namespace tocsin::api {

void add_s0_routes(http::Router& router, const ContextsPtr& contexts);  // /alerts, /incidents
void add_s1_routes(http::Router& router, const ContextsPtr& contexts);  // /api/v1/triage, /api/v1/query
void add_s3_routes(http::Router& router,
                   const ContextsPtr& contexts);  // /ingest, /analyze, /demo/run, /stats
void add_s4_routes(http::Router& router, const ContextsPtr& contexts);  // /, /api/threats, /api/analytics

// A bare array's ?limit= and ?offset=.
struct Window {
  std::size_t limit = 0;
  std::size_t offset = 0;
};
Result<Window> window_of(const http::Request& request, std::size_t usual_limit);
http::Response bare_array(std::string json, std::int64_t total);

}  // namespace tocsin::api
