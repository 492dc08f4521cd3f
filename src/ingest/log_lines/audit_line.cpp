// Records of the Linux audit system, as auditd writes them ("Audit event fields",
// linux-audit/audit-documentation). Values that a user may choose are quoted, or hexadecimal when they hold
// more than plain characters.

#include <array>

#include "base/ascii.h"
#include "ingest/log_lines/log_lines.h"
#include "ingest/log_lines/words.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

constexpr char kEnriched = '\x1d';  // what auditd looked up follows it, under names in capitals
constexpr auto kChosenByUsers = std::to_array<std::string_view>(
    {"acct", "cmd", "comm", "cwd", "data", "dir", "exe", "key", "name", "path", "proctitle"});

bool is_argument(std::string_view name) {
  return name.size() > 1 && name.front() == 'a' && name.find_first_not_of("0123456789", 1) == name.npos;
}

bool may_be_hex(std::string_view record, std::string_view name, std::string_view value) {
  if (value.size() < 2 || value.size() % 2 != 0 || !std::all_of(value.begin(), value.end(), is_hex))
    return false;
  if (is_argument(name)) return record == "EXECVE";  // of a system call they are numbers
  return std::find(kChosenByUsers.begin(), kChosenByUsers.end(), name) != kChosenByUsers.end();
}

int digit_of(char c) {
  return is_digit(c) ? c - '0' : lower(c) - 'a' + 10;
}

// Arguments of a title are told apart by NUL. Bytes that are no text are left to the JSON writer.
std::string from_hex(std::string_view digits) {
  std::string out;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    const auto byte = static_cast<char>(digit_of(digits[at]) * 16 + digit_of(digits[at + 1]));
    out += byte == '\0' ? ' ' : byte;
  }
  return out;
}

class AuditRecord {
 public:
  AuditRecord(std::string_view record, Fields& fields) : record_(record), fields_(fields) {}

  void read(std::string_view pairs) {
    while (!pairs.empty()) {
      pairs.remove_prefix(std::min(pairs.find_first_not_of(" \t\x1d"), pairs.size()));
      const auto equals = pairs.find_first_of("= ");
      if (equals == pairs.npos) return;
      const auto name = pairs.substr(0, equals);
      const bool is_pair = pairs[equals] == '=' && !name.empty();
      pairs.remove_prefix(equals + 1);
      if (is_pair) read_value(name, pairs);
    }
  }

 private:
  void read_value(std::string_view name, std::string_view& rest) {
    const char quote = rest.empty() ? ' ' : rest.front();
    const auto end = quote == '"' || quote == '\'' ? rest.find(quote, 1) : rest.npos;
    if (end == rest.npos) {
      const auto value = rest.substr(0, rest.find_first_of(" \t\x1d"));
      rest.remove_prefix(value.size());
      return may_be_hex(record_, name, value) ? fields_.add_own(name, from_hex(value))
                                              : fields_.add(name, value);
    }
    const auto value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    quote == '\'' ? read_inside(value) : fields_.add(name, value);
  }

  // msg='op=login acct="root" …': what a program reported of itself. Once: nothing in there holds another.
  void read_inside(std::string_view pairs) {
    if (std::exchange(inside_, true)) return;
    read(pairs);
    inside_ = false;
  }

  const std::string_view record_;
  Fields& fields_;
  bool inside_ = false;
};

}  // namespace

std::optional<LogLine> read_audit_line(std::string_view text) {
  auto rest = text;
  LogLine line{.type = "auditd", .time = {}, .fields = {}};
  if (rest.starts_with("node=")) {
    const auto node = rest.substr(5, rest.find(' ') - 5);
    line.fields.add("node", node);
    rest.remove_prefix(std::min(5 + node.size() + 1, rest.size()));
  }
  constexpr std::string_view kStamp = " msg=audit(";
  const auto stamp = rest.find(kStamp);
  if (!rest.starts_with("type=") || stamp > 64) return std::nullopt;  // npos is
  const auto record = rest.substr(5, stamp - 5);
  rest.remove_prefix(stamp + kStamp.size());
  const auto close = rest.find(')');
  if (close > 64) return std::nullopt;  // npos is
  const auto time_and_serial = rest.substr(0, close);
  const auto colon = time_and_serial.find(':');
  if (colon == time_and_serial.npos) return std::nullopt;
  line.time = read_time(time_and_serial.substr(0, colon));
  line.fields.add("type", record);
  line.fields.add_own("msg", "audit(" + std::string(time_and_serial) + ')');
  line.fields.add("serial", time_and_serial.substr(colon + 1));
  const auto pairs = rest.substr(std::min(close + 2, rest.size()));
  // Rules name system calls; the number of one means something else on another processor.
  const auto enriched = pairs.find(kEnriched);
  if (enriched != pairs.npos) {
    constexpr std::string_view kCall = "SYSCALL=";
    const auto call = pairs.find(kCall, enriched);
    if (call != pairs.npos) line.fields.add("syscall", LineWords(pairs.substr(call + kCall.size())).word());
  }
  AuditRecord(record, line.fields).read(pairs);
  return line;
}

}  // namespace tocsin::ingest
