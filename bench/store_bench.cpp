// What the store costs: durable appends in batches of 100 from 8 threads, against SQLite alone inserting the
// rows that came of it (sqlite_alone, beside this program: alerts, blocks and the sorted key index, with all
// indexes); then lists, finds, changes, the scan of links and a correlator's delta over all alerts.
//
//   store_bench ALERTS DIRECTORY
//   store_bench ALERTS postgresql://…     the same on PostgreSQL, in a schema without tables of ours
//
// The alerts all differ and are made inside the timed threads. The last line is JSON; latencies are the 95th
// percentile in milliseconds, with the mean CPU time on the asking thread beside them.

#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/hash.h"
#include "query/query.h"
#include "store/postgres/postgres.h"
#include "store/sqlite/sqlite.h"

namespace {

using namespace tocsin;
using namespace tocsin::store;
using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 100;
constexpr int kThreads = 8;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double cpu_seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15ULL;
  return value ^ (value >> 29);
}

NewAlert make_alert(std::int64_t n, Timestamp now) {
  static constexpr std::array<const char*, 8> kSources{
      "suricata", "wazuh", "splunk",        "microsoft-sentinel",
      "cef",      "api",   "aws-guardduty", "microsoft-defender"};
  const auto random = mixed(static_cast<std::uint64_t>(n) + 1);
  const auto user = "user" + std::to_string(random % 5000);
  const auto host = "host-" + std::to_string(random / 7 % 3000);
  const auto ip = std::to_string(random % 223 + 1) + "." + std::to_string(random / 256 % 256) + "." +
                  std::to_string(random / 65536 % 256) + ".9";
  NewAlert added;
  auto& alert = added.alert;
  alert.id = AlertId::make(now);
  alert.source = kSources[random % 8];
  alert.source_id = "v-" + to_hex(random);
  alert.type = "family_" + std::to_string(random % 40);
  alert.title = "Suspicious sign-in of " + user + " on " + host;
  alert.message = "User " + user + " failed to sign in " + std::to_string(random % 50) + " times on " + host +
                  " from " + ip + " within five minutes; the session came from an unusual network.";
  alert.severity = static_cast<model::Severity>(std::min<std::uint64_t>(random % 11 / 2, 4));
  alert.occurred_at = now - std::chrono::milliseconds(random % 100);
  alert.received_at = now;
  alert.first_seen = alert.last_seen = alert.occurred_at;
  alert.priority = static_cast<int>(alert.severity) * 20 + static_cast<int>(random / 3 % 20);
  alert.requires_review = alert.priority >= 95;
  alert.entities = {{model::EntityKind::kUser, user, model::EntityRole::kTarget},
                    {model::EntityKind::kHost, host, model::EntityRole::kTarget},
                    {model::EntityKind::kIp, ip, model::EntityRole::kSource}};
  alert.iocs = {{model::IocKind::kIp, ip}};
  alert.attack = {{"T1110.001"}, {"TA0006"}};
  alert.triage.reasons = {{"Severity is " + std::to_string(random % 5), 0.3, {}}, {"Seen now", 0.1, {}}};
  alert.raw = R"({"alert_type":")" + alert.type + R"(","user":")" + user + R"(","host":")" + host +
              R"(","source_ip":")" + ip + R"(","message":")" + alert.message + R"(","id":")" +
              *alert.source_id + R"(","severity":"high","sensor":"edge-)" + std::to_string(random % 9) +
              R"("})";
  added.fingerprint = mixed(random);
  alert.fingerprint = to_hex(added.fingerprint);
  return added;
}

// One thread's share: batches, each waited for until it is durable.
void append_all(AlertStore& alerts, std::atomic<std::int64_t>& next, std::int64_t end) {
  const SystemClock clock;
  for (;;) {
    const auto first = next.fetch_add(kBatch);
    if (first >= end) return;
    IngestBatch batch;
    for (auto n = first; n < std::min(end, first + kBatch); ++n)
      batch.alerts.push_back(make_alert(n, clock.now()));
    std::promise<bool> done;
    alerts.append(std::move(batch),
                  [&](const Result<std::vector<AppendOutcome>>& result) { done.set_value(result.ok()); });
    if (!done.get_future().get()) std::fprintf(stderr, "a batch was refused\n");
  }
}

std::string json;
void put(const std::string& name, double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", value);
  json += (json.empty() ? "{\"" : ", \"") + name + "\": " + text;
  std::fprintf(stderr, "%-28s %s\n", name.c_str(), text);
}

void put_latency(const std::string& name, const std::function<bool(int)>& act) {
  std::vector<double> times;
  const double cpu = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < 40; ++i) {
    const auto start = SteadyClock::now();
    if (!act(i)) std::fprintf(stderr, "%s failed\n", name.c_str());
    times.push_back(seconds_since(start) * 1000);
  }
  std::sort(times.begin(), times.end());
  put(name + "_p95_ms", times[times.size() * 95 / 100]);
  put(name + "_cpu_ms",
      (cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - cpu) * 1000 / static_cast<double>(times.size()));
}

