#pragma once
// PAN-OS logs as named fields, whatever form they come in: CSV rows, whose columns depend on the log's type
// ("Syslog Field Descriptions"), JSON of the logging service, CEF or LEEF.

#include <optional>
#include <string_view>

#include "ingest/cef.h"
#include "ingest/fields.h"
#include "ingest/leef.h"

namespace tocsin::ingest {

struct PanosLog {
  std::string_view type;  // THREAT, TRAFFIC, SYSTEM …
  model::RecordKind kind = model::RecordKind::kEvent;
  Fields fields;  // by the names of the field descriptions: src, dst, srcuser, misc, threatid …
};

// Where the row's first column begins behind a relay's header; npos when the line holds none.
std::size_t find_panos_row(std::string_view line);
// Absent when the fourth column names no type of log.
std::optional<PanosLog> read_panos_row(std::string_view row);
bool is_panos_json(const Node& object);
// Absent when no member names a type of log.
std::optional<PanosLog> read_panos_json(const Node& object);
// Absent when the line is another maker's, or of no known type.
std::optional<PanosLog> read_panos_leef(const LeefLine& leef);
std::optional<PanosLog> read_panos_cef(const CefLine& cef);

}  // namespace tocsin::ingest
