#include "ingest/fuzz_support.h"
#include "ingest/intel_file.h"
#include "store/intel.h"

// Files of indicators from anybody: what is taken is bounded and whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = tocsin::ingest;
  using tocsin::model::Tlp;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const auto* format : {"stix", "misp"}) {
    const auto file =
        ingest::read_intel(format, body, Tlp::kGreen, tocsin::from_unix_nanos(1'767'528'000'000'000'000));
    if (!file) continue;
    for (const auto& entry : file->entries) {
      ingest::fuzz::check(!entry.ioc.value.empty());
      ingest::fuzz::check(entry.confidence >= -1 && entry.confidence <= 100);
      ingest::fuzz::check(tocsin::find_invalid_utf8(entry.label) == entry.label.size());
    }
  }
  return 0;
}
