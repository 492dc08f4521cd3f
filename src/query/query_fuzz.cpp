#include <cstdlib>

#include "query/matcher.h"
#include "query/query.h"

// Any text: what parses prints, reads back as the same tree, resolves and matches.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace query = tocsin::query;
  if (size == 0) return 0;
  const auto subject = data[0] % 2 == 0 ? query::Subject::kAlerts : query::Subject::kIncidents;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto tree = query::parse(text, subject);
  if (!tree) return 0;
  const auto printed = query::print(*tree, subject);
  if (printed.size() <= query::kMaxBytes) {
    const auto again = query::parse(printed, subject);
    if (!again || !(*again == *tree)) std::abort();
  }
  const auto resolved = query::resolve(*tree, subject, {tocsin::from_unix_nanos(0), "ana"});
  (void)query::Matcher(resolved).matches(tocsin::model::Alert{});
  return 0;
}
