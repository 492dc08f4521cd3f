#include "ingest/fuzz_support.h"
#include "ingest/mapping.h"

// The first half is the mapping, the second the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cut = std::min(text.find("\n{"), text.size());
  const auto mapping = parse_mapping(text.substr(0, cut), "f");
  if (!mapping || cut == text.size()) return 0;
  const auto result = normalise(*mapping, text.substr(cut + 1), fuzz::options());
  if (result) fuzz::check_all(*result);
  return 0;
}
