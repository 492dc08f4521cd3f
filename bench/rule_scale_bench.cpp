// What more rules cost: synthetic Sigma rules by the thousand over the same events, on one thread and on two,
// with the time to read them and the memory they take. Given rules too, when there are some.
//
// A synthetic rule is of a Windows log source and asks one to three fields for words: most words stand in no
// event, one in ten is a piece of some event, so that rules are woken and now and then match.

#include <fmt/core.h>
#include <malloc.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "detect/match/matcher.h"
#include "detect/sigma/rule_set.h"

namespace {

using namespace tocsin;
using Clock = std::chrono::steady_clock;
using Lines = std::vector<std::string_view>;

// `text` ends with the padding that the parser reads beyond the last line.
Lines lines_of(std::string_view text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class RuleMaker {
 public:
  explicit RuleMaker(const Lines& events) : events_(events) {}

  std::string make(std::size_t number) {
    static constexpr std::array<std::array<const char*, 4>, 5> kKinds{{
        {"category: process_creation", "Image|endswith", "CommandLine|contains|all", "ParentImage|endswith"},
        {"category: registry_set", "TargetObject|contains", "Details|contains", "Image|endswith"},
        {"category: file_event", "TargetFilename|endswith", "TargetFilename|contains", "Image|endswith"},
        {"category: image_load", "ImageLoaded|endswith", "Image|startswith", "Signature|contains"},
        {"service: security", "SubjectUserName", "ObjectName|contains", "ProcessName|endswith"},
    }};
    static constexpr std::array kOften{0, 0, 0, 0, 1, 1, 2, 2, 3, 4};
    const auto& kind = kKinds.at(static_cast<std::size_t>(kOften.at(below(kOften.size()))));
    std::string out = fmt::format(
        "title: Synthetic {0}\nid: 00000000-0000-4000-8000-{0:012}\nlogsource:\n  product: windows\n  {1}\n"
        "detection:\n",
        number, kind[0]);
    const auto questions = 1 + below(3);
    for (std::size_t i = 0; i < questions; ++i) {
      out += fmt::format("  s{}:\n    {}:\n", i, kind.at(i + 1));
      for (std::size_t value = 0, count = 1 + below(4); value < count; ++value)
        out += fmt::format("      - '{}'\n", word());
    }
    out +=
        questions > 2 && below(2) == 0 ? "  condition: s0 and s1 and not s2\n" : "  condition: all of s*\n";
    return out + "level: medium\n";
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string word() {
    std::string out;
    if (below(10) == 0) {
      const auto event = events_[below(events_.size())];
      for (const char sign : event.substr(below(event.size()), 4 + below(9)))
        out += std::isalnum(static_cast<unsigned char>(sign)) != 0 ? std::string(1, sign) : "";
    }
    for (std::size_t i = out.size(), count = 5 + below(12); i < count; ++i)
      out += static_cast<char>('a' + below(26));
    return out;
  }

  const Lines& events_;
  std::mt19937_64 random_{20'261'122};
};

std::size_t match_all(const detect::RuleMatcher& matcher, detect::RuleMatcher::Scratch& scratch,
                      const Lines& events) {
  std::size_t matches = 0;
  for (const auto event : events) {
    if (const auto matched = matcher.match(event, {}, scratch)) matches += matched->size();
  }
  return matches;
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Each thread asks for all events, `rounds` times; the events a second of all together.
double events_per_second(const detect::RuleMatcher& matcher, const Lines& events, int threads, int rounds) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::jthread> running;
    const auto begin = Clock::now();
    for (int i = 0; i < threads; ++i)
      running.emplace_back([&] {
        detect::RuleMatcher::Scratch scratch(matcher);
        match_all(matcher, scratch, events);
      });
    running.clear();
    best = std::max(best, threads * static_cast<double>(events.size()) / seconds_since(begin));
  }
  return best;
}

double resident_mb() {
  malloc_trim(0);
  std::size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

struct Figures {
  double one = 0;
  double two = 0;
};

Figures measure(detect::sigma::RuleSet set, const Lines& events, int rounds, double read, double before) {
  const auto count = set.rules.size();
  const auto refused = set.refusals.size();
  const auto begin = Clock::now();
  const detect::RuleMatcher matcher(std::move(set.rules), detect::SourceTable::built_in());
  detect::RuleMatcher::Scratch scratch(matcher);
  const auto matches = match_all(matcher, scratch, events);
  const auto first = seconds_since(begin);
  const double memory = resident_mb() - before;
  const Figures out{events_per_second(matcher, events, 1, rounds),
                    events_per_second(matcher, events, 2, rounds)};
  fmt::print(
      "{:6} rules ({} refused): read in {:.2f} s, made ready and first pass {:.2f} s, {:.0f} MB, {} matches\n"
      "        1 thread {:.0f} events/s, 2 threads {:.0f}: {:.2f} times\n",
      count, refused, read, first, memory, matches, out.one, out.two, out.two / out.one);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What more rules cost");
  std::vector<std::filesystem::path> rules;
  std::string file;
  int rounds = 3;
  std::vector<std::size_t> counts{1'000, 3'000, 10'000, 30'000};
  app.add_option("--rules", rules, "rule files and directories, measured first");
  app.add_option("--counts", counts, "how many synthetic rules");
  app.add_option("--rounds", rounds, "how often each is measured; the best counts")
      ->check(CLI::Range(1, 100));
  app.add_option("events", file, "events, JSON lines")->required();
  CLI11_PARSE(app, argc, argv);

  std::stringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  auto bytes = content.str();
  const auto size = bytes.size();
  bytes.append(simdjson::SIMDJSON_PADDING, ' ');
  const auto events = lines_of(std::string_view(bytes).substr(0, size));
  if (events.empty()) {
    fmt::print(stderr, "{} holds no events\n", file);
    return 2;
  }
  const double before = resident_mb();
  if (!rules.empty()) {
    const auto begin = Clock::now();
    auto set = detect::sigma::RuleSet::load(rules);
    const auto read = seconds_since(begin);
    measure(std::move(set), events, rounds, read, before);
  }
  double first = 0;
  for (const auto count : counts) {
    RuleMaker maker(events);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.push_back(maker.make(i));
    std::vector<detect::sigma::RuleText> files;
    for (const auto& text : texts) files.push_back({"synthetic.yml", text});
    const auto begin = Clock::now();
    auto set = detect::sigma::RuleSet::parse(files);
    const auto read = seconds_since(begin);
    const auto figures = measure(std::move(set), events, rounds, read, before);
    if (first == 0) first = figures.one;
    fmt::print("        an event costs {:.2f} times what it costs with {} rules\n", first / figures.one,
               counts.front());
  }
}
