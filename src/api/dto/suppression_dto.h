#pragma once
// Suppressions, and what one would have hidden, as JSON.

#include "api/json_writer.h"
#include "api/suppress/hits.h"
#include "api/suppress/look_back.h"

namespace tocsin::api {

// With what the server found out about it.
struct SuppressionStanding {
  Suppression set;
  std::optional<Pause> pause;
  std::optional<std::size_t> known;  // users, hosts and addresses; not told in lists
};
void write_suppression(JsonWriter& json, const SuppressionStanding& standing, const HitState& hits,
                       Timestamp now);

// Members of an object.
void write_look_back(JsonWriter& json, const LookBack& found, const Missed& missed);

}  // namespace tocsin::api
