// Reads what baselines remember from the bytes. What is taken must be bounded, usable, and written again as
// the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "detect/baseline/baseline_memory.h"

namespace {

using namespace tocsin;
using namespace tocsin::detect;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string saved(const BaselineMemory& memory) {
  std::string text;
  memory.save(text);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const BaselineBounds bounds{.entities = 16, .values = 24};
  auto memory = BaselineMemory::restore(text, {}, bounds);
  if (!memory) return 0;
  require(memory->stats().entities <= bounds.entities && memory->stats().values <= bounds.values);
  const auto once = saved(*memory);
  const auto again = BaselineMemory::restore(once, {}, bounds);
  require(again && saved(*again) == once);
  for (std::uint64_t i = 0; i < 64; ++i) {
    static_cast<void>(memory->observe({.entity = i % 20,
                                       .value = i % 7,
                                       .amount = 1e15,
                                       .place = Coordinates{1, 2},
                                       .at = from_unix_nanos(static_cast<std::int64_t>(i) * 1'000'000'000)}));
    require(memory->stats().entities <= bounds.entities && memory->stats().values <= bounds.values);
  }
  return 0;
}
