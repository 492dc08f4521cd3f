#include "ingest/fuzz_support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return tocsin::ingest::fuzz::normalise_one("w3c", data, size);
}
