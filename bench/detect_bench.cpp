// Events a second on one thread: JSON lines in, ids of the Sigma rules that match out, log source gate on;
// beside the speed at which simdjson on demand visits every name and value of the same bytes in the same run.

#include <fmt/core.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "detect/match/matcher.h"
#include "detect/sigma/rule_set.h"

namespace {

using namespace tocsin;
using Clock = std::chrono::steady_clock;

struct Lines {
  std::string bytes;  // with the padding that the parser reads beyond the last line
  std::vector<std::string_view> lines;
};

Lines read_lines(const std::string& file) {
  Lines out;
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  out.bytes = text.str();
  const std::size_t size = out.bytes.size();
  out.bytes.append(simdjson::SIMDJSON_PADDING, ' ');
  const std::string_view all(out.bytes.data(), size);
  for (std::size_t at = 0; at < size;) {
    const auto end = std::min(all.find('\n', at), size);
    if (end > at) out.lines.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::size_t visit(simdjson::ondemand::value value) {
  using simdjson::ondemand::json_type;
  switch (json_type(value.type())) {
    case json_type::object: {
      std::size_t seen = 0;
      for (auto member : simdjson::ondemand::object(value.get_object())) {
        seen += std::string_view(member.unescaped_key()).size();
        seen += visit(member.value());
      }
      return seen;
    }
    case json_type::array: {
      std::size_t seen = 0;
      for (auto item : simdjson::ondemand::array(value.get_array())) seen += visit(item.value());
      return seen;
    }
    case json_type::string:
      return std::string_view(value.get_string()).size();
    case json_type::number:
      return static_cast<std::size_t>(double(value.get_double()) != 0);
    case json_type::boolean:
      return bool(value.get_bool()) ? 1 : 0;
    case json_type::null:
      return 0;
  }
  return 0;
}

std::size_t visit_all(const Lines& events) {
  simdjson::ondemand::parser parser;
  std::size_t seen = 0;
  for (const auto line : events.lines) {
    auto document = parser.iterate(line, line.size() + simdjson::SIMDJSON_PADDING);
    seen += visit(document.get_value().value());
  }
  return seen;
}

std::size_t match_all(const detect::RuleMatcher& matcher, detect::RuleMatcher::Scratch& scratch,
                      const Lines& events, std::ostream* ids) {
  std::size_t matches = 0;
  for (std::size_t i = 0; i < events.lines.size(); ++i) {
    const auto matched = matcher.match(events.lines[i], {}, scratch);
    if (!matched) {
      fmt::print(stderr, "line {}: {}\n", i + 1, to_string(matched.error()));
      continue;
    }
    matches += matched->size();
    if (ids == nullptr) continue;
    for (const auto rule : *matched) *ids << i + 1 << '\t' << matcher.rules()[rule].id << '\n';
  }
  return matches;
}

// Of this thread's work: what else the machine does at the time costs caches, but does not count itself.
template <class Run>
double cpu_seconds(const Run& run) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const auto begin = now();
  run();
  return now() - begin;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Sigma rules over events");
  std::vector<std::filesystem::path> rules;
  std::vector<std::string> files;
  std::string ids_file;
  int rounds = 5;
  app.add_option("--rules", rules, "rule files and directories")->required();
  app.add_option("--ids", ids_file, "where to write LINE<tab>RULE of the first file");
  app.add_option("--rounds", rounds, "how often each is measured; the median counts")
      ->check(CLI::Range(1, 1000));
  app.add_option("files", files, "events, JSON lines")->required();
  CLI11_PARSE(app, argc, argv);

  auto begin = Clock::now();
  auto set = detect::sigma::RuleSet::load(rules);
  const auto rule_count = set.rules.size();
  const auto loaded = Clock::now();
  const detect::RuleMatcher matcher(std::move(set.rules), detect::SourceTable::built_in());
  fmt::print("{} rules, {} refused; read in {:.2f} s, made ready in {:.2f} s\n", rule_count,
             set.refusals.size(), std::chrono::duration<double>(loaded - begin).count(),
             std::chrono::duration<double>(Clock::now() - loaded).count());
  for (const auto& file : files) {
    const auto events = read_lines(file);
    detect::RuleMatcher::Scratch scratch(matcher);
    std::size_t matches = 0;
    const auto first = cpu_seconds([&] {
      std::ofstream ids(ids_file);
      matches = match_all(matcher, scratch, events, ids_file.empty() ? nullptr : &ids);
    });
    ids_file.clear();
    std::vector<double> visiting, matching;
    std::size_t seen = 0;
    for (int i = 0; i < rounds; ++i) {
      visiting.push_back(cpu_seconds([&] { seen += visit_all(events); }));
      matching.push_back(cpu_seconds([&] { matches = match_all(matcher, scratch, events, nullptr); }));
    }
    std::sort(visiting.begin(), visiting.end());
    std::sort(matching.begin(), matching.end());
    const auto count = static_cast<double>(events.lines.size());
    const double match_time = matching[matching.size() / 2];
    const double visit_time = visiting[visiting.size() / 2];
    fmt::print("{}: {} events, {:.0f} bytes each, {} matches; first pass {:.2f} s\n", file,
               events.lines.size(), static_cast<double>(events.bytes.size()) / count, matches, first);
    fmt::print("  matched {:.0f} events/s, visited {:.0f} events/s: {:.1f} % ({} bytes seen)\n",
               count / match_time, count / visit_time, 100 * visit_time / match_time, seen);
  }
}
