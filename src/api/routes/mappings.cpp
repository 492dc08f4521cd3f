// Trying a mapping on a pasted sample before it is put into the data directory: nothing is stored.

#include "api/body.h"
#include "api/context.h"
#include "api/json_writer.h"
#include "ingest/mapping.h"
#include "model/alert_json.h"

namespace tocsin::api {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kMaxMapping = 256U << 10;
constexpr std::size_t kMaxSample = 1U << 20;
constexpr std::size_t kMaxShown = 100;

std::string records_json(const ingest::Normalised& normalised) {
  std::string list = "[";
  for (std::size_t i = 0; i < std::min(normalised.records.size(), kMaxShown); ++i) {
    if (i > 0) list += ',';
    model::append_record_json(list, normalised.records[i].kind, normalised.records[i].alert, false);
  }
  return list + ']';
}

void write_rejections(JsonWriter& json, const ingest::Normalised& normalised) {
  json.array([&] {
    for (const auto& rejection : normalised.rejections) {
      json.object([&] {
        json.member("index", rejection.index);
        json.member("reason", rejection.error.message + (rejection.error.hint.empty() ? "" : ". ") +
                                  rejection.error.hint);
        json.member("pointer", rejection.error.where);
      });
    }
  });
}

Result<Response> try_mapping(Context& context, const Request& request) {
  TOCSIN_TRY(body, Body::parse(request));
  const auto yaml = body.text("mapping", kMaxMapping, false);
  const auto sample = body.text("payload", kMaxSample, false);
  if (auto problem = body.problem(request.trace_id)) return *std::move(problem);
  if (!yaml || !sample)
    return error(ErrorKind::kInvalidInput, "try mapping", "both `mapping` and `payload` are needed",
                 "Send the YAML text and a sample of the source as strings.");
  TOCSIN_TRY(mapping, ingest::parse_mapping(*yaml, "mapping"));
  TOCSIN_TRY(normalised, ingest::normalise(mapping, *sample, {.now = context.services.clock.now()}));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("source", mapping.source);
    json.member("total", normalised.records.size());
    json.member("rejected", [&] { write_rejections(json, normalised); });
  });
  out.insert(out.size() - 1, ",\"records\":" + records_json(normalised));
  return http::json_response(200, std::move(out));
}

}  // namespace

void add_mapping_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, {{http::Method::kPost, "/api/v1/sources/mappings/try", try_mapping}});
}

}  // namespace tocsin::api
