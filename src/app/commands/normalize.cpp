#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "app/commands/commands.h"
#include "base/hash.h"
#include "ingest/ingest.h"
#include "ingest/mapping.h"
#include "model/alert_json.h"

namespace tocsin::app {
namespace {

bool read_all(const std::string& file, std::string& out) {
  if (file == "-") {
    out.assign(std::istreambuf_iterator<char>(std::cin), {});
    return true;
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return false;
  out.assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

}  // namespace

int normalize(const std::string& source, const std::string& file, const std::filesystem::path& directory) {
  std::string body;
  if (!read_all(file, body)) {
    std::fprintf(stderr, "tocsin normalize: cannot read %s\n", file.c_str());
    return 2;
  }
  const auto mappings = ingest::load_mappings(directory);
  for (const auto& fault : mappings.faults) std::fprintf(stderr, "%s\n", to_string(fault).c_str());
  auto normalised = ingest::normalise(source, body, {.now = SystemClock().now(), .mappings = &mappings});
  if (!normalised) {
    std::fprintf(stderr, "tocsin normalize: %s\n", to_string(normalised.error()).c_str());
    return 2;
  }
  for (auto& record : normalised->records) {
    record.alert.fingerprint = to_hex(ingest::fingerprint(record.alert));
    std::string line;
    model::append_record_json(line, record.kind, record.alert, true);
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
  }
  for (const auto& rejection : normalised->rejections) {
    std::fprintf(stderr, "item %zu: %s\n", rejection.index, to_string(rejection.error).c_str());
  }
  return normalised->rejections.empty() ? 0 : 1;
}

}  // namespace tocsin::app
