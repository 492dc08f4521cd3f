// What an event or a rule that was built to be slow costs, in nanoseconds for each byte of the event, beside
// an ordinary event with the same rules in the same run.

#include <fmt/core.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <functional>

#include "detect/match/matcher.h"
#include "detect/sigma/rule_set.h"

namespace {

using namespace tocsin;

struct Hostile {
  std::string name;
  std::string json;
};

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

std::string process(std::string_view command_line) {
  return fmt::format(
      R"({{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\Windows\\System32\\cmd.exe",)"
      R"("ParentImage":"C:\\Windows\\explorer.exe","User":"CORP\\ann","CommandLine":"{}"}})",
      command_line);
}

std::vector<Hostile> hostile_events(std::size_t bytes) {
  std::string members;
  for (std::size_t i = 0; members.size() < bytes; ++i) members += fmt::format(R"("k{}":"v",)", i);
  std::string arguments;
  for (const auto* piece : {"powershell -enc ", "/c ", "http://", "certutil ", ".exe ", "-urlcache "})
    arguments += piece;
  const auto half = bytes / 2;
  return {
      {"one letter", process(repeated("a", bytes))},
      {"words that rules look for", process(repeated(arguments, bytes))},
      {"escapes", process(repeated("\\\\", bytes))},
      {"letters beyond ASCII", process(repeated("\xC4\xB0\xC5\xBF", bytes))},
      {"what expressions like", process(repeated("%COMSPEC:~-1%^^set x=&&", bytes))},
      {"ends of paths", process(repeated(R"(\\cmd.exe \\rundll32.exe )", bytes))},
      {"a million members", R"({"Channel":"Security","EventID":4688,)" + members + R"("z":1})"},
      {"nested arrays", R"({"Channel":"Security","EventID":4688,"x":)" + std::string(1000, '[') +
                            std::string(1000, ']') + "}"},
      {"a long list", R"({"Channel":"Security","EventID":4688,"CommandLine":[)" +
                          repeated(R"("cmd.exe",)", half) + R"("x"]})"},
  };
}

// Rules whose patterns meet each other's worst: many wildcards, alternatives that overlap, counted repeats.
constexpr std::string_view kHostileRules = R"(title: Wildcards
id: 00000000-0000-4000-9000-000000000001
logsource: {product: windows, category: process_creation}
detection:
  s:
    CommandLine: '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab'
  condition: s
---
title: Expressions
id: 00000000-0000-4000-9000-000000000002
logsource: {product: windows, category: process_creation}
detection:
  s:
    CommandLine|re:
      - '(a|aa)+$'
      - '(.*a){12}b'
      - '([a-z]+)*1$'
      - '(x+x+)+y'
      - '(?i)^(\W?\w?){500}$'
  condition: s
)";

double cpu_seconds(const std::function<void()>& run) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const auto begin = now();
  run();
  return now() - begin;
}

struct Cost {
  double seconds = 0;
  bool is_refused = false;
};

Cost cost_of(const detect::RuleMatcher& matcher, detect::RuleMatcher::Scratch& scratch, std::string json) {
  const auto size = json.size();
  json.append(simdjson::SIMDJSON_PADDING, ' ');
  Cost best{1e9, false};
  for (int i = 0; i < 3; ++i) {
    best.seconds = std::min(best.seconds, cpu_seconds([&] {
                              const auto matched =
                                  matcher.match(std::string_view(json).substr(0, size), {}, scratch);
                              best.is_refused = !matched;
                            }));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What is built to be slow");
  std::vector<std::filesystem::path> rules;
  std::size_t megabytes = 10;
  app.add_option("--rules", rules, "rule files and directories beside the hostile ones");
  app.add_option("--megabytes", megabytes, "of an event")->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);

  auto set = detect::sigma::RuleSet::load(rules);
  auto hostile = detect::sigma::RuleSet::parse(kHostileRules, "hostile.yml");
  for (const auto& refusal : hostile.refusals) fmt::print("refused: {}\n", to_string(refusal));
  for (auto& rule : hostile.rules) set.rules.push_back(std::move(rule));
  fmt::print("{} rules\n", set.rules.size());
  const detect::RuleMatcher matcher(std::move(set.rules), detect::SourceTable::built_in());
  detect::RuleMatcher::Scratch scratch(matcher);
  const auto ordinary = process(R"(C:\\Windows\\System32\\cmd.exe /c dir C:\\Users\\ann\\Documents)");
  cost_of(matcher, scratch, ordinary);
  const auto usual = cost_of(matcher, scratch, ordinary).seconds / static_cast<double>(ordinary.size());
  fmt::print("an ordinary event of {} bytes: {:.2f} ns a byte\n", ordinary.size(), 1e9 * usual);
  for (const auto& event : hostile_events(megabytes << 20)) {
    const auto cost = cost_of(matcher, scratch, event.json);
    const auto each = cost.seconds / static_cast<double>(event.json.size());
    fmt::print("{:26} {:9} bytes: {:8.1f} ms, {:6.2f} ns a byte, {:.2f} of the ordinary{}\n", event.name,
               event.json.size(), 1e3 * cost.seconds, 1e9 * each, each / usual,
               cost.is_refused ? " (refused)" : "");
  }
}
