#pragma once
// The times that vendors write, beyond what base/clock.h reads.

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "ingest/json.h"

namespace tocsin::ingest {

// RFC 3339 and its relatives, seconds or finer since 1970 as digits, "Sep 07 2018 14:50:39", "Mon Aug  1
// 03:34:23 2022", "04/Jul/2025:21:23:11 +0000", "2024/01/12 11:21:15", "3/24/2022 2:42:35 PM". A time
// without a zone is UTC; of zone names UTC, GMT, those of RFC 822 and a few more are read.
std::optional<Timestamp> read_time(std::string_view text);
// The same for a string, and epoch times for a number.
std::optional<Timestamp> read_time(const Node& node);

}  // namespace tocsin::ingest
