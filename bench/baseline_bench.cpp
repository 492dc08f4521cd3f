// What rules that read baselines cost: events a second of processor time through the detector, one thread,
// with the bundled rules as they are and with those left out that read baselines; and what is remembered.

#include <fmt/core.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <fstream>

#include "detect/engine/detector.h"
#include "detect/rules/bundled.h"
#include "detect/source/event_time.h"

namespace {

using namespace tocsin;
using Events = std::vector<model::Event>;

Events read_events(const std::string& file) {
  Events events;
  simdjson::dom::parser parser;
  std::ifstream lines(file, std::ios::binary);
  for (std::string line; std::getline(lines, line);) {
    simdjson::dom::element element;
    if (parser.parse(line).get(element) != simdjson::SUCCESS) continue;
    auto& event = events.emplace_back();
    event.seq = static_cast<model::Seq>(events.size());
    event.received_at = Timestamp::max();
    event.occurred_at = detect::event_time(element).value_or(Timestamp{});
    event.raw = std::move(line);
  }
  return events;
}

// Correlations left out: they are measured by themselves (correlation_bench).
detect::RuleCatalogPtr catalog_of(bool baselines) {
  auto set = detect::bundled_rules();
  set.correlations.clear();
  set.targets.clear();
  std::erase_if(set.rules,
                [&](const auto& rule) { return !baselines && !detect::baseline_references(rule).empty(); });
  return std::make_shared<const detect::RuleCatalog>(std::move(set), detect::SourceTable::built_in());
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Pass {
  double seconds = 0;
  std::size_t findings = 0;
};

// In parts, as events come; each pass begins without a past.
Pass judge_all(detect::Detector& detector, const Events& events) {
  constexpr std::size_t kPart = 2'000;
  Pass pass;
  const auto begin = processor_seconds();
  for (std::span<const model::Event> rest(events); !rest.empty();) {
    const auto part = rest.first(std::min(kPart, rest.size()));
    rest = rest.subspan(part.size());
    pass.findings += detector.judge(part, Timestamp{}).size();
  }
  pass.seconds = processor_seconds() - begin;
  return pass;
}

struct Measured {
  const char* name;
  detect::RuleCatalogPtr catalog;
  Pass best;
  double rate = 0;
};

// In turn, so that both have the same of what else the machine does.
void measure(Measured& without, Measured& with, const Events& events, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (auto* one : {&without, &with}) {
      auto detector = detect::Detector::create(one->catalog, nullptr, {});
      const auto pass = judge_all(*detector, events);
      if (round == 0 || pass.seconds < one->best.seconds) one->best = pass;
    }
  }
  for (auto* one : {&without, &with}) {
    one->rate = static_cast<double>(events.size()) / one->best.seconds;
    fmt::print("{:18} {:4} rules, {:2} probes: {:7.0f} events/s, {} findings\n", one->name,
               one->catalog->rules().size(), one->catalog->baselines().probes().size(), one->rate,
               one->best.findings);
  }
}

void tell_memory(const detect::RuleCatalogPtr& catalog, const Events& events) {
  auto detector = detect::Detector::create(catalog, nullptr, {});
  judge_all(*detector, events);
  const auto begin = processor_seconds();
  const auto texts = detector->baselines().changed();
  const auto taken = processor_seconds() - begin;
  std::size_t bytes = 0;
  for (const auto& [name, text] : texts) {
    const auto stats = detector->baselines().stats(name);
    fmt::print("  {:20} {:6} entities, {:6} values, forgotten {} and {}, {:.1f} KB as text\n", name,
               stats.entities, stats.values, stats.forgotten_entities, stats.forgotten_values,
               static_cast<double>(text.size()) / 1e3);
    bytes += text.size();
  }
  fmt::print("  all written in {:.1f} ms, {:.1f} KB\n", taken * 1e3, static_cast<double>(bytes) / 1e3);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What rules that read baselines cost");
  std::vector<std::string> files;
  int rounds = 3;
  app.add_option("--rounds", rounds, "how often each is measured; the best counts")
      ->check(CLI::Range(1, 100));
  app.add_option("events", files, "events, JSON lines")->required();
  CLI11_PARSE(app, argc, argv);

  for (const auto& file : files) {
    const auto events = read_events(file);
    if (events.empty()) {
      fmt::print(stderr, "{} holds no events\n", file);
      return 2;
    }
    fmt::print("{}: {} events\n", file, events.size());
    Measured without{"without baselines", catalog_of(false), {}};
    Measured with{"with baselines", catalog_of(true), {}};
    measure(without, with, events, rounds);
    fmt::print("  an event costs {:.2f} times as much\n", without.rate / with.rate);
    tell_memory(with.catalog, events);
  }
}
