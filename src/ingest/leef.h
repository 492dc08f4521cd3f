#pragma once
// IBM Log Event Extended Format 1.0 and 2.0 ("QRadar LEEF guide"): header and attributes of one line.

#include <optional>
#include <string>
#include <string_view>

#include "ingest/fields.h"

namespace tocsin::ingest {

struct LeefLine {
  std::string_view prefix;  // what a relay wrote before "LEEF:"
  std::string_view vendor, product, version, event_id;
  Fields attributes;
};

// Where "LEEF:<digit>" starts; npos when nowhere.
std::size_t find_leef(std::string_view line);
// Absent when the header is not all there. Attributes stand between tabs, or in 2.0 between the delimiter
// that the header names ("^", "x5E", "0x5E"); senders that put blanks there instead are understood.
std::optional<LeefLine> parse_leef(std::string_view line);

}  // namespace tocsin::ingest
