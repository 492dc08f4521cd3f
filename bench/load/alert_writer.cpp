#include "load/alert_writer.h"

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>

namespace tocsin::bench {
namespace {

constexpr std::size_t kAddressWidth = 17;  // "255.255.255.255" with its quotes
constexpr std::size_t kTokenWidth = 16;

struct Row {
  std::string_view source, type, severity, text;
};

// The commonest families of a real queue, most of them low and medium.
constexpr std::array<Row, 16> kRows = {{
    {"edr", "suspicious_powershell", "medium",
     "PowerShell was started with an encoded command by a process that does not usually do so; script block "
     "logging is on "
     "and the decoded text fetches a second stage"},
    {"idp", "failed_login", "low",
     "Several sign-ins failed with a wrong password within a short time, then none; the account was not "
     "locked and no "
     "other account was tried from the same place"},
    {"ids", "port_scan", "low",
     "One source reached many ports of this host in sequence with half-open connections; the firewall "
     "dropped most and "
     "the service banner was read on the others"},
    {"ids", "c2_beacon", "high",
     "Connections of equal size at equal intervals leave for an address that no other host talks to; the "
     "certificate is "
     "new and self-signed"},
    {"edr", "malware_detected", "medium",
     "A file in the download folder matched a signature and was put into quarantine before it ran; the same "
     "file was "
     "seen on no other machine this week"},
    {"waf", "sql_injection", "medium",
     "A request parameter carried SQL with a comment and a union; the application answered with an error "
     "page and the "
     "rule is in detection mode only"},
    {"waf", "path_traversal", "low",
     "A request asked for a file above the document root with encoded dots and slashes; the server answered "
     "that it does "
     "not exist"},
    {"cloud", "iam_key_created", "medium",
     "An access key was created for a user that already had one; the request came from the console with a "
     "second factor "
     "and from a known network"},
    {"cloud", "s3_public", "high",
     "A bucket policy now lets anybody read; the change was made through the API and the bucket holds "
     "objects that are "
     "labelled as internal"},
    {"idp", "impossible_travel", "medium",
     "Two sign-ins lie farther apart than the time between them allows; one of the addresses belongs to a "
     "mobile "
     "provider, the other to a hosting company"},
    {"edr", "new_service", "low",
     "A service was installed with a path in the temporary folder; its name is random and its start type is "
     "automatic, "
     "the installer is not signed"},
    {"dlp", "large_upload", "low",
     "More data than usual left for a storage service on the web within an hour; the user is in the "
     "exception list until "
     "the end of the month"},
    {"mail", "phishing_reported", "medium",
     "A person reported a message with a link to a sign-in page that looks like ours; nine others received "
     "it and one "
     "opened the page"},
    {"ad", "kerberoasting", "high",
     "Service tickets with weak encryption were requested for many accounts by one user in a short time; "
     "none of them is "
     "used by that user's machine"},
    {"dns", "dns_tunnel", "medium",
     "Long names with high entropy were asked below one domain in great number; the answers are text records "
     "of nearly "
     "equal length"},
    {"vpn", "ssh_bruteforce", "info",
     "Repeated attempts to sign in over SSH with names that do not exist; fail2ban blocked the address after "
     "the fifth "
     "and lifted it after an hour"},
}};

std::uint64_t mixed(std::uint64_t value) {  // splitmix64
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ value >> 30U) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ value >> 27U) * 0x94d049bb133111ebULL;
  return value ^ value >> 31U;
}

// Low numbers more often, as some hosts and users are in every queue: a tenth of all alerts on a hundredth of
// them.
std::uint32_t skewed(std::uint64_t bits, std::uint32_t count) {
  const double unit = static_cast<double>(bits & 0xffffffU) * 0x1.0p-24;
  return static_cast<std::uint32_t>(unit * unit * count);
}

