// CPU of the acknowledged path before the store: from the bytes of a batch of 100 alerts to alerts that are
// parsed, normalised, fingerprinted, mapped to ATT&CK, scored, given their id and their link record. The last
// line is JSON.

#include <cstdio>
#include <ctime>
#include <string>

#include "base/hash.h"
#include "ingest/ingest.h"
#include "load/alert_writer.h"
#include "model/link.h"
#include "triage/attack_fallback.h"
#include "triage/triage.h"

namespace {

using namespace tocsin;

constexpr std::size_t kBatch = 100;
constexpr std::size_t kRounds = 3'000;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string make_batch(const bench::AlertWriter& writer, std::size_t first) {
  std::string body = "[";
  for (std::size_t i = 0; i < kBatch; ++i) {
    if (i > 0) body += ',';
    const auto slot = writer.append_blank(body, static_cast<std::uint32_t>((first + i) % writer.forms()));
    writer.fill(body, slot, first + i);
  }
  return body + ']';
}

// What is left of each alert keeps the compiler from dropping the work.
std::uint64_t run_once(const std::string& body, Timestamp now) {
  auto parsed = ingest::parse_alerts(body, ingest::BodyFormat::kJson, {.now = now});
  std::uint64_t sum = 0;
  if (!parsed) return sum;
  for (auto& record : parsed->normalised.records) {
    auto& alert = record.alert;
    alert.id = AlertId::make(now);
    alert.received_at = now;
    triage::apply_attack(alert);
    triage::apply(triage::score(alert, {}, {}), alert);
    const auto print = ingest::fingerprint(alert);
    alert.fingerprint = to_hex(print);
    sum += print + model::make_link_record(alert).keys.size();
  }
  return sum;
}

}  // namespace

int main() {
  const auto now = SystemClock().now();
  const bench::AlertWriter writer({.start = now - std::chrono::hours(1)});
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < 50; ++i) bodies.push_back(make_batch(writer, i * kBatch));
  std::uint64_t sum = 0;
  std::size_t bytes = 0;
  const double started = cpu_seconds();
  for (std::size_t i = 0; i < kRounds; ++i) {
    const auto& body = bodies[i % bodies.size()];
    sum += run_once(body, now);
    bytes += body.size();
  }
  const double seconds = cpu_seconds() - started;
  const auto alerts = static_cast<double>(kRounds * kBatch);
  std::printf("{\"alerts\":%.0f,\"bytes_per_alert\":%.0f,\"cpu_us_per_alert\":%.2f,\"check\":%llu}\n", alerts,
              static_cast<double>(bytes) / alerts, seconds / alerts * 1e6,
              static_cast<unsigned long long>(sum % 1000));
  return 0;
}
