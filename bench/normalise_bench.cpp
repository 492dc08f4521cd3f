// CPU time per alert from bytes to a normalised alert with its fingerprint, on bodies of our own (examples/).
// Alerts differ: each carries its own address and time.

#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ingest/ingest.h"

namespace {

using namespace tocsin;

constexpr int kAlerts = 100;

std::string number(int i) {
  return std::to_string(i);
}

std::string api_alert(int i) {
  return R"({"ts":"2026-01-04T12:00:)" + number(10 + i % 50) +
         R"(Z","source":"bench","alert_type":"ssh_bruteforce",)" +
         R"("message":"Failed password for invalid user admin)" + number(i) + R"( from 203.0.113.)" +
         number(i) + R"( port 4)" + number(1000 + i) +
         R"( ssh2, 311 attempts in the last 10 minutes on the bastion host","user":"admin)" + number(i) +
         R"(","host":"web-)" + number(i) + R"(","ip":"203.0.113.)" + number(i) +
         R"(","severity":"high","asset_tier":"important","tags":["bench","linux"],"raw":{"program":"sshd","pid":)" +
         number(2000 + i) + R"(,"facility":"auth","count":311}})";
}

std::string eve_alert(int i) {
  return R"({"timestamp":"2026-01-04T12:00:)" + number(10 + i % 50) + R"(.123456+0000","flow_id":)" +
         number(90000 + i) + R"(,"in_iface":"eth0","event_type":"alert","src_ip":"203.0.113.)" + number(i) +
         R"(","src_port":4)" + number(1000 + i) + R"(,"dest_ip":"10.0.0.)" + number(i) +
         R"(","dest_port":22,"proto":"TCP","alert":)" +
         R"({"action":"allowed","gid":1,"signature_id":2001219,"rev":20,"signature":"ET SCAN Potential SSH Scan",)" +
         R"("category":"Attempted Information Leak","severity":2},"flow":{"pkts_toserver":4,"pkts_toclient":3,)" +
         R"("bytes_toserver":812,"bytes_toclient":440,"start":"2026-01-04T11:59:59.123456+0000"}})";
}

template <class Make>
std::string body_of(Make make) {
  std::string body = "[";
  for (int i = 0; i < kAlerts; ++i) body += (i == 0 ? "" : ",") + make(i);
  return body + ']';
}

void count(benchmark::State& state, const std::string& body) {
  const auto alerts = static_cast<double>(state.iterations() * kAlerts);
  state.counters["us_per_alert"] =
      benchmark::Counter(alerts / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_per_alert"] = static_cast<double>(body.size()) / kAlerts;
}

void ParseApi(benchmark::State& state) {
  const auto body = body_of(api_alert);
  const ingest::Options options{*parse_time("2026-01-20T00:00:00Z")};
  for (auto _ : state) {
    const auto result = ingest::parse_alerts(body, ingest::BodyFormat::kJson, options);
    for (const auto& record : result->normalised.records)
      benchmark::DoNotOptimize(ingest::fingerprint(record.alert));
  }
  count(state, body);
}
BENCHMARK(ParseApi);

void NormaliseSuricata(benchmark::State& state) {
  const auto body = body_of(eve_alert);
  const ingest::Options options{*parse_time("2026-01-20T00:00:00Z")};
  for (auto _ : state) {
    const auto result = ingest::normalise("suricata", body, options);
    for (const auto& record : result->records) benchmark::DoNotOptimize(ingest::fingerprint(record.alert));
  }
  count(state, body);
}
BENCHMARK(NormaliseSuricata);

// One example file of each source over and over, as whole bodies: what a payload costs from bytes to its
// fingerprint. Set up by name so that a new example is measured without a line here.
void NormaliseExample(benchmark::State& state, const std::string& source, const std::string& body) {
  const ingest::Options options{*parse_time("2026-01-20T00:00:00Z")};
  std::size_t records = 0;
  for (auto _ : state) {
    const auto result = ingest::normalise(source, body, options);
    for (const auto& record : result->records) benchmark::DoNotOptimize(ingest::fingerprint(record.alert));
    records += result->records.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size()) * state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
}

void register_examples() {
  namespace fs = std::filesystem;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(TOCSIN_SOURCE_DIR) / "examples")) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.ends_with(".md") || name.find(".expected.") != std::string::npos)
      continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string body{std::istreambuf_iterator<char>(file), {}};
    const auto source = entry.path().parent_path().filename().string();
    benchmark::RegisterBenchmark(("Example/" + source + '/' + name).c_str(),
                                 [=](benchmark::State& state) { NormaliseExample(state, source, body); });
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  register_examples();
  benchmark::RunSpecifiedBenchmarks();
}
