// Any text as a rule file with tests: what is read keeps its bounds and is JSON, and every fault says where.

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>

#include "detect/rule_tests/rule_tests.h"
#include "detect/rule_tests/test_case.h"

namespace {

namespace detect = tocsin::detect;

void check(const std::vector<detect::RuleTest>& tests) {
  std::size_t events = 0, bytes = 0;
  simdjson::dom::parser parser;
  for (const auto& test : tests) {
    if (test.events.empty()) std::abort();
    auto before = std::chrono::seconds::min();
    for (const auto& event : test.events) {
      if (event.at < before || !parser.parse(event.json).is_object()) std::abort();
      before = event.at;
      ++events;
      bytes += event.json.size();
    }
  }
  if (events > detect::kMaxTestEvents || bytes > detect::kMaxTestBytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  detect::sigma::LoadOptions options;
  options.on_document = [](const detect::sigma::Yaml& document, const std::string&) {
    if (const auto tests = detect::parse_tests(document)) check(*tests);
  };
  static_cast<void>(detect::sigma::RuleSet::parse(input, "fuzz.yml", options));
  const detect::sigma::RuleText text{"fuzz.yml", input};
  const auto report = detect::test_rules(std::span(&text, 1));
  if (report.failed > report.tests) std::abort();
  for (const auto& fault : report.faults) {
    if (fault.message.empty() || !fault.where.starts_with("fuzz.yml:")) std::abort();
  }
  return 0;
}
