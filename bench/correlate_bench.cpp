// Cost of one alert in the Correlator, from 10,000 to 1,000,000 alerts: it must stay flat, and the state
// bounded. Prints one JSON object on the last line.

#include <chrono>
#include <cstdio>
#include <string>

#include "correlate/correlate.h"
#include "correlate/fake_stream.h"

namespace {

using namespace tocsin;

struct Figures {
  double us_per_alert = 0;
  std::size_t state_bytes = 0;
  std::size_t links = 0;
};

// Records are made in chunks outside the measured time.
Figures measure(std::size_t alerts) {
  constexpr std::size_t kChunk = 10'000;
  auto correlator = *correlate::Correlator::create({});
  correlate::FakeStream stream({.alerts = alerts, .hosts = 20'000, .alerts_per_minute = 600});
  correlate::Changes changes;
  std::vector<model::LinkRecord> chunk;
  std::chrono::nanoseconds spent{0};
  Figures figures;
  for (std::size_t done = 0; done < alerts; done += kChunk) {
    chunk.clear();
    for (std::size_t i = 0; i < kChunk; ++i) chunk.push_back(stream.next());
    const auto start = std::chrono::steady_clock::now();
    for (const auto& record : chunk) correlator.judge(record, changes);
    spent += std::chrono::steady_clock::now() - start;
    figures.links += changes.links.size();
    changes.clear();
  }
  figures.us_per_alert =
      std::chrono::duration<double, std::micro>(spent).count() / static_cast<double>(alerts);
  figures.state_bytes = correlator.state_bytes();
  return figures;
}

}  // namespace

int main() {
  std::string json = "{\"benchmark\":\"correlate\",\"runs\":[";
  double first = 0;
  double last = 0;
  for (const std::size_t alerts : {10'000U, 100'000U, 1'000'000U}) {
    const auto figures = measure(alerts);
    char run[160];
    std::snprintf(run, sizeof run,
                  "%s{\"alerts\":%zu,\"us_per_alert\":%.3f,\"links\":%zu,\"state_bytes\":%zu}",
                  first > 0 ? "," : "", alerts, figures.us_per_alert, figures.links, figures.state_bytes);
    json += run;
    if (first == 0) first = figures.us_per_alert;
    last = figures.us_per_alert;
  }
  std::printf("%s],\"growth_10k_to_1m\":%.2f}\n", json.c_str(), last / first);
  return 0;
}
