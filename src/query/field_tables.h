#pragma once
// The tables behind fields(). Internal to the query module.

#include "query/fields.h"

namespace tocsin::query {

std::span<const FieldInfo> alert_fields();
std::span<const FieldInfo> incident_fields();

}  // namespace tocsin::query
