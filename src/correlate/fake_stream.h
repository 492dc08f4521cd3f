#pragma once
// Link records for tests and benchmarks: built by hand, or a seeded stream of stories among noise.

#include <random>
#include <string>
#include <vector>

#include "base/hash.h"
#include "model/link.h"

namespace tocsin::correlate {

inline constexpr std::int64_t kMinute = 60'000'000'000;
inline constexpr std::int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01

class RecordBuilder {
 public:
  explicit RecordBuilder(model::Seq seq, std::int64_t minutes = 0) {
    record_.seq = seq;
    at(kStart + minutes * kMinute);
    rule("rule");
  }
  RecordBuilder& at(std::int64_t nanos) {
    record_.occurred_at = record_.received_at = from_unix_nanos(nanos);
    return *this;
  }
  RecordBuilder& received(std::int64_t nanos) {
    record_.received_at = from_unix_nanos(nanos);
    return *this;
  }
  RecordBuilder& rule(std::string_view name, std::string_view source = "demo") {
    record_.type_hash = FieldHasher().add(source).add(name).finish();
    record_.source_hash = static_cast<std::uint32_t>(hash64(source));
    return *this;
  }
  RecordBuilder& severity(model::Severity severity) {
    record_.severity = severity;
    return *this;
  }
  RecordBuilder& priority(int priority) {
    record_.priority = static_cast<std::uint8_t>(priority);
    return *this;
  }
  RecordBuilder& tier(model::AssetTier tier) {
    record_.asset_tier = tier;
    return *this;
  }
  RecordBuilder& tactic(unsigned place) {
    record_.tactics = static_cast<std::uint16_t>(record_.tactics | 1U << place);
    return *this;
  }
  RecordBuilder& key(model::EntityKind kind, std::string_view value,
                     model::EntityRole role = model::EntityRole::kSource) {
    const auto index = static_cast<std::uint8_t>(record_.keys.size() % model::kMaxEntities);
    record_.keys.push_back({FieldHasher().add(to_text(kind)).add(value).finish(), kind, role, index});
    return *this;
  }
  RecordBuilder& user(std::string_view value) { return key(model::EntityKind::kUser, value); }
  RecordBuilder& host(std::string_view value) { return key(model::EntityKind::kHost, value); }
  RecordBuilder& ip(std::string_view value) { return key(model::EntityKind::kIp, value); }
  operator model::LinkRecord() const { return record_; }  // NOLINT: implicit by design

 private:
  model::LinkRecord record_;
};

struct StreamOptions {
  std::size_t alerts = 10'000;
  std::uint32_t seed = 1;
  std::size_t hosts = 2'000;
  std::size_t alerts_per_story = 10;
  int alerts_per_minute = 60;
  int percent_late = 5;  // arrive up to an hour after they happened
};

// One alert after another: half of them steps of stories (own user, host and addresses, several open at a
// time), half noise on hosts, proxies and service accounts. The same options give the same stream.
class FakeStream {
 public:
  explicit FakeStream(const StreamOptions& options) : options_(options), random_(options.seed) {}

  model::LinkRecord next() {
    const auto seq = ++seq_;
    RecordBuilder builder(seq);
    const auto now = kStart + seq * kMinute / options_.alerts_per_minute;
    const auto late = chance(options_.percent_late) ? pick(60) * kMinute : 0;
    builder.at(now - late)
        .received(now)
        .rule("rule-" + std::to_string(pick(200)), "tool-" + std::to_string(pick(6)));
    builder.priority(static_cast<int>(pick(101)));
    if (chance(50)) {
      add_step(builder);
    } else {
      add_noise(builder);
    }
    return builder;
  }

 private:
  std::int64_t pick(std::size_t below) { return static_cast<std::int64_t>(random_() % below); }
  bool chance(int percent) { return pick(100) < percent; }

  void add_step(RecordBuilder& builder) {
    constexpr std::size_t kOpenStories = 8;
    const auto width = kOpenStories * options_.alerts_per_story;
    const auto story =
        static_cast<std::size_t>(seq_) / width * kOpenStories + static_cast<std::size_t>(pick(kOpenStories));
    const auto name = std::to_string(story);
    builder.user("user-" + name).host("victim-" + name).ip("10.1." + name);
    if (chance(30)) builder.key(model::EntityKind::kHash, "malware-" + name);
    builder.tactic(static_cast<unsigned>(pick(14)));
    builder.severity(static_cast<model::Severity>(1 + pick(4)));
  }

  void add_noise(RecordBuilder& builder) {
    builder.host("host-" + std::to_string(pick(options_.hosts))).ip("10.2." + std::to_string(pick(65'536)));
    if (chance(40)) builder.ip("proxy-" + std::to_string(pick(3)));
    if (chance(20)) builder.user("service-" + std::to_string(pick(4)));
    builder.severity(static_cast<model::Severity>(pick(3)));
  }

  StreamOptions options_;
  std::mt19937 random_;
  model::Seq seq_ = 0;
};

}  // namespace tocsin::correlate
