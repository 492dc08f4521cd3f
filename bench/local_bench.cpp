// CPU of the acknowledged path before the store: from the bytes of a batch of 100 alerts to alerts that are
// parsed, normalised, fingerprinted, enriched, mapped to ATT&CK, scored, given their id and their link
// record. With filled tables and without any, so that what enrichment costs can be seen. The last line is
// JSON.

#include <cstdio>
#include <ctime>
#include <string>

#include "base/hash.h"
#include "enrich/enrich.h"
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
std::uint64_t run_once(const std::string& body, const enrich::Knowledge* knowledge, Timestamp now) {
  auto parsed = ingest::parse_alerts(body, ingest::BodyFormat::kJson, {.now = now});
  std::uint64_t sum = 0;
  if (!parsed) return sum;
  for (auto& record : parsed->normalised.records) {
    auto& alert = record.alert;
    alert.id = AlertId::make(now);
    alert.received_at = now;
    const auto print = ingest::fingerprint(alert);
    alert.fingerprint = to_hex(print);
    if (knowledge != nullptr) enrich::apply(*knowledge, alert, now);
    triage::apply_attack(alert);
    triage::apply(triage::score(alert, {}, {}), alert);
    sum += print + model::make_link_record(alert).keys.size();
  }
  return sum;
}

// 20,000 assets with an address each in 200 networks, 20,000 users, 200,000 indicators, the shipped lists.
enrich::Knowledge make_knowledge(Timestamp now) {
  constexpr std::uint32_t kRows = 20'000;
  constexpr std::uint32_t kIndicators = 200'000;
  std::vector<store::Asset> assets;
  std::vector<store::User> users;
  for (std::uint32_t i = 0; i < kRows; ++i) {
    const auto number = std::to_string(i);
    const auto address = "10." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
    assets.push_back({.name = "host-" + number, .addresses = {address + ".7"}, .owner = "Owner"});
    if (i % 100 == 0)
      assets.push_back({.name = "net-" + number, .addresses = {address + ".0/24"}, .zone = "zone"});
    users.push_back({.name = "user" + number, .department = "Department", .privileged = false});
  }
  auto intel = std::make_shared<enrich::IntelIndex>();
  intel->add_list({.name = "feed", .produced_at = now});
  for (std::uint32_t i = 0; i < kIndicators; ++i)
    intel->add({.ioc = {model::IocKind::kDomain, "h" + std::to_string(i) + ".example.org"}, .seen_at = now});
  auto warnings = std::make_shared<enrich::WarningIndex>();
  for (auto& list : enrich::shipped_warning_lists()) warnings->add(std::move(list), "shipped");
  warnings->seal();
  enrich::Knowledge knowledge;
  knowledge.assets = std::make_shared<enrich::AssetIndex>(std::move(assets));
  knowledge.users = std::make_shared<enrich::UserIndex>(std::move(users));
  knowledge.intel = std::move(intel);
  knowledge.warnings = std::move(warnings);
  knowledge.exploited = std::make_shared<enrich::ExploitedIndex>(enrich::shipped_exploited(), "cisa_kev");
  return knowledge;
}

struct Measured {
  double us_per_alert = 0;
  double bytes_per_alert = 0;
  std::uint64_t sum = 0;
};

Measured measure(const std::vector<std::string>& bodies, const enrich::Knowledge* knowledge, Timestamp now) {
  Measured measured;
  std::size_t bytes = 0;
  const double started = cpu_seconds();
  for (std::size_t i = 0; i < kRounds; ++i) {
    const auto& body = bodies[i % bodies.size()];
    measured.sum += run_once(body, knowledge, now);
    bytes += body.size();
  }
  constexpr double kAlerts = kRounds * kBatch;
  measured.us_per_alert = (cpu_seconds() - started) / kAlerts * 1e6;
  measured.bytes_per_alert = static_cast<double>(bytes) / kAlerts;
  return measured;
}

}  // namespace

int main() {
  const auto now = SystemClock().now();
  const bench::AlertWriter writer({.start = now - std::chrono::hours(1)});
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < 50; ++i) bodies.push_back(make_batch(writer, i * kBatch));
  const auto knowledge = make_knowledge(now);
  const auto plain = measure(bodies, nullptr, now);
  const auto enriched = measure(bodies, &knowledge, now);
  std::printf(
      "{\"alerts\":%zu,\"bytes_per_alert\":%.0f,\"cpu_us_per_alert\":%.2f,\"cpu_us_without_enrichment\":%.2f,"
      "\"check\":%llu}\n",
      kRounds * kBatch, enriched.bytes_per_alert, enriched.us_per_alert, plain.us_per_alert,
      static_cast<unsigned long long>((plain.sum + enriched.sum) % 1000));
  return 0;
}
