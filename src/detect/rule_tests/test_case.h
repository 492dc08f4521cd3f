#pragma once
// The tests that a rule carries in its own document, under the key `tests` (docs/bundled-rules.md):
//
//   tests:
//     - name: many failures from one address
//       expect: match                  # or none
//       source: {product: linux}       # what the sender says of its events; may be left out
//       history: [{...}]               # steps as of a sequence, before the events: what baselines learn
//       events: [{...}, {...}]         # each matches, or none does; for a correlation a sequence
//       sequence:                      # or, where times matter:
//         - {times: 5, every: 10s, event: {user: "u%n"}}   # %n in texts: 1 to 5
//         - {after: 2m, event: {...}}                      # since the event before; 1s when not said

#include <chrono>
#include <string>
#include <vector>

#include "detect/sigma/yaml.h"
#include "detect/source/log_source.h"

namespace tocsin::detect {

struct TestEvent {
  std::string json;
  std::chrono::seconds at{0};  // since the first event of the test
};

struct RuleTest {
  std::string name;
  bool expects_match = true;
  LogSource source;
  std::vector<TestEvent> events;  // in order of time
  std::size_t history = 0;        // the first of them, of which nothing is expected; others follow
  sigma::Position at;
};

constexpr std::size_t kMaxTestEvents = 10'000;                // of all tests of one document
constexpr std::size_t kMaxTestBytes = std::size_t{16} << 20;  // of their events

// None when the document has no tests. kInvalidInput with LINE:COL.
Result<std::vector<RuleTest>> parse_tests(const sigma::Yaml& document);

}  // namespace tocsin::detect
