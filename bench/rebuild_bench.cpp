// A full rebuild over the SQLite store: scan, replay, comparison, writing and titles, first with nothing
// correlated, then again with nothing to change. Arguments: alerts (default 100000), folder (default a new
// one under TMPDIR). Prints one JSON object on the last line; run it for 10000, 100000 and 1000000 to see the
// growth.

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>

#include "app/correlation_service.h"
#include "base/hash.h"
#include "store/sqlite/sqlite.h"

namespace {

using namespace tocsin;

std::size_t status_kb(const char* name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == name) {
      status >> word;
      return static_cast<std::size_t>(std::strtoull(word.c_str(), nullptr, 10));
    }
  }
  return 0;
}

// Half the alerts are stories of ten on their own user, host and address, half are noise.
model::Alert make_alert(std::size_t i, std::mt19937& random) {
  const auto at = from_unix_nanos(1'767'225'600'000'000'000) + std::chrono::milliseconds(100 * i);
  const bool story = random() % 2 == 0;
  const auto name = std::to_string(story ? i / 80 * 4 + random() % 4 : random() % 20'000);
  model::Alert alert;
  alert.id = AlertId::make(at);
  alert.source = "tool-" + std::to_string(random() % 6);
  alert.type = "rule_" + std::to_string(random() % 200);
  alert.title = "Rule " + alert.type + " matched on " + name;
  alert.message = alert.title + ": process started by a script, third time this week";
  alert.severity = static_cast<model::Severity>(story ? 1 + random() % 4 : random() % 3);
  alert.occurred_at = alert.received_at = alert.first_seen = alert.last_seen = at;
  alert.priority = static_cast<int>(random() % 100);
  alert.entities = {
      {model::EntityKind::kHost, (story ? "victim-" : "host-") + name, model::EntityRole::kTarget},
      {model::EntityKind::kIp,
       "10." + std::to_string(random() % 250) + ".1." + std::to_string(random() % 250),
       model::EntityRole::kSource}};
  if (story) alert.entities.push_back({model::EntityKind::kUser, "user-" + name, model::EntityRole::kActor});
  alert.raw =
      R"({"rule":")" + alert.type + R"(","host":")" + name + R"(","pid":)" + std::to_string(random()) + "}";
  return alert;
}

bool fill(store::AlertStore& alerts, std::size_t count) {
  constexpr std::size_t kBatch = 5000;
  std::mt19937 random(1);
  for (std::size_t done = 0; done < count; done += kBatch) {
    store::IngestBatch batch;
    for (std::size_t i = done; i < std::min(count, done + kBatch); ++i) {
      auto alert = make_alert(i, random);
      alert.fingerprint = to_hex(i + 1);
      batch.alerts.push_back({std::move(alert), i + 1});
    }
    std::promise<bool> stored;
    alerts.append(std::move(batch), [&](auto result) { stored.set_value(result.ok()); });
    if (!stored.get_future().get()) return false;
  }
  return true;
}

std::string title(const model::Alert& lead, const model::Incident& incident) {
  return lead.title + " and " + std::to_string(incident.alert_count - 1) + " more";
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Run {
  api::Correlation::Report report;
  double cpu = 0;  // of all threads: on a shared machine it says more than the wall clock
};

Result<Run> timed_rebuild(app::CorrelationService& service) {
  const auto start = cpu_seconds();
  TOCSIN_TRY(report, service.rebuild(false));
  return Run{report, cpu_seconds() - start};
}

std::string report_json(const Run& run) {
  const auto& report = run.report;
  char text[200];
  std::snprintf(
      text, sizeof text,
      R"({"seconds":%.2f,"cpu_seconds":%.2f,"created":%lld,"changed":%lld,"clusters":%lld,"correlated":%lld})",
      report.seconds, run.cpu, static_cast<long long>(report.incidents_created),
      static_cast<long long>(report.incidents_changed), static_cast<long long>(report.clusters),
      static_cast<long long>(report.alerts_correlated));
  return text;
}

int measure(std::size_t alerts, const std::filesystem::path& folder) {
  SystemClock clock;
  store::SqliteOptions options;
  options.file = folder / "bench.db";
  auto database = store::open_sqlite(options);
  if (!database) return std::fprintf(stderr, "%s\n", to_string(database.error()).c_str()), 1;
  auto& tenant = (*database)->tenant(store::kDefaultTenant);
  if (!fill(tenant.alerts(), alerts)) return std::fprintf(stderr, "cannot fill the store\n"), 1;
  const auto before_kb = status_kb("VmRSS:");
  app::CorrelationService service(tenant, clock, {}, {title, {}, {}});
  const auto first = timed_rebuild(service);
  const auto second = timed_rebuild(service);
  if (!first || !second)
    return std::fprintf(stderr, "%s\n", to_string(first ? second.error() : first.error()).c_str()), 1;
  std::printf(
      R"({"benchmark":"rebuild","alerts":%zu,"first":%s,"second":%s,"rss_before_kb":%zu,"rss_peak_kb":%zu})"
      "\n",
      alerts, report_json(*first).c_str(), report_json(*second).c_str(), before_kb, status_kb("VmHWM:"));
  (*database)->close();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t alerts = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  auto folder = argc > 2 ? std::filesystem::path(argv[2])
                         : std::filesystem::temp_directory_path() /
                               ("tocsin-rebuild-" + make_ulid(SystemClock().now()));
  std::filesystem::create_directories(folder);
  const int result = measure(alerts, folder);
  if (argc <= 2) std::filesystem::remove_all(folder);
  return result;
}
