#pragma once
// What kind of network an address belongs to, by the registries of IANA.

#include <string_view>

#include "enrich/fact_sink.h"
#include "model/network.h"

namespace tocsin::enrich {

// "private", "cgnat", "loopback", "link_local", "multicast", "documentation", "benchmarking", "broadcast",
// "unspecified", "reserved", or "public". Thread-safe.
std::string_view network_class(const model::AddressBytes& address);

// A fact "network_class" for each address among the entities.
void add_network_classes(FactSink& sink);

}  // namespace tocsin::enrich
