#pragma once
// Times and durations as the query language writes them. Internal to the module.
//
//   2026-11-01   2026-11-01T12:00:00Z   now   now-1d   today   today-7d   yesterday        4h   90m   2d

#include "query/values.h"

namespace tocsin::query {

Value<Point> read_moment(const FieldInfo& field, std::string_view text);
Value<Point> read_duration(const FieldInfo& field, std::string_view text);

std::string print_time(Timestamp time);  // to the nanosecond when it has any
std::string print_relative(const model::RelativeTime& time);
std::string print_duration(std::int64_t nanos);  // whole seconds

}  // namespace tocsin::query
