// Warning lists and catalogues of exploited vulnerabilities out of any bytes; what is read is asked.

#include <cstdlib>

#include "enrich/known_exploited.h"
#include "enrich/warning_lists.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto list = enrich::read_warning_list(text)) {
    enrich::WarningIndex index;
    index.add(*std::move(list), "fuzz");
    index.seal();
    for (const auto kind : {model::IocKind::kIp, model::IocKind::kDomain, model::IocKind::kUrl}) {
      (void)index.find({kind, "http://u@host.example:8/a?b"});
      (void)index.find({kind, std::string(text.substr(0, 100))});
    }
  }
  if (auto catalogue = enrich::read_exploited(text)) {
    const auto first = catalogue->items.front().cve;
    const enrich::ExploitedIndex index(*std::move(catalogue), "fuzz");
    if (index.find(first) == nullptr) std::abort();
  }
  return 0;
}
