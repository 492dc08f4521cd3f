// scan: rules over files of events, offline.

#include "detect/scan/scan.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX, not C++
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>
#include <thread>

#include "app/commands/commands.h"
#include "app/scan_report.h"
#include "base/ascii.h"
#include "detect/baseline/definition.h"
#include "detect/rules/bundled.h"
#include "detect/scan/match_text.h"
#include "detect/scan/scan_correlations.h"
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
  // Borrows its arguments.
  MatchOutput(const std::vector<detect::sigma::Rule>& rules,
              const std::vector<detect::sigma::Correlation>& correlations, const ScanFlags& flags)
      : is_table_(flags.format == "table"),
        lines_(rules, correlations, flags.files),
        table_(rules, correlations, flags.files) {
    if (is_table_) text_ = table_.header();
  }

  bool write(const detect::ScanResult& result) {
    for (const auto& match : result.judgement.matches)
      is_table_ ? table_.append(text_, result.file, match) : lines_.append(text_, result.file, match);
    return result.judgement.matches.empty() || flush();
  }

  bool write(std::span<const detect::ScanHit> hits) {
    for (const auto& hit : hits) is_table_ ? table_.append(text_, hit) : lines_.append(text_, hit);
    return hits.empty() || flush();
  }

 private:
  // False when nobody takes it, or it cannot be written; errno tells which.
  bool flush() {
    const bool is_written =
        std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size() && std::fflush(stdout) == 0;
    text_.clear();
    return is_written;
  }

  const bool is_table_;
  const detect::MatchLines lines_;
  const detect::MatchTable table_;
  std::string text_;
};

struct Outcome {
  bool is_alarming = false;  // a match is at or above --fail-on
  int write_error = 0;       // errno
};

// Takes what the scan gives, writes it, and has correlations count it.
class ScanRun {
 public:
  // Borrows its arguments; `correlations` may be null.
  ScanRun(const detect::RuleMatcher& rules, const std::vector<detect::sigma::Correlation>& correlations,
          detect::ScanCorrelations* counted, const ScanFlags& flags, ScanReport& report)
      : rules_(rules.rules()),
        correlations_(correlations),
        counted_(counted),
        report_(report),
        fail_on_(detect::sigma::parse_level(flags.fail_on)),
        output_(rules_, correlations, flags) {}

  Outcome run(detect::Scan& scan) {
    while (outcome_.write_error == 0 && end_signal == 0 && !scan.is_finished()) {
      if (auto result = scan.next(kLook)) take(*std::move(result));
      report_.show_progress(scan.bytes_read());
    }
    if (counted_ != nullptr && outcome_.write_error == 0) {  // after a signal too: it is what was found
      std::vector<detect::ScanHit> hits;
      counted_->finish(hits);
      tell(hits);
    }
    return outcome_;
  }

 private:
  void take(detect::ScanResult result) {
    report_.add(result);
    for (const auto& match : result.judgement.matches) note_level(rules_[match.rule].level);
    if (!result.judgement.matches.empty()) report_.hide_progress();
    if (!output_.write(result)) outcome_.write_error = errno;
    if (counted_ == nullptr || outcome_.write_error != 0) return;
    std::vector<detect::ScanHit> hits;
    counted_->add(result.file, std::move(result.judgement.correlated), hits);
    tell(hits);
  }

  void tell(const std::vector<detect::ScanHit>& hits) {
    report_.add_hits(hits.size());
    for (const auto& hit : hits) note_level(correlations_[hit.correlation].level);
    if (!hits.empty()) report_.hide_progress();
    if (!output_.write(hits)) outcome_.write_error = errno;
  }

  void note_level(detect::sigma::Level level) {
    outcome_.is_alarming = outcome_.is_alarming || (fail_on_ && level >= *fail_on_);
  }

  const std::vector<detect::sigma::Rule>& rules_;
  const std::vector<detect::sigma::Correlation>& correlations_;
  detect::ScanCorrelations* counted_;
  ScanReport& report_;
  const std::optional<detect::sigma::Level> fail_on_;
  MatchOutput output_;
  Outcome outcome_;
};

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

// Baselines need a past of weeks before they say anything; by place.
std::vector<bool> baseline_rules(const RuleSet& rules) {
  std::vector<bool> left_out;
  for (const auto& rule : rules.rules) left_out.push_back(!detect::baseline_references(rule).empty());
  const auto count = std::count(left_out.begin(), left_out.end(), true);
  if (count != 0) std::fprintf(stderr, "rules: %td that read baselines are not evaluated\n", count);
  return left_out;
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
  detect::ScanOptions options;
  options.files = flags.files;
  options.questions.given = {to_lower(flags.product), to_lower(flags.category), to_lower(flags.service), {}};
  options.questions.left_out = baseline_rules(rules);
  options.threads = flags.jobs != 0 ? flags.jobs : std::max(1U, std::thread::hardware_concurrency());
  std::optional<detect::ScanCorrelations> counted;
  if (!rules.correlations.empty()) {
    auto made = detect::ScanCorrelations::create(rules);
    if (!made) return refuse(to_string(made.error()));
    counted = *std::move(made);
    options.questions.correlations = &counted->needs();
    ScanReport::tell_correlations(rules.correlations.size(), counted->refusals());
  }
  const detect::RuleMatcher matcher(std::move(rules.rules), sources);
  ScanReport report(flags.files);
  Outcome outcome;
  {
    detect::Scan scan(matcher, sources, std::move(options));
    outcome = ScanRun(matcher, rules.correlations, counted ? &*counted : nullptr, flags, report).run(scan);
  }
  report.tell_totals(counted ? std::optional(counted->stats()) : std::nullopt);
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
  if (rules->rules.empty()) return refuse("there is no rule to ask");
  note_end_signals();
  return scan_with(*std::move(rules), own_sources ? *own_sources : detect::SourceTable::built_in(), flags);
}

}  // namespace tocsin::app
