#include <algorithm>

#include "base/ascii.h"
#include "outbound/outbound.h"
#include "outbound/url.h"

namespace tocsin::outbound {
namespace {

constexpr unsigned kWidestV4 = 96 + 8;
constexpr unsigned kWidestV6 = 7;  // fc00::/7

Error wrong_entry(const std::string& entry, std::string message) {
  return error(ErrorKind::kInvalidInput, "read outbound.allow", "'" + entry + "' " + std::move(message),
               "give a range (10.1.0.0/16), an address, or a name (misp.corp.example, *.corp.example)");
}

bool names(const std::string& entry, std::string_view host) {
  if (!entry.starts_with("*.")) return host == entry;
  const auto suffix = std::string_view(entry).substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

bool is_too_wide(const Range& range) {
  return range.prefix < (range.first.is_v4() ? kWidestV4 : kWidestV6);
}

}  // namespace

Result<Policy> parse_policy(const std::vector<std::string>& allow) {
  Policy policy;
  for (const auto& entry : allow) {
    if (const auto range = Range::parse(entry)) {
      if (is_too_wide(*range)) return wrong_entry(entry, "opens nearly everything");
      policy.ranges.push_back(*range);
      continue;
    }
    auto name = to_lower(entry);
    const auto bare = name.starts_with("*.") ? std::string_view(name).substr(2) : std::string_view(name);
    if (!is_host_name(bare)) return wrong_entry(entry, "is neither a range nor a name");
    policy.hosts.push_back(std::move(name));
  }
  return policy;
}

std::optional<std::string> Policy::refuses(std::string_view host, const Address& address) const {
  const auto found = classify(address);
  if (found.kind == AddressKind::kPublic) return std::nullopt;
  const bool in_range = std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.contains(address) && (found.kind != AddressKind::kMetadata || range.is_single());
  });
  if (in_range) return std::nullopt;
  const bool named =
      found.kind == AddressKind::kPrivate &&
      std::any_of(hosts.begin(), hosts.end(), [&](const auto& one) { return names(one, host); });
  if (named) return std::nullopt;
  return address.text() + " is not public (" + std::string(found.name) + ")";
}

}  // namespace tocsin::outbound
