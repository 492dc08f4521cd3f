#include "base/json_text.h"
#include "http/http.h"

namespace tocsin::http {
namespace {

struct KindStatus {
  ErrorKind kind;
  int status;
  std::string_view title;
};

constexpr KindStatus kStatuses[] = {
    {ErrorKind::kInvalidSyntax, 400, "Unreadable request"},
    {ErrorKind::kInvalidInput, 422, "Invalid content"},
    {ErrorKind::kNotFound, 404, "Not found"},
    {ErrorKind::kConflict, 409, "Conflict"},
    {ErrorKind::kTooLarge, 413, "Too large"},
    {ErrorKind::kUnsupported, 415, "Unsupported media type"},
    {ErrorKind::kForbidden, 403, "Forbidden"},
    {ErrorKind::kUnauthorized, 401, "Not signed in"},
    {ErrorKind::kBusy, 429, "Too busy"},
    {ErrorKind::kStorageFull, 507, "Storage full"},
    {ErrorKind::kUnavailable, 503, "Not available"},
    {ErrorKind::kInternal, 500, "Internal error"},
};

const KindStatus& find_status(ErrorKind kind) {
  for (const auto& row : kStatuses) {
    if (row.kind == kind) return row;
  }
  return std::end(kStatuses)[-1];
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

void append_errors(std::string& out, const Problem& problem) {
  out += ",\"errors\":[";
  for (std::size_t i = 0; i < problem.errors.size(); ++i) {
    if (i > 0) out += ',';
    out += "{\"pointer\":";
    append_json_string(out, problem.errors[i].first);
    append_member(out, "detail", problem.errors[i].second);
    out += '}';
  }
  out += ']';
}

bool is_pointer(std::string_view where) {
  return where.starts_with('/');
}

bool asks_to_come_back(int status) {
  return status == 429 || status == 503;
}

}  // namespace

Response problem_response(const Problem& problem, std::string_view trace_id) {
  Response response;
  response.status = problem.status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (asks_to_come_back(problem.status)) response.headers.emplace_back("Retry-After", "1");
  auto& out = response.body;
  out = R"({"type":"about:blank")";
  append_member(out, "title", problem.title);
  out += ",\"status\":" + std::to_string(problem.status);
  append_member(out, "detail", problem.detail);
  append_member(out, "hint", problem.hint);
  append_member(out, "trace_id", trace_id);
  if (!problem.errors.empty()) append_errors(out, problem);
  out += '}';
  return response;
}

Response to_response(const Error& error, std::string_view trace_id) {
  const auto& row = find_status(error.kind);
  Problem problem{row.status, std::string(row.title), error.message, error.hint, {}};
  // What broke inside is for the log, not for the client.
  if (error.kind == ErrorKind::kInternal) {
    problem.detail = "The server failed to answer this request.";
    problem.hint = "Look up the trace id in the server's log.";
  } else if (is_pointer(error.where)) {
    problem.errors.emplace_back(error.where, error.message);
  } else if (!error.where.empty()) {
    problem.detail += " (" + error.where + ")";
  }
  return problem_response(problem, trace_id);
}

Response json_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

}  // namespace tocsin::http
