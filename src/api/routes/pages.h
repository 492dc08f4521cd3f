#pragma once
// Pages of the console, for routes that serve people and programs at the same path.

#include "api/context.h"

namespace tocsin::api {

// True when the client's Accept ranks text/html above application/json: a browser's navigation.
bool prefers_html(const http::Request& request);

// The console's document, if the build has a console and the client prefers a page.
std::optional<http::Response> console_page(const Context& context, const http::Request& request);

}  // namespace tocsin::api
