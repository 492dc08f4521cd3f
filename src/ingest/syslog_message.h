#pragma once
// One whole syslog message: RFC 5424, RFC 3164 and what devices send in its place. Pure.
//
// Nothing is required. RFC 3164 §4.3 wants a message that fits no format kept as it is, so what does not look
// like a header is text.

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace tocsin::ingest {

// Views into the line that was read; empty means absent ("-" counts as absent).
struct SyslogMessage {
  std::optional<int> priority;  // 0..191: facility * 8 + severity
  std::optional<Timestamp> time;
  std::string_view host;
  std::string_view app;  // APP-NAME, or the tag
  std::string_view process_id;
  std::string_view message_id;
  std::string_view structured_data;  // "[id name=\"value\"]…" as it stands
  std::string_view text;             // what the header stood before

  std::optional<int> severity() const {  // 0 emergency .. 7 debug
    return priority ? std::optional(*priority % 8) : std::nullopt;
  }
};

struct SyslogTimes {
  Timestamp now{};
  std::chrono::minutes zone{0};  // of RFC 3164 times that name none, east of Greenwich
};

// A time without a year is the last such time before `now` plus a day, so that a clock that runs ahead over
// New Year does not lose one.
SyslogMessage read_syslog(std::string_view line, const SyslogTimes& times);

}  // namespace tocsin::ingest
