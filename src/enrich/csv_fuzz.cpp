// Asset and user tables out of any bytes.

#include <cstdlib>

#include "enrich/inventory_fields.h"
#include "model/network.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto table = enrich::read_assets(text)) {
    for (const auto& row : table->rows) {
      if (row.name.empty() || row.name.size() > enrich::kMaxText) std::abort();
      for (const auto& address : row.addresses) {
        if (!model::parse_network(address)) std::abort();
      }
    }
    if (table->faults.size() > table->rejected) std::abort();
  }
  if (const auto table = enrich::read_users(text)) {
    for (const auto& row : table->rows) {
      if (row.name.empty()) std::abort();
    }
  }
  return 0;
}