// Also the CPU an alert costs, on its caller's thread (with making it up) and on the writer's: on a machine
// that others use too, that says more than the rate.
double append_rate(AlertStore& alerts, std::int64_t count) {
  std::atomic<std::int64_t> next = 0;
  std::atomic<double> callers = 0;
  const auto start = SteadyClock::now();
  const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      append_all(alerts, next, count);
      callers.fetch_add(cpu_seconds(CLOCK_THREAD_CPUTIME_ID));
    });
  }
  for (auto& thread : threads) thread.join();
  const auto alerts_a_second = static_cast<double>(count) / seconds_since(start);
  const double all = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  put("caller_cpu_us_per_alert", callers * 1e6 / static_cast<double>(count));
  put("writer_cpu_us_per_alert", (all - callers) * 1e6 / static_cast<double>(count));
  return alerts_a_second;
}

void put_memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) put("peak_rss_mib_" + name, std::atof(line.c_str() + 6) / 1024);
    if (line.starts_with("VmRSS:")) put("rss_mib_" + name, std::atof(line.c_str() + 6) / 1024);
  }
}

model::Condition asked(std::string_view text) {
  const auto condition = query::parse(text, query::Subject::kAlerts);
  if (!condition) std::fprintf(stderr, "%s\n", to_string(condition.error()).c_str());
  return query::resolve(condition ? *condition : model::Condition{}, query::Subject::kAlerts,
                        {SystemClock().now(), "ana"});
}

void bench_lists(AlertStore& alerts) {
  struct Case {
    const char* name;
    std::function<void(AlertQuery&, int)> set;
  };
  const std::vector<Case> cases{
      {"list_newest", [](AlertQuery&, int) {}},
      {"list_critical", [](AlertQuery& q, int) { q.severities = {model::Severity::kCritical}; }},
      {"list_urgent_low",
       [](AlertQuery& q, int) {
         q.severities = {model::Severity::kLow, model::Severity::kInfo};
         q.statuses = {model::AlertStatus::kNew};
         q.sort = AlertSort::kPriority;
       }},
      {"list_occurred", [](AlertQuery& q, int) { q.sort = AlertSort::kOccurred; }},
      {"list_closed", [](AlertQuery& q, int) { q.statuses = {model::AlertStatus::kClosed}; }},
      {"list_type_severity",
       [](AlertQuery& q, int i) {
         q.type = "family_" + std::to_string(i);
         q.severities = {model::Severity::kHigh};
         q.sort = AlertSort::kPriority;
       }},
      {"list_source_newest", [](AlertQuery& q, int) { q.source = "cef"; }},
      {"list_entity", [](AlertQuery& q, int i) { q.entities = {"host-" + std::to_string(i)}; }},
      {"list_text_rare", [](AlertQuery& q, int i) { q.text = "user" + std::to_string(i); }},
      {"list_text_common", [](AlertQuery& q, int) { q.text = "suspicious sign-in"; }},
      {"list_text_urgent",
       [](AlertQuery& q, int) {
         q.text = "unusual network";
         q.sort = AlertSort::kPriority;
       }},
      {"query_open_high",
       [](AlertQuery& q, int) { q.where = asked("severity>=high -status:closed age<4h"); }},
      {"query_entities_or",
       [](AlertQuery& q, int i) {
         q.where = asked("host:host-" + std::to_string(i) + " OR user:user" + std::to_string(i));
       }},
      {"query_not_entity", [](AlertQuery& q, int) { q.where = asked("severity:critical -host:host-1"); }},
      {"query_network",
       [](AlertQuery& q, int i) { q.where = asked("ip:" + std::to_string(i) + ".0.0.0/8"); }},
      {"query_title_common", [](AlertQuery& q, int) { q.where = asked("title:*sign-in*"); }},
      {"query_title_never", [](AlertQuery& q, int) { q.where = asked("title:*nowhere*"); }},
  };
  for (const auto& one : cases) {
    put_latency(one.name, [&](int i) {
      AlertQuery query;
      one.set(query, i);
      return alerts.list(query).ok();
    });
  }
  put_latency("list_with_documents", [&](int) { return alerts.list({}, true).ok(); });
}

void bench_single_alerts(AlertStore& alerts, std::int64_t count) {
  std::vector<std::string> ids;
  std::vector<Seq> seqs;
  for (int i = 0; i < 40; ++i)
    seqs.push_back(
        1 + static_cast<Seq>(mixed(static_cast<std::uint64_t>(i)) % static_cast<std::uint64_t>(count)));
  const auto found = alerts.by_seq(seqs);
  for (const auto& alert : *found) ids.push_back(alert.id.str());
  put_latency("find_id",
              [&](int i) { return alerts.find(ids[static_cast<std::size_t>(i) % ids.size()]).ok(); });
  put_latency("find_client_id", [&](int i) {
    return alerts.find(*(*found)[static_cast<std::size_t>(i) % ids.size()].source_id)->has_value();
  });
  put_latency("update_status", [&](int i) {
    AlertChange change;
    change.status = i % 2 == 0 ? model::AlertStatus::kInProgress : model::AlertStatus::kClosed;
    return alerts.update(ids[static_cast<std::size_t>(i) % ids.size()], change).ok();
  });
}

