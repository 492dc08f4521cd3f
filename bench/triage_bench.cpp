// What triage costs at arrival and when somebody asks why: the memory's look at an alert, the score, and the
// explanation, with a memory that was rebuilt from many stored alerts and dispositions.
//
//   triage_bench [ALERTS] [FOLDER]    default 300000, a new folder under TMPDIR
//
// Medians of single calls, with the clock's own cost (told) in them; the last line is JSON.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <random>

#include "app/triage_memory.h"
#include "base/hash.h"
#include "store/sqlite/sqlite.h"
#include "triage/triage.h"

namespace {

using namespace tocsin;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kCalls = 20'000;
constexpr std::int64_t kStart = 1'767'225'600'000'000'000;

model::Alert make_alert(std::size_t i, std::mt19937_64& random) {
  model::Alert alert;
  const auto at = from_unix_nanos(kStart) + std::chrono::seconds(i * 8);
  alert.id = AlertId::make(at);
  alert.source = "tool-" + std::to_string(random() % 6);
  alert.type = "rule_" + std::to_string(random() % 400);
  alert.title = alert.type;
  alert.severity = static_cast<model::Severity>(random() % 5);
  alert.occurred_at = alert.received_at = alert.first_seen = alert.last_seen = at;
  alert.entities = {
      {model::EntityKind::kHost, "host-" + std::to_string(random() % 20'000), model::EntityRole::kTarget},
      {model::EntityKind::kUser, "user-" + std::to_string(random() % 5'000), model::EntityRole::kActor},
      {model::EntityKind::kIp, "10.1.2." + std::to_string(random() % 250), model::EntityRole::kSource}};
  alert.raw = "{}";
  return alert;
}

bool fill(store::AlertStore& alerts, std::size_t count) {
  constexpr std::size_t kBatch = 5000;
  std::mt19937_64 random(7);
  for (std::size_t done = 0; done < count;) {
    store::IngestBatch batch;
    for (std::size_t i = 0; i < kBatch && done < count; ++i, ++done)
      batch.alerts.push_back({make_alert(done, random), hash64(std::to_string(done))});
    std::promise<bool> stored;
    auto waiting = stored.get_future();
    alerts.append(std::move(batch), [&](auto outcomes) { stored.set_value(static_cast<bool>(outcomes)); });
    if (!waiting.get()) return false;
  }
  return true;
}

// Of the newest, by twenty people.
bool judge(store::AlertStore& alerts, std::size_t count) {
  constexpr std::size_t kPage = 1000;
  store::AlertQuery query;
  query.limit = kPage;
  for (std::size_t done = 0; done < count; done += kPage) {
    const auto page = alerts.list(query);
    if (!page || page->items.empty()) return static_cast<bool>(page);
    std::vector<std::string> ids;
    for (const auto& alert : page->items) ids.push_back(alert.id.str());
    const store::Acting acting({.actor = "person-" + std::to_string(done / kPage % 20)});
    store::AlertChange change;
    change.verdict = done / kPage % 3 == 0 ? model::Verdict::kTruePositive : model::Verdict::kFalsePositive;
    if (!alerts.update_many(ids, change)) return false;
    query.cursor = page->next_cursor;
  }
  return true;
}

template <class Call>
double median_ns(const Call& call) {
  std::vector<double> times;
  for (std::size_t i = 0; i < kCalls; ++i) {
    const auto begin = Steady::now();
    call(i);
    times.push_back(std::chrono::duration<double, std::nano>(Steady::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + kCalls / 2, times.end());
  return times[kCalls / 2];
}

int run(std::size_t count, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  auto database = store::open_sqlite({.file = (folder / "tocsin.db").string()});
  if (!database) return EXIT_FAILURE;
  auto& store = (*database)->tenant(store::kDefaultTenant);
  if (!fill(store.alerts(), count) || !judge(store.alerts(), std::min<std::size_t>(count / 10, 10'000)))
    return EXIT_FAILURE;
  app::TriageMemory memory(store, 42, [](const Error& why) { fmt::print(stderr, "{}\n", to_string(why)); });
  const auto begin = Steady::now();
  if (!memory.catch_up()) return EXIT_FAILURE;
  const std::chrono::duration<double> rebuilt = Steady::now() - begin;

  std::mt19937_64 random(8);
  std::vector<model::Alert> alerts;
  for (std::size_t i = 0; i < kCalls; ++i) alerts.push_back(make_alert(count + i, random));
  const triage::Prior prior{.closed = 40, .false_positives = 12};
  const triage::Options options;
  double sum = 0;  // keeps the work from being dropped
  const auto clock = median_ns([](std::size_t) {});
  const auto look = median_ns([&](std::size_t i) { alerts[i].triage.habit = memory.look(alerts[i]); });
  const auto scored =
      median_ns([&](std::size_t i) { sum += score(alerts[i], prior, options).fp_probability; });
  const auto explained = median_ns(
      [&](std::size_t i) { sum += static_cast<double>(explain(alerts[i], prior, options).size()); });
  fmt::print(R"({{"alerts": {}, "rebuilt_seconds": {:.2f}, "memory_bytes": {}, "clock_ns": {:.0f}, )"
             R"("look_ns": {:.0f}, "score_ns": {:.0f}, "explain_ns": {:.0f}, "sum": {:.0f}}})"
             "\n",
             count, rebuilt.count(), memory.bytes(), clock, look, scored, explained, sum);
  (*database)->close();
  std::filesystem::remove_all(folder);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 300'000;
  const auto folder = argc > 2 ? std::filesystem::path(argv[2])
                               : std::filesystem::temp_directory_path() / "tocsin-triage-bench";
  return run(count, folder);
}
