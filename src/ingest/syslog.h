#pragma once
// The header that a syslog relay puts before a message (RFC 3164, RFC 5424).

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace tocsin::ingest {

struct SyslogHeader {
  std::optional<Timestamp> time;  // absent when it cannot be read
  std::string_view host;
};

// Reads "<13>Jan 18 11:07:53 gw1", "<134>1 2026-01-18T11:07:53Z gw1 app - - -" and the same without priority.
// A time without a year is the last such time before `now`.
SyslogHeader read_syslog_header(std::string_view header, Timestamp now);

}  // namespace tocsin::ingest
