#pragma once
// The way in, shared by POST /api/v1/alerts and the earlier tools' POST /alerts: they differ in how one
// stored alert is shown.

#include <span>

#include "api/context.h"

namespace tocsin::api {

struct AlertAnswer {
  void (*show)(std::string& out, const model::Alert& alert) = nullptr;
  bool with_reasons = false;  // it shows triage.reasons, so they are made
};
http::AsyncHandler alert_ingest_handler(const ContextsPtr& contexts, AlertAnswer answer);

// The request as the pipeline takes it; its body is moved. kUnsupported for a media type that is not among
// `types`.
Result<Pipeline::Delivery> delivery_of(http::Request& request, std::span<const std::string_view> types);

}  // namespace tocsin::api
