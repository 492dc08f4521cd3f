// Any values in an incident: each stays inside its literal, so that no query gets a line or a stage more.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "base/utf8.h"
#include "hunt/hunt.h"

namespace {

using namespace tocsin;

void check(bool holds) {
  if (!holds) std::abort();
}

hunt::Case case_of(std::string_view value) {
  using model::EntityKind;
  hunt::Case incident;
  incident.id = "IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC";
  incident.attack = {{"T1110.001", "T1059.001", "T1071.001"}, {"TA0006"}};
  incident.first_seen = incident.last_seen = from_unix_nanos(1'767'225'600'000'000'000);
  for (int kind = 0; kind <= static_cast<int>(EntityKind::kMac); ++kind) {
    incident.entities.push_back(
        {static_cast<EntityKind>(kind), std::string(value), model::EntityRole::kTarget});
  }
  return incident;
}

std::map<std::string, std::ptrdiff_t> lines_of(const hunt::Case& incident) {
  std::map<std::string, std::ptrdiff_t> lines;
  for (const auto& query : hunt::incident_queries(incident)) {
    check(find_invalid_utf8(query.text) == query.text.size());
    lines[query.id] = std::count(query.text.begin(), query.text.end(), '\n');
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto plain = lines_of(case_of("plain"));
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  if (find_invalid_utf8(value) != value.size()) return 0;  // an alert's texts are UTF-8
  for (const auto& [id, lines] : lines_of(case_of(value))) {
    const auto known = plain.find(id);
    check(known == plain.end() || known->second == lines);
  }
  return 0;
}
