// Sigma correlation rules with a million live groups: events a second on one core, and what they hold in
// memory. Each event has texts of its own, made within the measured time. Prints one JSON object on the last
// line.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "detect/correlation/correlator.h"

namespace {

using namespace tocsin;
using namespace tocsin::detect;

constexpr std::size_t kKeys = 1'000'000;

constexpr std::string_view kRule = R"(title: R
name: failed
logsource: {product: p}
detection: {s: {x: 1}, condition: s}
---
title: C
correlation:
  rules: failed
  group-by: [User]
  timespan: 1h
)";

// An event of a few fields, whose texts are written over the ones before.
class Fields final : public sigma::Event {
 public:
  Fields() : user_(1), host_(1), bytes_(1) {}

  void set(std::uint64_t user, std::uint64_t host) {
    write(user_.front(), "user-", user);
    write(host_.front(), "host-", host);
    write(bytes_.front(), "", host);
  }
  const std::vector<sigma::Value>* find(std::string_view field) const override {
    if (field == "User") return &user_;
    if (field == "Host") return &host_;
    return field == "Bytes" ? &bytes_ : nullptr;
  }
  bool any_value(const std::function<bool(const sigma::Value&)>&) const override { return false; }

 private:
  static void write(sigma::Value& value, std::string_view before, std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    value.kind = sigma::ValueKind::kString;
    value.text.assign(before).append(digits, static_cast<std::size_t>(end - digits));
    value.folded = value.text;
  }

  std::vector<sigma::Value> user_;
  std::vector<sigma::Value> host_;
  std::vector<sigma::Value> bytes_;
};

// The same numbers on every machine (splitmix64).
class Numbers {
 public:
  std::uint64_t next() {
    auto z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_ = 1;
};

struct Stream {
  std::string_view name;
  std::string_view condition;  // the rest of the correlation
  std::size_t users = kKeys;
  std::size_t events = 4 * kKeys;  // after each user was there once
  std::uint64_t hosts = 65'536;
  unsigned late_percent = 0;  // by up to four minutes
};

struct Figures {
  double first = 0;  // events/s while groups are made
  double then = 0;
  std::size_t hits = 0;
  std::size_t bytes = 0;
  CorrelatorStats stats;
};

class Run {
 public:
  explicit Run(const Stream& stream)
      : stream_(stream),
        set_(sigma::RuleSet::parse(std::string(kRule) + std::string(stream.condition), "bench.yml")),
        correlator_(*Correlator::create(set_, {})) {}

  Figures measure() {
    Figures figures;
    if (stream_.users > 1) figures.first = rate(stream_.users, [](std::size_t i) { return i; });
    figures.then = rate(stream_.events, [this](std::size_t) { return numbers_.next() % stream_.users; });
    figures.hits = hits_count_;
    figures.bytes = correlator_.bytes();
    figures.stats = correlator_.stats();
    return figures;
  }

 private:
  template <class User>
  double rate(std::size_t events, const User& user) {
    const auto begin = std::clock();
    for (std::size_t i = 0; i < events; ++i) one(user(i));
    const auto spent = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return static_cast<double>(events) / spent;
  }

  void one(std::uint64_t user) {
    const auto number = numbers_.next();
    now_ += std::chrono::microseconds(500);
    auto at = now_;
    if (number % 100 < stream_.late_percent) at -= std::chrono::seconds(number >> 32 & 0xff) * 240 / 256;
    fields_.set(user, number % stream_.hosts);
    static constexpr std::uint32_t kRules[] = {0};
    correlator_.apply({at, Timestamp::max(), ++seq_, kRules, &fields_}, hits_);
    hits_count_ += hits_.size();
    hits_.clear();
  }

  Stream stream_;
  sigma::RuleSet set_;
  Correlator correlator_;
  Fields fields_;
  Numbers numbers_;
  std::vector<CorrelationHit> hits_;
  std::size_t hits_count_ = 0;
  Timestamp now_ = from_unix_nanos(1'700'000'000'000'000'000);
  model::Seq seq_ = 0;
};

std::size_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  }
  return 0;
}

}  // namespace

int main() {
  constexpr Stream kStreams[] = {
      {"event_count", "  type: event_count\n  condition: {gte: 10}\n"},
      {"value_count", "  type: value_count\n  condition: {field: Host, gte: 10}\n"},
      {"value_count, one in ten late", "  type: value_count\n  condition: {field: Host, gte: 10}\n", kKeys,
       4 * kKeys, 65'536, 10},
      {"event_count, more groups than may stay", "  type: event_count\n  condition: {gte: 10}\n", 2 * kKeys,
       4 * kKeys},
      {"event_count, one group", "  type: event_count\n  condition: {gte: 10}\n", 1, 2 * kKeys},
      {"value_count, one group", "  type: value_count\n  condition: {field: Host, gte: 10}\n", 1, 2 * kKeys},
      {"value_count, one group just below its bound",
       "  type: value_count\n  condition: {field: Host, gte: 2000}\n", 1, kKeys / 4, 1'999},
      {"value_sum, one group that never fires", "  type: value_sum\n  condition: {field: Bytes, lt: 0}\n", 1,
       kKeys / 4},
      {"value_percentile, one group that never fires",
       "  type: value_percentile\n  condition: {field: Bytes, percentile: 99, lt: 0}\n", 1, kKeys / 4},
  };
  std::string json;
  for (const auto& stream : kStreams) {
    const auto figures = Run(stream).measure();
    fmt::print("{}: {:.0f} events/s", stream.name, figures.then);
    if (stream.users > 1) fmt::print(" ({:.0f} while groups were made)", figures.first);
    fmt::print("; {} groups, {:.1f} MB, {} evicted, {} hits\n", figures.stats.keys,
               static_cast<double>(figures.bytes) / 1e6, figures.stats.evicted_keys, figures.hits);
    json += fmt::format(
        R"({}{{"stream":"{}","first_per_s":{:.0f},"per_s":{:.0f},"keys":{},"bytes":{},"evicted":{},"hits":{}}})",
        json.empty() ? "" : ",", stream.name, figures.first, figures.then, figures.stats.keys, figures.bytes,
        figures.stats.evicted_keys, figures.hits);
  }
  fmt::print(R"({{"benchmark":"correlation","runs":[{}],"peak_rss_kib":{}}})"
             "\n",
             json, peak_kib());
}
