#include "api/context.h"
namespace tocsin::api {
void add_incident_view_routes(http::Router&, const ContextPtr&) {}
void add_reference_routes(http::Router&, const ContextPtr&) {}
}  // namespace tocsin::api
