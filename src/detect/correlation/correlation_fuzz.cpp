// Makes correlation documents and a stream of matches from the bytes. With room for everything the hits must
// be those of the plain evaluator; with the smallest bounds the bounds must hold.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "detect/testing/plain_correlator.h"

namespace {

using namespace tocsin;
using namespace tocsin::detect;

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  bool empty() const { return at_ == end_; }
  std::size_t below(std::size_t limit) { return at_ == end_ ? 0 : *at_++ % limit; }
  template <std::size_t N>
  std::string one_of(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

constexpr const char* kTypes[] = {"event_count", "value_count", "temporal",         "temporal_ordered",
                                  "value_sum",   "value_avg",   "value_percentile", "value_median"};
constexpr const char* kReferences[] = {"a", "a, b", "a, b, c", "c, a", "c0, a", "b, c0", "c1, c0", "c1, b"};
constexpr const char* kGroups[] = {"[]", "[g]", "[g, h]", "[x]"};
constexpr const char* kOperators[] = {"gte", "gt", "eq", "lte", "lt"};
constexpr const char* kExpressions[] = {"a and b",   "a and not b",     "not a",    "(a or b) and c0",
                                        "2 of them", "not (1 of them)", "c0 and a", "a or c1"};
constexpr const char* kValues[] = {"\"1\"", "\"k\"",     "\"K\"", "null", "2.5",
                                   "-3",    "[\"k\",7]", "\"\"",  "1e300"};
constexpr const char* kMatched[] = {"a", "b", "c", "ab", "bc", "abc"};

constexpr std::string_view kRules = R"(title: A
name: a
logsource: {product: p}
detection: {s: {x: 1}, condition: s}
---
title: B
name: b
logsource: {product: p}
detection: {s: {x: 1}, condition: s}
---
title: C
name: c
logsource: {product: p}
detection: {s: {x: 1}, condition: s}
)";

std::string bound(Bytes& bytes) {
  return bytes.one_of(kOperators) + ": " + std::to_string(bytes.below(7));
}

std::string condition(Bytes& bytes, const std::string& type) {
  if (type.starts_with("temporal")) {
    if (bytes.below(3) == 0) return {};
    return ", condition: " + (bytes.below(2) == 0 ? bytes.one_of(kExpressions) : '{' + bound(bytes) + '}');
  }
  std::string text = ", condition: {" + bound(bytes);
  if (type != "event_count") text += bytes.below(2) == 0 ? ", field: u" : ", field: g";
  if (type == "value_percentile") text += ", percentile: " + std::to_string(bytes.below(101));
  return text + '}';
}

std::string correlations(Bytes& bytes) {
  std::string yaml(kRules);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto type = bytes.one_of(kTypes);
    yaml += "---\ntitle: C\nname: c" + std::to_string(i) + "\ncorrelation: {type: " + type + ", rules: [" +
            bytes.one_of(kReferences) + "], group-by: " + bytes.one_of(kGroups) +
            ", timespan: " + std::to_string(1 + bytes.below(40)) + 's' + condition(bytes, type);
    if (bytes.below(3) == 0) yaml += ", generate: true";
    if (bytes.below(3) == 0) yaml += ", aliases: {x: {a: g}}";
    yaml += "}\n";
  }
  return yaml;
}

std::string event_text(Bytes& bytes) {
  std::string json;
  for (const auto* field : {"g", "h", "u", "x"}) {
    if (bytes.below(8) != 0)
      json += (json.empty() ? "{\"" : ",\"") + std::string(field) + "\":" + bytes.one_of(kValues);
  }
  return json.empty() ? "{}" : json + '}';
}

// A group with fewer events keeps its repeats, as the plain evaluator does; an event brings at most 30.
constexpr std::size_t kRepeatsKept = 96;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const CorrelationHit& a, const CorrelationHit& b) {
  return a.correlation == b.correlation && a.group == b.group && a.first == b.first && a.last == b.last &&
         a.events == b.events && a.value == b.value;
}

// Correlations that do not refer to each other are told in any order.
void require_same(std::vector<CorrelationHit> fast, std::vector<CorrelationHit> plain) {
  const auto by_place = [](const CorrelationHit& a, const CorrelationHit& b) {
    return a.correlation < b.correlation;
  };
  std::stable_sort(fast.begin(), fast.end(), by_place);
  std::stable_sort(plain.begin(), plain.end(), by_place);
  require(std::equal(fast.begin(), fast.end(), plain.begin(), plain.end(), same));
}

void require_bounded(const Correlator& correlator, const CorrelatorOptions& options,
                     const sigma::RuleSet& set, const std::vector<CorrelationHit>& hits) {
  require(correlator.stats().keys <= options.max_keys);
  require(correlator.bytes() < 4'096 * 25 + 1'024 * 64 + 16'384);
  for (const auto& hit : hits) {
    require(hit.first <= hit.last && hit.last - hit.first <= set.correlations[hit.correlation].timespan);
    require(hit.events.size() <= CorrelationHit::kMaxEvents);
    require(hit.group.size() == set.correlations[hit.correlation].group_by.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const bool roomy = bytes.below(2) == 0;
  CorrelatorOptions options;
  options.lateness = std::chrono::seconds(bytes.below(30));
  if (!roomy) {
    options.max_keys = 1 + bytes.below(4);
    options.max_observations = 4'096;
    options.max_observations_per_key = 64;
  }
  const auto set = sigma::RuleSet::parse(correlations(bytes), "fuzz.yml");
  auto correlator = Correlator::create(set, options);
  require(correlator.ok());
  test::PlainCorrelator plain(set, options.lateness);
  std::int64_t now = 1'000;
  for (model::Seq seq = 0; !bytes.empty() && seq < 2'000; ++seq) {
    if (plain.largest_group() > kRepeatsKept) break;
    now += static_cast<std::int64_t>(bytes.below(8));
    const Timestamp at{
        std::chrono::seconds(now - static_cast<std::int64_t>(bytes.below(3) * bytes.below(40)))};
    std::vector<std::uint32_t> rules;
    for (const char rule : bytes.one_of(kMatched)) rules.push_back(static_cast<std::uint32_t>(rule - 'a'));
    const auto fields = sigma::JsonEvent::parse(event_text(bytes));
    require(fields.ok());
    const MatchedEvent event{at, Timestamp::max(), seq, rules, &*fields};
    std::vector<CorrelationHit> hits;
    correlator->apply(event, hits);
    if (roomy) {
      require_same(std::move(hits), plain.apply(event));
    } else {
      require_bounded(*correlator, options, set, hits);
    }
  }
  return 0;
}
