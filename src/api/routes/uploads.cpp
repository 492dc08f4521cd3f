// Files that a person or a script hands in.

#include "api/context.h"
#include "api/dto/upload_dto.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

constexpr std::size_t kMaxFilename = 255;
constexpr std::size_t kMaxSource = 64;
constexpr std::string_view kAnySource = "auto";

Error not_here() {
  return error(ErrorKind::kUnavailable, "upload", "files are not taken here");
}

bool is_upload_type(std::string_view type) {
  return type == "application/json" || type == "application/x-ndjson" ||
         std::find(kUploadTypes.begin(), kUploadTypes.end(), type) != kUploadTypes.end();
}

Result<Uploads::Upload> read_upload(Request& request) {
  if (!is_upload_type(request.content_type())) {
    return error(ErrorKind::kUnsupported, "upload", "this content type is not taken here",
                 "Send the file's bytes as the body, as application/octet-stream when nothing fits better.");
  }
  Uploads::Upload upload;
  upload.source = request.query_param("source").value_or(kAnySource);
  if (upload.source.empty()) upload.source = kAnySource;
  upload.filename = request.query_param("filename").value_or("");
  if (upload.filename.size() > kMaxFilename || upload.source.size() > kMaxSource) {
    return error(ErrorKind::kInvalidInput, "upload", "`filename` has at most 255 bytes, `source` 64", {},
                 upload.source.size() > kMaxSource ? "source" : "filename");
  }
  upload.actor = actor();
  upload.body = std::move(request.body);
  return upload;
}

Response report_response(const UploadReport& report) {
  auto response =
      http::json_response(report.state == UploadReport::State::kRunning ? 202 : 200, upload_json(report));
  response.headers.emplace_back("Location", "/api/v1/uploads/" + report.id);
  return response;
}

void receive(Context& context, Request request, const http::Responder& respond) {
  const auto trace_id = request.trace_id;
  auto upload = read_upload(request);
  if (!upload) return respond(to_problem(upload.error(), trace_id));
  auto* uploads = context.services.settings.uploads;
  if (uploads == nullptr) return respond(to_problem(not_here(), trace_id));
  uploads->start(*std::move(upload), [trace_id, respond](const Result<UploadReport>& report) {
    respond(report ? report_response(*report) : to_problem(report.error(), trace_id));
  });
}

Result<Response> get_upload(Context& context, const Request& request) {
  auto* uploads = context.services.settings.uploads;
  if (uploads == nullptr) return not_here();
  const auto id = request.path_param("id");
  TOCSIN_TRY(report, uploads->find(id));
  if (!report) return not_found("upload", id);
  return http::json_response(200, upload_json(*report));
}

}  // namespace

void add_upload_routes(http::Router& router, const ContextsPtr& contexts) {
  router.add_async(Method::kPost, "/api/v1/uploads", async_handler(contexts, receive));
  add_routes(router, contexts, {{Method::kGet, "/api/v1/uploads/{id}", get_upload}});
}

}  // namespace tocsin::api
