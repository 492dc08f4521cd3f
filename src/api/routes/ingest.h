#pragma once
// The way in, shared by POST /api/v1/alerts and the earlier tools' POST /alerts: they differ in how one
// stored alert is shown.

#include "api/context.h"

namespace tocsin::api {

struct AlertAnswer {
  void (*show)(std::string& out, const model::Alert& alert) = nullptr;
  bool with_reasons = false;  // it shows triage.reasons, so they are made
};
http::AsyncHandler alert_ingest_handler(const ContextPtr& context, AlertAnswer answer);

}  // namespace tocsin::api
