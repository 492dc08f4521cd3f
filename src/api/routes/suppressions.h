#pragma once

#include "api/contexts.h"
#include "http/http.h"

namespace tocsin::api {

void add_suppression_routes(http::Router& router, const ContextsPtr& contexts);

}  // namespace tocsin::api
