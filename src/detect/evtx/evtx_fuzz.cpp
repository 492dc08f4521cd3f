// Chunks of Windows event logs, damaged in every way: a wrong checksum stops no reading. What comes out must
// be JSON.

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "detect/evtx/evtx_chunk.h"

namespace {

using namespace tocsin::detect;

void check_json(std::string_view json) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element event;
  const auto fault = parser.parse(json.data(), json.size(), true).get(event);
  // Deep nesting is bounded below what the parser takes.
  if (fault != simdjson::SUCCESS) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string chunk(reinterpret_cast<const char*>(data), std::min(size, kEvtxChunkBytes));
  if (chunk.size() >= 8) chunk.replace(0, 8, "ElfChnk\0", 8);
  std::string text;
  std::vector<EvtxRecord> records;
  read_evtx_chunk(chunk, text, records);
  for (const auto& record : records) {
    if (record.offset > text.size() || record.size > text.size() - record.offset) std::abort();
    if (record.fault == nullptr) check_json(std::string_view(text).substr(record.offset, record.size));
  }
  return 0;
}
