#pragma once
// Lines of logs that are nobody's alert, taken apart into named values, so that rules can ask for them: what
// web servers, proxies, name servers, the Linux audit system and the SSH server write. Names are those of ECS
// where it has one, else of the log itself; data/logsources says what rules call them. Pure.

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "ingest/fields.h"

namespace tocsin::ingest {

struct LogLine {
  std::string_view type;          // "web_access", "proxy_access", "dns_query", "auditd", "ssh_login"
  std::optional<Timestamp> time;  // that the line itself carries
  Fields fields;                  // "event.dataset" among them; views lead into the line
};

// `app`: the program that wrote it, as syslog names it; empty where that is not known. Absent: no such line.
std::optional<LogLine> read_log_line(std::string_view app, std::string_view text);

// The formats, each in a file of its own.
std::optional<LogLine> read_access_line(std::string_view text);  // common, combined, with virtual host
std::optional<LogLine> read_squid_line(std::string_view text);   // Squid's native access.log
std::optional<LogLine> read_bind_line(std::string_view text);    // BIND's querylog
std::optional<LogLine> read_dnsmasq_line(std::string_view text);
std::optional<LogLine> read_audit_line(std::string_view text);  // one record of auditd, raw or enriched
std::optional<LogLine> read_ssh_line(std::string_view text);    // a login that succeeded or failed

}  // namespace tocsin::ingest
