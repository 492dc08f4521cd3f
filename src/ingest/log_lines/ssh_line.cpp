// OpenSSH's server: who tried to sign in, from where, and whether he was let in (auth.c, auth_log()).

#include "ingest/log_lines/log_lines.h"
#include "ingest/log_lines/words.h"

namespace tocsin::ingest {

std::optional<LogLine> read_ssh_line(std::string_view text) {
  LineWords words(text);
  const auto what = words.word();
  const bool let_in = what == "Accepted";
  const auto method = words.word();
  auto rest = words.rest();
  if (what == "Invalid" && method == "user") {
    // the name follows at once
  } else if ((let_in || what == "Failed") && rest.starts_with(" for ")) {
    rest.remove_prefix(5);
    constexpr std::string_view kUnknown = "invalid user ";
    if (!let_in && rest.starts_with(kUnknown)) rest.remove_prefix(kUnknown.size());
  } else {
    return std::nullopt;
  }
  // Whoever signs in chooses the name: " from " in it stands before the server's own.
  constexpr std::string_view kFrom = " from ";
  const auto from = rest.rfind(kFrom);
  if (from == rest.npos) return std::nullopt;
  auto name = rest.substr(0, from);
  name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
  LineWords where(rest.substr(from + kFrom.size()));
  const auto address = where.word();
  if (!is_ip(address)) return std::nullopt;
  LogLine line{.type = "ssh_login", .time = {}, .fields = {}};
  line.fields.add("event.action", "ssh_login");
  line.fields.add("event.outcome", let_in ? "success" : "failure");
  if (what != "Invalid") line.fields.add("ssh.method", method);
  line.fields.add("user.name", name);
  line.fields.add("source.ip", address);
  if (where.word() == "port") line.fields.add("source.port", where.word());
  return line;
}

}  // namespace tocsin::ingest
