#pragma once
// WebSocket sessions (RFC 6455): bounded messages in, bounded queue out, pings.

#include <string_view>

#include "http/io_loop.h"
#include "http/shared.h"
#include "http/transport.h"

namespace tocsin::http {

// Answers the upgrade and runs the session until it ends, as a client of the loop. On the loop's thread.
void start_websocket(Transport transport, IoLoop& loop, Shared& shared, Request request,
                     std::string_view target, const WebSocketHandler& handler);

}  // namespace tocsin::http
