#pragma once
// Response plans as JSON (openapi.yaml: ResponsePlan, Action).

#include "api/json_writer.h"
#include "triage/planner.h"

namespace tocsin::api {

void write_plan(JsonWriter& json, const triage::ResponsePlan& plan);

}  // namespace tocsin::api
