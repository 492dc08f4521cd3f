// Makes rules and events from the bytes and holds the matcher to the interpreter's answer.

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/json_text.h"
#include "detect/match/matcher.h"
#include "detect/match/plain_match.h"
#include "detect/sigma/rule_set.h"

namespace {

using namespace tocsin;
using namespace tocsin::detect;

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  std::size_t below(std::size_t limit) { return at_ == end_ ? 0 : *at_++ % limit; }
  template <std::size_t N>
  const char* one_of(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

constexpr const char* kFields[] = {"Image", "CommandLine", "ProcessId", "a.b", "a", "User"};
constexpr const char* kModifiers[] = {"",
                                      "|contains",
                                      "|startswith",
                                      "|endswith",
                                      "|cased",
                                      "|re",
                                      "|contains|all",
                                      "|cidr",
                                      "|exists",
                                      "|gte",
                                      "|neq",
                                      "|re|i",
                                      "|windash",
                                      "|fieldref|endswith",
                                      "|contains|cased"};
constexpr const char* kParts[] = {"a", "B", "ab", "*",        "?",        "-x",
                                  "7", "1", "C",  "\xc3\x84", "\xc3\xa4", "10.0.0.1"};
constexpr const char* kConditions[] = {
    "s0",      "not s0",    "s0 and s1", "s0 or s1",    "s0 and not s1",
    "1 of s*", "all of s*", "2 of s*",   "not 1 of s*", "s2 or (s0 and s1)"};

std::string text_of(Bytes& bytes) {
  std::string text;
  for (auto parts = bytes.below(5); parts > 0; --parts) text += bytes.one_of(kParts);
  return text;
}

std::string scalar_of(Bytes& bytes, const std::string& modifier) {
  if (modifier == "|exists") return bytes.below(2) == 0 ? "true" : "false";
  if (modifier == "|gte") return std::to_string(bytes.below(9));
  if (modifier == "|cidr") return "10.0.0.0/" + std::to_string(8 + bytes.below(24));
  if (modifier.starts_with("|fieldref")) return bytes.one_of(kFields);
  if (bytes.below(8) == 0) return modifier.empty() ? "null" : "x";
  if (bytes.below(8) == 1) return std::to_string(bytes.below(9));
  return '\'' + text_of(bytes) + '\'';
}

std::string selection_of(Bytes& bytes) {
  if (bytes.below(6) == 0) return "['" + text_of(bytes) + "k', b" + text_of(bytes) + "]";
  std::string out = "{";
  for (auto items = 1 + bytes.below(2); items > 0; --items) {
    const std::string modifier = bytes.one_of(kModifiers);
    out += (out.size() > 1 ? ", \"" : "\"") + std::string(bytes.one_of(kFields)) + modifier + "\": ";
    const bool single = modifier == "|exists";
    out += single ? scalar_of(bytes, modifier)
                  : '[' + scalar_of(bytes, modifier) + ", " + scalar_of(bytes, modifier) + ']';
  }
  return out + '}';
}

std::string rules_of(Bytes& bytes) {
  std::string yaml;
  for (auto rules = 1 + bytes.below(6); rules > 0; --rules) {
    yaml += "---\ntitle: r\nlogsource: {product: windows" +
            std::string(bytes.below(2) == 0 ? ", category: process_creation" : "") + "}\ndetection:\n";
    for (int i = 0; i < 3; ++i) yaml += "  s" + std::to_string(i) + ": " + selection_of(bytes) + '\n';
    yaml += "  condition: " + std::string(bytes.one_of(kConditions)) + '\n';
  }
  return yaml;
}

void append_value(std::string& json, Bytes& bytes, int depth) {
  switch (bytes.below(depth > 0 ? 8 : 6)) {
    case 0:
      json += "null";
      return;
    case 1:
      json += bytes.below(2) == 0 ? "true" : "false";
      return;
    case 2:
      json += std::to_string(bytes.below(11));
      return;
    case 6:
      json += '[';
      append_value(json, bytes, depth - 1);
      json += ',';
      append_value(json, bytes, depth - 1);
      json += ']';
      return;
    case 7:
      json += "{\"b\":";
      append_value(json, bytes, depth - 1);
      json += '}';
      return;
    default:
      append_json_string(json, text_of(bytes));
  }
}

std::string event_of(Bytes& bytes) {
  std::string json = R"({"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1)";
  for (const auto* field : kFields) {
    if (bytes.below(3) == 0) continue;
    json += ",\"" + std::string(field) + "\":";
    append_value(json, bytes, 2);
  }
  return json + '}';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const auto set = sigma::RuleSet::parse(rules_of(bytes), "fuzz.yml");
  const RuleMatcher matcher(set.rules, SourceTable::built_in());
  RuleMatcher::Scratch scratch(matcher);
  for (int i = 0; i < 4; ++i) {
    auto json = event_of(bytes);
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    const auto fast = matcher.match(json, {}, scratch);
    const auto plain = match_plainly(json, {}, set.rules, SourceTable::built_in());
    if (!fast || !plain || !std::equal(fast->begin(), fast->end(), plain->begin(), plain->end()))
      std::abort();
  }
  return 0;
}
