// Writes the exports of one sample incident for each JSON string on standard input, so that independent
// parsers can read them: export_samples DIRECTORY < strings.jsonl makes DIRECTORY/0.html, 0.stix … and 0.zip.

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <string>

#include "base/signing_key.h"
#include "export/testing/sample_case.h"

namespace {

using namespace tocsin;

bool save(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  return out.good();
}

bool write_all(const std::string& prefix, const std::string& value, const SigningKey& key) {
  const auto incident = exports::test::sample_case(value);
  bool good = true;
  for (const auto* name : {"pack", "markdown", "html", "stix", "navigator", "misp", "csv"}) {
    good = save(prefix + "." + name, exports::write(incident, *exports::parse_format(name)).bytes) && good;
  }
  const auto pack = exports::write_signed_pack(incident, key);
  return pack && save(prefix + ".zip", pack->bytes) && good;
}

}  // namespace

int main(int argc, char** argv) {
  const auto key = SigningKey::make();
  if (argc != 2 || !key) return 2;
  std::string line;
  for (int n = 0; std::getline(std::cin, line); ++n) {
    const auto value = boost::json::parse(line).as_string();
    if (!write_all(std::string(argv[1]) + "/" + std::to_string(n), std::string(value), *key)) return 1;
  }
  return 0;
}
