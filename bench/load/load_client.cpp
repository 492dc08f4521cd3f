// load_client: posts alerts that all differ, as fast as the server answers. The last line of stdout is JSON.
//
//   load_client batch --alerts 1000000              8 connections, 100 alerts a post
//   load_client single --seconds 10                 64 connections, one alert a post
//   load_client single --peer --port 8100           the stand-in under bench/peer_fastapi
//   load_client dump --alerts 100000 --file a.ndjson

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <string>

#include "load/load_run.h"

namespace {

using namespace tocsin;
using namespace tocsin::bench;

// Alert number 1,000,000 happens now and the others at their distance from it, so that runs that continue
// each other with --first share one timeline.
constexpr std::uint64_t kTimeline = 1'000'000;

struct Settings {
  LoadOptions load;
  AlertOptions alerts;
  double seconds = 0;
  bool peer = false;
  std::string file;
  std::int64_t step_us = 86'400;
};

void add_shared_options(CLI::App& command, Settings& settings) {
  command.add_option("--alerts", settings.load.alerts, "how many in all; 0: until --seconds");
  command.add_option("--seed", settings.alerts.seed);
  command
      .add_option("--run", settings.alerts.run,
                  "six characters inside every id; default: made from the clock")
      ->check([](const std::string& text) { return text.size() == 6 ? "" : "must have six characters"; });
  command.add_option("--first", settings.load.first_number, "number of the first alert");
  command.add_option("--hosts", settings.alerts.hosts)->check(CLI::Range(1, 99'999));
  command.add_option("--users", settings.alerts.users)->check(CLI::Range(1, 99'999));
  command.add_option("--addresses", settings.alerts.addresses)->check(CLI::Range(1, 10'000'000));
  command.add_option("--step-us", settings.step_us, "event time between two alerts");
}

void add_post_options(CLI::App& command, Settings& settings) {
  add_shared_options(command, settings);
  command.add_option("--host", settings.load.host, "IPv4 address");
  command.add_option("--port", settings.load.port);
  command.add_option("--path", settings.load.path);
  command.add_option("--connections", settings.load.connections)->check(CLI::Range(1, 4096));
  command.add_option("--seconds", settings.seconds, "stop after that long");
  command.add_flag("--peer", settings.peer,
                   "read answers as the FastAPI stand-in gives them, post to /alerts");
}

void settle(Settings& settings) {
  const auto now = SystemClock().now();
  settings.alerts.step = std::chrono::microseconds(settings.step_us);
  const auto last = std::max(kTimeline, settings.load.first_number + settings.load.alerts);
  settings.alerts.start = now - settings.alerts.step * static_cast<std::int64_t>(last);
  if (settings.alerts.run == AlertOptions{}.run) {
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    settings.alerts.run = fmt::format("{:06x}", millis / 100 % 0x1000000);
  }
  if (settings.peer) {
    settings.load.dialect = Dialect::kPeer;
    settings.load.path = "/alerts";
  }
  settings.load.duration = std::chrono::milliseconds(static_cast<std::int64_t>(settings.seconds * 1000));
  if (settings.load.alerts == 0 && settings.seconds <= 0) settings.load.alerts = 100'000;
}

int post(const Settings& settings) {
  const AlertWriter writer(settings.alerts);
  const auto done = run_load(writer, settings.load);
  if (!done) {
    fmt::print(stderr, "{}\n", to_string(done.error()));
    return 1;
  }
  const auto alerts = done->accepted + done->duplicates + done->rejected;
  const auto per_second = [&](std::uint64_t count) {
    return done->seconds > 0 ? static_cast<double>(count) / done->seconds : 0;
  };
  if (done->errors > 0) fmt::print(stderr, "first error: {}\n", done->first_error);
  fmt::print(
      "{{\"connections\":{},\"batch\":{},\"requests\":{},\"accepted\":{},\"duplicates\":{},\"rejected\":{},"
      "\"busy\":{},"
      "\"errors\":{},\"seconds\":{:.3f},\"alerts_per_second\":{:.0f},\"requests_per_second\":{:.0f},\"p50_"
      "ms\":{:.3f},"
      "\"p95_ms\":{:.3f},\"p99_ms\":{:.3f},\"megabytes\":{:.1f},\"client_cpu_seconds\":{:.3f},"
      "\"client_us_per_alert\":{:.2f}}}\n",
      settings.load.connections, settings.load.batch, done->requests, done->accepted, done->duplicates,
      done->rejected, done->busy, done->errors, done->seconds, per_second(done->accepted),
      per_second(done->requests), done->latencies.percentile_ms(0.5), done->latencies.percentile_ms(0.95),
      done->latencies.percentile_ms(0.99), static_cast<double>(done->bytes_sent) / 1e6, done->cpu_seconds,
      alerts > 0 ? done->cpu_seconds * 1e6 / static_cast<double>(alerts) : 0.0);
  return done->errors > 0 ? 1 : 0;
}

int dump(const Settings& settings) {
  const AlertWriter writer(settings.alerts);
  if (dump_ndjson(writer, settings.load.first_number, settings.load.alerts, settings.file)) return 0;
  fmt::print(stderr, "cannot write {}\n", settings.file);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"Posts alerts that all differ and measures the answers"};
  app.require_subcommand(1);
  auto* batch = app.add_subcommand("batch", "8 connections, 100 alerts a post");
  auto* single = app.add_subcommand("single", "64 connections, one alert a post");
  auto* to_file = app.add_subcommand("dump", "writes the alerts as NDJSON");
  add_post_options(*batch, settings);
  batch->add_option("--batch", settings.load.batch, "alerts a post")->check(CLI::Range(2, 10'000));
  add_post_options(*single, settings);
  add_shared_options(*to_file, settings);
  to_file->add_option("--file", settings.file)->required();
  single->preparse_callback([&](std::size_t) {
    settings.load.connections = 64;
    settings.load.batch = 1;
  });
  CLI11_PARSE(app, argc, argv);
  settle(settings);
  return to_file->parsed() ? dump(settings) : post(settings);
}
