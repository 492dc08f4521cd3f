#pragma once
// Hands each WebSocket client to the live hub of the tenant that it was admitted to.

#include "api/contexts.h"
#include "api/routes.h"

namespace tocsin::api {

Feeds tenant_feeds(const ContextsPtr& contexts);

}  // namespace tocsin::api