void put_digits(char* to, std::size_t width, std::uint64_t value) {
  for (std::size_t i = width; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

void put_hex(char* to, std::uint64_t value) {
  for (std::size_t i = kTokenWidth; i-- > 0; value >>= 4U) to[i] = "0123456789abcdef"[value & 15U];
}

std::string padded_address(std::uint64_t bits) {
  static constexpr std::array<int, 8> kFirst = {5, 31, 45, 77, 91, 146, 185, 193};
  const auto byte = [&](unsigned place) { return static_cast<int>(bits >> place & 255U); };
  std::string text = '"' + std::to_string(kFirst[bits % kFirst.size()]) + '.' +
                     std::to_string(20 + byte(8) % 200) + '.' + std::to_string(byte(16)) + '.' +
                     std::to_string(1 + byte(24) % 254) + '"';
  return text.append(kAddressWidth - text.size(), ' ');
}

// Adds `before`, then `width` blanks; returns where the blanks begin.
std::size_t blank(std::string& text, std::string_view before, std::size_t width) {
  text += before;
  text.append(width, '0');
  return text.size() - width;
}

}  // namespace

AlertWriter::Form AlertWriter::make_form(std::string_view row_source, std::string_view type,
                                         std::string_view severity, std::string_view text,
                                         std::string_view run) {
  Form form;
  auto& out = form.text;
  form.id = blank(out, "{\"id\":\"ld-" + std::string(run) + '-', 10);
  form.time = blank(out, "\",\"ts\":\"", 24);
  out += "\",\"source\":\"" + std::string(row_source) + "\",\"alert_type\":\"" + std::string(type) +
         "\",\"severity\":\"" + std::string(severity);
  form.user = blank(out, "\",\"user\":\"user-", 5);
  form.host = blank(out, "\",\"host\":\"host-", 5);
  form.source_ip = blank(out, "\",\"ip\":", kAddressWidth);
  form.target_ip = blank(out, ",\"dst_ip\":", kAddressWidth);
  out += ",\"asset_tier\":\"normal\",\"message\":\"" + std::string(text);
  form.count = blank(out, "; seen ", 4);
  form.token = blank(out, " times, session ", kTokenWidth);
  out += "\"}";
  return form;
}

AlertWriter::AlertWriter(AlertOptions options) : options_(std::move(options)) {
  for (const auto& row : kRows)
    forms_.push_back(make_form(row.source, row.type, row.severity, row.text, options_.run));
  for (std::uint32_t i = 0; i < options_.addresses; ++i)
    addresses_.push_back(padded_address(mixed(i ^ 0xadd7e55ULL)));
}

AlertSlot AlertWriter::append_blank(std::string& body, std::uint32_t form) const {
  const AlertSlot slot{body.size(), form % static_cast<std::uint32_t>(forms_.size())};
  body += forms_[slot.form].text;
  return slot;
}

void AlertWriter::fill(std::string& body, const AlertSlot& slot, std::uint64_t number) const {
  const auto& form = forms_[slot.form];
  char* const at = body.data() + slot.offset;
  const auto bits = mixed(options_.seed * 0x10001ULL + number);
  const auto more = mixed(bits);
  const auto time = to_rfc3339(options_.start + options_.step * static_cast<std::int64_t>(number));
  put_digits(at + form.id, 10, number);
  std::memcpy(at + form.time, time.data(), 24);
  put_digits(at + form.user, 5, skewed(bits, options_.users));
  put_digits(at + form.host, 5, skewed(bits >> 24U, options_.hosts));
  std::memcpy(at + form.source_ip, addresses_[more % addresses_.size()].data(), kAddressWidth);
  std::memcpy(at + form.target_ip, addresses_[(more >> 20U) % addresses_.size()].data(), kAddressWidth);
  put_digits(at + form.count, 4, 1 + more % 9000);
  put_hex(at + form.token, more ^ bits);
}

bool dump_ndjson(const AlertWriter& writer, std::uint64_t first, std::uint64_t count,
                 const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "w"), &std::fclose);
  if (!out) return false;
  std::string line;
  for (std::uint64_t number = first; number < first + count; ++number) {
    line.clear();
    const auto slot = writer.append_blank(line, static_cast<std::uint32_t>(mixed(number) >> 40U));
    writer.fill(line, slot, number);
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), out.get()) != line.size()) return false;
  }
  return std::fflush(out.get()) == 0;
}

}  // namespace tocsin::bench
