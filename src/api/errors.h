#pragma once
// Errors on their way out. The mapping of ErrorKind to status is http::to_response's; this adds the place (a
// byte, a parameter's column) to errors[], where clients look for it.

#include <string_view>

#include "base/result.h"
#include "http/http.h"

namespace tocsin::api {

http::Response to_problem(const Error& error, std::string_view trace_id);
// 412 for a stale If-Match, else as above.
http::Response to_change_problem(const Error& error, bool had_if_match, std::string_view trace_id);

Error not_found(std::string_view what, std::string_view id);

}  // namespace tocsin::api
