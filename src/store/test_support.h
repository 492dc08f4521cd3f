#pragma once
// For tests of stores: a clock that stands still, a folder that goes away, alerts that differ.

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <string>

#include "base/hash.h"
#include "base/testing/temp_dir.h"
#include "store/store.h"

namespace tocsin::store::test {

class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return from_unix_nanos(now_.load()); }
  void advance(Nanos by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{to_unix_nanos(*parse_time("2026-01-04T12:00:00Z"))};
};

using tocsin::test::TempDir;

// The n-th of a family of alerts that differ in all that identifies them.
inline NewAlert make_alert(std::int64_t n, Timestamp at) {
  NewAlert added;
  auto& alert = added.alert;
  const auto text = std::to_string(n);
  constexpr std::array<const char*, 4> kSources{"suricata", "wazuh", "splunk", "api"};
  constexpr std::array<const char*, 3> kTypes{"ssh_bruteforce", "malware_detected", "impossible_travel"};
  alert.id = AlertId::make(at);
  alert.source = kSources[static_cast<std::size_t>(n) % kSources.size()];
  alert.source_id = "vendor-" + text;
  alert.type = kTypes[static_cast<std::size_t>(n) % kTypes.size()];
  alert.title = "Failed logins on host" + text;
  alert.message = "Too many failed logins for alice" + text + "@corp.example from 203.0.113.7";
  alert.severity = static_cast<model::Severity>(n % 5);
  alert.occurred_at = at;
  alert.received_at = at;
  alert.first_seen = at;
  alert.last_seen = at;
  alert.priority = static_cast<int>(n * 7 % 101);
  alert.requires_review = alert.priority >= 80;
  alert.entities = {{model::EntityKind::kHost, "host" + text, model::EntityRole::kTarget},
                    {model::EntityKind::kUser, "alice" + text, model::EntityRole::kTarget},
                    {model::EntityKind::kIp, "203.0.113.7", model::EntityRole::kSource}};
  alert.iocs = {{model::IocKind::kIp, "203.0.113.7"}};
  alert.attack = {{"T1110.001"}, {"TA0006"}};
  alert.triage.fp_probability = 0.25;
  alert.triage.confidence = 0.5;
  alert.triage.reasons = {{"Seen before", -0.5, {alert.id.str() + "#/entities/0"}}};
  alert.facts = {{"country", "NL", "geoip", at, "192.0.2.7", at}};
  alert.process.command_line = "sshd -D " + text;
  alert.tags = {"demo"};
  alert.raw = R"({"n":)" + text + "}";
  added.fingerprint = hash64("fingerprint-" + text);
  alert.fingerprint = to_hex(added.fingerprint);
  return added;
}

inline IngestBatch make_batch(std::int64_t first, std::int64_t count, Timestamp at) {
  IngestBatch batch;
  for (auto n = first; n < first + count; ++n) batch.alerts.push_back(make_alert(n, at));
  return batch;
}

inline Result<std::vector<AppendOutcome>> append(AlertStore& alerts, IngestBatch batch) {
  std::promise<Result<std::vector<AppendOutcome>>> promise;
  auto outcomes = promise.get_future();
  alerts.append(std::move(batch),
                [&](Result<std::vector<AppendOutcome>> result) { promise.set_value(std::move(result)); });
  return outcomes.get();
}

inline AppendOutcome append_one(AlertStore& alerts, NewAlert alert) {
  IngestBatch batch;
  batch.alerts.push_back(std::move(alert));
  auto outcomes = append(alerts, std::move(batch));
  EXPECT_TRUE(outcomes) << (outcomes ? "" : to_string(outcomes.error()));
  return outcomes ? (*outcomes)[0] : AppendOutcome{};
}

// The value, or a failed test and an empty one.
template <class T>
T value_of(Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
  return result ? std::move(*result) : T{};
}

inline bool succeeded(const Result<void>& result) {
  EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
  return result.ok();
}

inline std::vector<std::string> ids_of(const Page<model::Alert>& page) {
  std::vector<std::string> ids;
  for (const auto& alert : page.items) ids.push_back(alert.id.str());
  return ids;
}

}  // namespace tocsin::store::test
