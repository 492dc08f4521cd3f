#pragma once
// The envelope of Azure's diagnostic logs (Event Hub, storage account, Log Analytics export): "records"
// around rows that carry time, category, operationName, resourceId, callerIpAddress and their own
// "properties". Some collectors write the names in lower case.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "ingest/json.h"
#include "ingest/normalisers/normaliser.h"

namespace tocsin::ingest {

struct AzureLog {
  Node row;
  Node properties;  // the row itself when it has none (Microsoft Graph, Log Analytics)
  std::string category, operation, resource_id, caller_ip, correlation_id, result, description;
  std::optional<Timestamp> time;
};
AzureLog read_azure_log(const Node& row);

// The first row of {"records":[…]} or {"value":[…]}, or the object itself.
Node first_of_list(const Node& object);

// Calls f(Node, bytes) for each row.
template <class F>
void for_each_of_list(const Node& object, Output& out, F f) {
  for (const auto* member : {"records", "value", "Records"}) {
    const Node list = object[member];
    if (!list.is_array()) continue;
    return for_each_part(out.item(), member, list,
                         [&](const Node& one, std::string_view bytes, std::size_t) { f(one, bytes); });
  }
  f(object, out.item());
}

}  // namespace tocsin::ingest
