#include "enrich/network_class.h"

#include "enrich/range_map.h"

namespace tocsin::enrich {
namespace {

constexpr std::string_view kRegistry = "iana_registry";
// When the table below was compared with the special-purpose address registries (RFC 6890 and its updates).
constexpr Timestamp kRegistryAsOf = Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 21));
constexpr std::size_t kMaxAddresses = 16;  // of one alert

struct Range {
  std::string_view network;
  std::string_view name;
};
constexpr Range kRanges[] = {
    {"0.0.0.0/8", "reserved"},           {"0.0.0.0/32", "unspecified"},
    {"10.0.0.0/8", "private"},           {"100.64.0.0/10", "cgnat"},
    {"127.0.0.0/8", "loopback"},         {"169.254.0.0/16", "link_local"},
    {"172.16.0.0/12", "private"},        {"192.0.0.0/24", "reserved"},
    {"192.0.2.0/24", "documentation"},   {"192.168.0.0/16", "private"},
    {"198.18.0.0/15", "benchmarking"},   {"198.51.100.0/24", "documentation"},
    {"203.0.113.0/24", "documentation"}, {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},         {"255.255.255.255/32", "broadcast"},
    {"::/128", "unspecified"},           {"::1/128", "loopback"},
    {"64:ff9b:1::/48", "private"},       {"100::/64", "reserved"},
    {"2001:2::/48", "benchmarking"},     {"2001:db8::/32", "documentation"},
    {"3fff::/20", "documentation"},      {"fc00::/7", "private"},
    {"fe80::/10", "link_local"},         {"fec0::/10", "private"},
    {"ff00::/8", "multicast"},
};

const RangeMap& ranges() {
  static const RangeMap map = [] {
    std::vector<RangeMap::Block> blocks;
    for (std::uint32_t i = 0; i < std::size(kRanges); ++i)
      blocks.push_back({model::parse_network(kRanges[i].network).value(), i});
    return RangeMap(std::move(blocks));
  }();
  return map;
}

}  // namespace

std::string_view network_class(const model::AddressBytes& address) {
  const auto* found = ranges().narrowest(address);
  return found == nullptr ? "public" : kRanges[found->value].name;
}

void add_network_classes(FactSink& sink) {
  std::size_t looked_up = 0;
  for (const auto& entity : sink.alert().entities) {
    if (entity.kind != model::EntityKind::kIp) continue;
    if (++looked_up > kMaxAddresses) return;
    if (const auto address = model::parse_address(entity.value))
      sink.add("network_class", network_class(*address), kRegistry, kRegistryAsOf, entity.value);
  }
}

}  // namespace tocsin::enrich
