#pragma once
// The way in, shared by POST /api/v1/alerts and the earlier tools' POST /alerts: they differ in how one
// stored alert is shown.

#include "api/context.h"

namespace tocsin::api {

using ShowAlert = void (*)(std::string& out, const model::Alert& alert);
http::AsyncHandler alert_ingest_handler(const ContextPtr& context, ShowAlert show);

}  // namespace tocsin::api
