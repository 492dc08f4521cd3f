#pragma once
// What one shared key is worth as a link: base by kind and role, times how rare the key has been lately.

#include "correlate/commonness.h"
#include "model/link.h"

namespace tocsin::correlate {

// Which question a key answers. Sharing one axis while another contradicts (same user, other host) is weaker.
enum class Axis : std::uint8_t { kWho, kWhere, kOther };
Axis axis_of(model::EntityKind kind);

// True for what an attack moves along: people, machines, addresses, cloud resources.
bool is_asset(model::EntityKind kind);

// 0 (joins nothing) .. 1.2. A quiet user or host is worth 1, the default threshold; an address .7.
double link_weight(const model::LinkKey& key, const Commonness::Usage& usage);

// False when the key has been seen with so many others that repeats of one rule on it mean nothing.
bool carries_bursts(const model::LinkKey& key, const Commonness::Usage& usage);

}  // namespace tocsin::correlate
