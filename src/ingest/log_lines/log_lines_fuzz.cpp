#include <cstddef>
#include <cstdint>

#include "ingest/log_lines/log_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto* app : {"", "sshd", "dnsmasq"}) {
    if (const auto line = read_log_line(app, text); line && line->fields.all().empty()) __builtin_trap();
  }
  return 0;
}
