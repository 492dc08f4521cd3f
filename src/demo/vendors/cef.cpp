#include <array>

#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

// "Jan 04 12:00:00", the header of RFC 3164.
std::string syslog_time(Timestamp at) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto text = to_rfc3339(at);  // 2026-01-04T12:00:00.000Z
  const auto month = static_cast<std::size_t>((text[5] - '0') * 10 + (text[6] - '0') - 1);
  return std::string(kMonths[month]) + ' ' + text.substr(8, 2) + ' ' + text.substr(11, 8);
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

Payload cef(const CefEvent& event) {
  std::string line = "<134>" + syslog_time(event.at) + ' ' + std::string(event.device_host) + " CEF:0";
  for (const auto field :
       {event.vendor, event.product, event.version, event.signature_id, std::string_view(event.name)}) {
    line += '|' + escaped(field, "|");
  }
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(event.at.time_since_epoch()).count();
  line += '|' + std::to_string(event.severity) + "|rt=" + std::to_string(millis);
  for (const auto& [key, value] : event.extension) line += ' ' + std::string(key) + '=' + escaped(value, "=");
  return {"cef", std::move(line)};
}

Payload generic(json::object fields) {
  return {"generic", json::serialize(fields)};
}

std::string encoded_command(std::string_view script) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string wide;
  for (const char c : script) (wide += c) += '\0';
  std::string text;
  for (std::size_t i = 0; i < wide.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < wide.size() ? static_cast<unsigned char>(wide[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > wide.size() ? '=' : kAlphabet[group >> (18U - 6U * k) & 63U];
    }
  }
  return text;
}

}  // namespace tocsin::demo