void bench_links(AlertStore& alerts) {
  const auto start = SteadyClock::now();
  std::int64_t records = 0;
  (void)alerts.scan_links(
      0, [&](auto chunk) { return records += static_cast<std::int64_t>(chunk.size()), true; });
  put("links_per_second", static_cast<double>(records) / seconds_since(start));
}

CorrelationDelta delta_over(std::int64_t count) {
  CorrelationDelta delta;
  const auto now = SystemClock().now();
  for (Seq seq = 1; seq <= count / 10; ++seq) {
    model::Incident incident;
    incident.seq = seq;
    incident.id = IncidentId::make(now);
    incident.title = "Sign-ins on host " + std::to_string(seq);
    incident.created_at = incident.updated_at = incident.first_seen = incident.last_seen = now;
    incident.priority = static_cast<int>(seq % 101);
    delta.upserts.push_back(incident);
  }
  for (Seq seq = 1; seq <= count; ++seq) {
    const auto incident =
        static_cast<Seq>(mixed(static_cast<std::uint64_t>(seq)) % static_cast<std::uint64_t>(count / 10)) + 1;
    delta.memberships.push_back({seq, incident, 0, model::LinkReason::kSharedEntities, 120, {0, 1}});
  }
  delta.watermark = count;
  return delta;
}

void bench_correlation(IncidentStore& incidents, std::int64_t count) {
  const auto delta = delta_over(count);
  for (const auto* name : {"apply_all_seconds", "apply_again_seconds"}) {
    const auto start = SteadyClock::now();
    if (!incidents.apply(delta)) std::fprintf(stderr, "apply failed\n");
    put(name, seconds_since(start));
  }
  put_latency("incidents_urgent", [&](int) { return incidents.list({}).ok(); });
  put_latency("incidents_text", [&](int i) {
    IncidentQuery query;
    query.text = "host " + std::to_string(i);
    return incidents.list(query).ok();
  });
}

double sqlite_alone(const std::string& program, const std::string& directory) {
  const auto command =
      "'" + program + "' '" + directory + "/tocsin.db' '" + directory + "/alone.db' alerts blocks alert_keys";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return 0;
  char line[512] = {};
  std::string last;
  while (std::fgets(line, sizeof line, pipe) != nullptr) last = line;
  pclose(pipe);
  const auto place = last.find("\"rows_per_second\":");
  return place == std::string::npos ? 0 : std::atof(last.c_str() + place + 18);
}

Result<std::unique_ptr<Database>> open_place(const std::string& place) {
  if (is_postgres_url(place)) return open_postgres({.url = place});
  return open_sqlite({.file = place + "/tocsin.db"});
}

void bench_stored(TenantStore& store, std::int64_t count) {
  const auto start = SteadyClock::now();
  const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  while (store.counts()->search_behind > 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  put("search_caught_up_seconds", seconds_since(start));
  put("search_cpu_us_per_alert",
      (cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6 / static_cast<double>(count));
  put_memory("ingested");
  bench_lists(store.alerts());
  bench_single_alerts(store.alerts(), count);
  bench_links(store.alerts());
  put_memory("read");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::atoll(argv[1]) < 1000) {
    std::fprintf(stderr, "usage: store_bench ALERTS DIRECTORY|postgresql://…   (1000 or more)\n");
    return 2;
  }
  const std::int64_t count = std::atoll(argv[1]);
  const std::string place = argv[2];
  const bool embedded = !is_postgres_url(place);
  if (embedded) std::filesystem::create_directories(place);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (embedded) std::filesystem::remove(place + "/tocsin.db" + suffix);
  }
  auto opened = open_place(place);
  if (!opened) {
    std::fprintf(stderr, "%s\n", to_string(opened.error()).c_str());
    return 1;
  }
  put("alerts", static_cast<double>(count));
  put_memory("empty");
  const auto rate = append_rate((*opened)->tenant(kDefaultTenant).alerts(), count);
  put("appended_per_second", rate);
  bench_stored((*opened)->tenant(kDefaultTenant), count);
  (*opened)->close();
  if (embedded) {
    const auto alone =
        sqlite_alone((std::filesystem::path(argv[0]).parent_path() / "sqlite_alone").string(), place);
    put("sqlite_alone_per_second", alone);
    put("ratio", alone > 0 ? rate / alone : 0);
  }
  opened = open_place(place);
  if (opened) bench_correlation((*opened)->tenant(kDefaultTenant).incidents(), count);
  put_memory("correlated");
  std::printf("%s}\n", json.c_str());
  return 0;
}
