#pragma once
// The date of RFC 5322, found wherever it stands in a Date or Received header.

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace tocsin::ingest::mail {

// "Sat, 5 Nov 2022 10:43:42 +0000 (UTC)", with or without weekday, seconds and zone (then UTC), after
// anything
// ("by mx1 with ESMTPS id x; Tue, …"). Absent without a day, a month's English name, a year and a time of
// day.
std::optional<Timestamp> find_date(std::string_view text);

}  // namespace tocsin::ingest::mail
