#include "export/stix_pattern.h"

#include <array>
#include <string_view>

namespace tocsin::exports {
namespace {

// In the order of model::IocKind; a CVE has none.
constexpr std::array<std::string_view, 8> kPaths{
    "ipv4-addr:value",     "domain-name:value",     "url:value",        "file:hashes.MD5",
    "file:hashes.'SHA-1'", "file:hashes.'SHA-256'", "email-addr:value", ""};

std::string_view path_of(const model::Ioc& ioc) {
  const bool is_v6 = ioc.kind == model::IocKind::kIp && ioc.value.find(':') != std::string::npos;
  return is_v6 ? "ipv6-addr:value" : kPaths[static_cast<std::size_t>(ioc.kind)];
}

}  // namespace

std::optional<std::string> stix_pattern(const model::Ioc& ioc) {
  const auto path = path_of(ioc);
  if (path.empty()) return std::nullopt;
  std::string pattern = "[";
  pattern.append(path).append(" = '");
  for (const char c : ioc.value) {
    if (c == '\'' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "']";
}

}  // namespace tocsin::exports
