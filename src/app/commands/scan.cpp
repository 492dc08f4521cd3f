// scan: rules over files of events, offline.

#include "detect/scan/scan.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX, not C++
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <thread>

#include "app/commands/commands.h"
#include "app/scan_report.h"
#include "base/ascii.h"
#include "detect/baseline/definition.h"
#include "detect/rules/bundled.h"
#include "detect/scan/match_text.h"
#include "detect/sigma/rule_set.h"

namespace tocsin::app {
namespace {

using detect::sigma::RuleSet;

constexpr int kBadUsage = 2;
constexpr std::chrono::milliseconds kLook{100};

std::atomic<int> end_signal = 0;

extern "C" void note_signal(int number) {
  end_signal = number;
}

// The first one ends the scan in order, the second one at once.
void note_end_signals() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a reader who has enough is an answer of fwrite
}

int refuse(const std::string& why) {
  std::fprintf(stderr, "tocsin scan: %s\n", why.c_str());
  return kBadUsage;
}

class MatchOutput {
 public:
  MatchOutput(const std::vector<detect::sigma::Rule>& rules, const ScanFlags& flags)
      : files_(flags.files), is_table_(flags.format == "table"), lines_(rules), table_(rules, flags.files) {
    if (is_table_) text_ = table_.header();
  }

  // False when nobody takes it, or it cannot be written; errno tells which.
  bool write(const detect::ScanResult& result) {
    for (const auto& match : result.judgement.matches) {
      const auto& file = files_[result.file];
      is_table_ ? table_.append(text_, file, match) : lines_.append(text_, file, match);
    }
    if (result.judgement.matches.empty()) return true;
    const bool is_written =
        std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size() && std::fflush(stdout) == 0;
    text_.clear();
    return is_written;
  }

 private:
  const std::vector<std::string>& files_;
  const bool is_table_;
  const detect::MatchLines lines_;
  const detect::MatchTable table_;
  std::string text_;
};

struct Outcome {
  bool is_alarming = false;  // a match is at or above --fail-on
  int write_error = 0;       // errno
};

Outcome run(detect::Scan& scan, const detect::RuleMatcher& rules, const ScanFlags& flags,
            ScanReport& report) {
  Outcome outcome;
  MatchOutput output(rules.rules(), flags);
  const auto fail_on = detect::sigma::parse_level(flags.fail_on);
  while (end_signal == 0 && !scan.is_finished()) {
    if (const auto result = scan.next(kLook)) {
      report.add(*result);
      for (const auto& match : result->judgement.matches)
        outcome.is_alarming = outcome.is_alarming || (fail_on && rules.rules()[match.rule].level >= *fail_on);
      if (!result->judgement.matches.empty()) report.hide_progress();
      if (!output.write(*result)) {
        outcome.write_error = errno;
        return outcome;
      }
    }
    report.show_progress(scan.bytes_read());
  }
  return outcome;
}

Result<RuleSet> load_rules(const ScanFlags& flags) {
  if (flags.rules.empty()) return detect::bundled_rules();
  detect::sigma::LoadOptions options;
  if (!flags.placeholders.empty()) {
    TOCSIN_TRY(placeholders, detect::sigma::load_placeholders(flags.placeholders));
    options.placeholders = std::move(placeholders);
  }
  const std::vector<std::filesystem::path> paths(flags.rules.begin(), flags.rules.end());
  return RuleSet::load(paths, options);
}

// Baselines need the events of one place in their order, and a past; files in parallel have neither.
void leave_out_baseline_rules(RuleSet& rules) {
  const auto left_out = std::erase_if(rules.rules, [](const detect::sigma::Rule& rule) {
    return !detect::baseline_references(rule).empty();
  });
  if (left_out != 0) std::fprintf(stderr, "rules: %zu that read baselines are not evaluated\n", left_out);
}

int exit_code_of(const Outcome& outcome, const ScanReport& report) {
  constexpr int kOfSignals = 128;
  if (end_signal != 0) return kOfSignals + end_signal;
  if (outcome.write_error != 0 && outcome.write_error != EPIPE)
    return refuse("cannot write: " + std::generic_category().message(outcome.write_error));
  if (outcome.write_error == 0 && report.has_read_nothing()) return refuse("there was no event to read");
  return outcome.is_alarming ? 1 : 0;
}

int scan_with(RuleSet rules, const detect::SourceTable& sources, const ScanFlags& flags) {
  const detect::RuleMatcher matcher(std::move(rules.rules), sources);
  ScanReport report(flags.files);
  detect::ScanOptions options;
  options.files = flags.files;
  options.given = {to_lower(flags.product), to_lower(flags.category), to_lower(flags.service), {}};
  options.threads = flags.jobs != 0 ? flags.jobs : std::max(1U, std::thread::hardware_concurrency());
  Outcome outcome;
  {
    detect::Scan scan(matcher, sources, std::move(options));
    outcome = run(scan, matcher, flags, report);
  }
  report.tell_totals();
  return exit_code_of(outcome, report);
}

}  // namespace

int scan(const ScanFlags& given) {
  auto flags = given;
  if (flags.format.empty()) flags.format = isatty(STDOUT_FILENO) != 0 ? "table" : "jsonl";
  if (std::count(flags.files.begin(), flags.files.end(), "-") > 1)
    return refuse("stdin can be read once only");
  std::optional<detect::SourceTable> own_sources;
  if (!flags.log_sources.empty()) {
    auto loaded = detect::SourceTable::load(flags.log_sources);
    if (!loaded) return refuse(to_string(loaded.error()));
    own_sources = *std::move(loaded);
  }
  const auto begin = ScanReport::Clock::now();
  auto rules = load_rules(flags);
  if (!rules) return refuse(to_string(rules.error()));
  ScanReport::tell_rules(*rules, ScanReport::Clock::now() - begin);
  leave_out_baseline_rules(*rules);
  if (rules->rules.empty()) return refuse("there is no rule to ask");
  note_end_signals();
  return scan_with(*std::move(rules), own_sources ? *own_sources : detect::SourceTable::built_in(), flags);
}

}  // namespace tocsin::app
