#include "ingest/fuzz_support.h"
#include "ingest/ioc.h"

// POST /api/v1/alerts in both formats, and the IoC miner on the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ingest = tocsin::ingest;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const auto format : {ingest::BodyFormat::kJson, ingest::BodyFormat::kNdjson}) {
    const auto result = ingest::parse_alerts(body, format, ingest::fuzz::options());
    if (result) ingest::fuzz::check_all(result->normalised);
  }
  std::vector<tocsin::model::Ioc> iocs;
  ingest::mine_iocs(body, iocs);
  ingest::fuzz::check(iocs.size() <= tocsin::model::kMaxIocs);
  return 0;
}
