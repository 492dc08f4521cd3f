#pragma once
// When a person should first have looked at an incident, and whether one did (openapi.yaml: Sla).

#include <array>

#include "api/json_writer.h"
#include "model/incident.h"

namespace tocsin::api {

using FirstResponseMinutes = std::array<int, 5>;  // by Severity, info first

// From created_at; a severity that rises later makes it due earlier.
void write_sla(JsonWriter& json, const model::Incident& incident, const FirstResponseMinutes& minutes);

}  // namespace tocsin::api
