#include "api/errors.h"

#include "base/display_text.h"

namespace tocsin::api {

http::Response to_problem(const Error& error, std::string_view trace_id) {
  auto plain = error;
  plain.where.clear();
  auto response = http::to_response(plain, trace_id);
  if (error.where.empty() || error.kind == ErrorKind::kInternal) return response;
  const bool unreadable = error.kind == ErrorKind::kInvalidSyntax;
  const auto detail = unreadable ? error.message + " (" + error.where + ")" : error.message;
  return http::problem_response({response.status,
                                 unreadable ? "Unreadable request" : "Invalid content",
                                 detail,
                                 error.hint,
                                 {{error.where, error.message}}},
                                trace_id);
}

http::Response to_change_problem(const Error& error, bool had_if_match, std::string_view trace_id) {
  if (error.kind != ErrorKind::kConflict || !had_if_match) return to_problem(error, trace_id);
  return http::problem_response({412,
                                 "Precondition failed",
                                 error.message,
                                 "read it again and repeat the change with the new ETag",
                                 {}},
                                trace_id);
}

Error not_found(std::string_view what, std::string_view id) {
  return error(ErrorKind::kNotFound, "find " + std::string(what),
               "there is no " + std::string(what) + " " + display_text(id, 60));
}

}  // namespace tocsin::api
