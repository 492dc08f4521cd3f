#pragma once

#include "api/context.h"

namespace tocsin::api {

void add_sla_routes(http::Router& router, const ContextsPtr& contexts);

}  // namespace tocsin::api
