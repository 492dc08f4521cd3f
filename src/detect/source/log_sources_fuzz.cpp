// The first byte says which: an operator's log source file, or an event for the built-in table.

#include <cstdint>
#include <string>

#include "detect/source/event_values.h"

using namespace tocsin::detect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    (void)SourceTable::parse(std::vector<SourceTable::File>{{"fuzz.yaml", text}});
    return 0;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element event;
  if (parser.parse(text).get(event) != simdjson::SUCCESS) return 0;
  for (const auto& view : SourceTable::built_in().recognise(event)) {
    for (const auto* field : {"EventID", "Image", "id.orig_h", "data.protoPayload.serviceName", "Data"})
      (void)ViewedEvent(event, view).find(field);
  }
  return 0;
}
