#pragma once
// The alert input of POST /api/v1/alerts (CONTRACT §3): lenient in names, strict in types. The `generic`
// source reads the same names from any JSON object and passes over what has another type.

#include "ingest/normalisers/normaliser.h"

namespace tocsin::ingest {

// Adds one alert, or rejects the item with the JSON pointer of the member at fault. `pointer` leads to the
// item.
void read_api_alert(const Node& root, std::string_view pointer, Output& out);

// True for the name of a member that is read.
bool is_generic_member(std::string_view name);

}  // namespace tocsin::ingest
