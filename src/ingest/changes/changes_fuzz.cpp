#include "ingest/changes/changes.h"
#include "ingest/fuzz_support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  const auto now = from_unix_nanos(1'767'528'000'000'000'000);
  const auto told = ingest::read_change({reinterpret_cast<const char*>(data), size}, now);
  if (!told || !told->change) return 0;
  const auto& change = *told->change;
  ingest::fuzz::check(change.at <= now && !change.kind.empty());
  ingest::fuzz::check(change.summary.size() <= model::kMaxChangeText &&
                      change.resources.size() <= model::kMaxChangeResources);
  return 0;
}
