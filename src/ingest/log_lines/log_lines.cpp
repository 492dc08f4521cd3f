#include "ingest/log_lines/log_lines.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {
namespace {

constexpr auto kSshServers = std::to_array<std::string_view>({"sshd", "sshd-session", "dropbear"});

}  // namespace

std::optional<LogLine> read_log_line(std::string_view app, std::string_view text) {
  // What these write is free text: only their own name tells it apart from a quotation of it.
  if (std::find(kSshServers.begin(), kSshServers.end(), app) != kSshServers.end()) return read_ssh_line(text);
  if (app == "dnsmasq") return read_dnsmasq_line(text);
  for (const auto read : {read_audit_line, read_access_line, read_squid_line, read_bind_line}) {
    if (auto line = read(text)) return line;
  }
  return std::nullopt;
}

}  // namespace tocsin::ingest
