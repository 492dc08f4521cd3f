#include "app/scan_report.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/display_text.h"

namespace tocsin::app {
namespace {

constexpr std::uint64_t kMaxTold = 5;
constexpr std::size_t kMaxLine = 2'000;
constexpr std::chrono::milliseconds kBetweenBars{200};

// Files and rules are foreign text, and terminals obey control characters.
void tell(const std::string& line) {
  std::fprintf(stderr, "%s\n", display_text(line, kMaxLine).c_str());
}

void tell_refusal(const Error& refusal) {
  tell(refusal.where + ": " + refusal.message + (refusal.hint.empty() ? "" : ". " + refusal.hint));
}

// 0 when the size of one is not known, as of a pipe.
std::uint64_t bytes_of(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const auto& file : files) {
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(file, unknown)) return 0;
    const auto bytes = std::filesystem::file_size(file, unknown);
    if (unknown) return 0;
    total += bytes;
  }
  return total;
}

std::string bar_of(std::uint64_t done, std::uint64_t total) {
  constexpr std::size_t kWidth = 30;
  const auto share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto full = static_cast<std::size_t>(share * kWidth);
  return "[" + std::string(full, '#') + std::string(kWidth - full, '.') + "] " +
         std::to_string(static_cast<int>(share * 100)) + " %  ";
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

ScanReport::ScanReport(const std::vector<std::string>& files)
    : files_(files), is_terminal_(isatty(STDERR_FILENO) != 0), total_bytes_(bytes_of(files)) {}

double ScanReport::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begin_).count();
}

void ScanReport::tell_rules(const detect::sigma::RuleSet& rules, std::chrono::duration<double> taken) {
  for (const auto& refusal : rules.refusals) tell_refusal(refusal);
  std::fprintf(stderr, "rules: %zu loaded from %zu files in %.2f s, %zu refused\n", rules.rules.size(),
               rules.files, taken.count(), rules.refusals.size());
}

void ScanReport::tell_correlations(std::size_t count, const std::vector<Error>& refusals) {
  for (const auto& refusal : refusals) tell_refusal(refusal);
  std::fprintf(stderr, "rules: %zu correlations loaded, %zu refused\n", count - refusals.size(),
               refusals.size());
}

void ScanReport::add(const detect::ScanResult& result) {
  const auto& file = files_[result.file];
  const auto& judgement = result.judgement;
  events_ += judgement.events;
  matches_ += judgement.matches.size();
  unreadable_ += judgement.unreadable;
  timeless_ += judgement.timeless;
  for (const auto& fault : judgement.faults) tell_fault(file, fault);
  if (result.error) {
    hide_progress();
    const auto& why = *result.error;
    tell("tocsin scan: " + file + ": " + why.message + (why.hint.empty() ? "" : ". " + why.hint));
    ++not_read_;
  } else if (result.is_last) {
    ++read_;
  }
}

void ScanReport::tell_fault(const std::string& file, const detect::ScanFault& fault) {
  if (told_ == kMaxTold) return;
  ++told_;
  hide_progress();
  tell(file + ":" + std::to_string(fault.line) + ": " + fault.reason);
}

void ScanReport::show_progress(std::uint64_t bytes_read) {
  const auto now = Clock::now();
  if (!is_terminal_ || now - shown_at_ < kBetweenBars) return;
  shown_at_ = now;
  is_shown_ = true;
  const auto bar = total_bytes_ == 0 ? std::string() : bar_of(bytes_read, total_bytes_);
  std::fprintf(stderr, "\r\033[K%s%s, %s, %.0f events/s", bar.c_str(), counted(events_, "event").c_str(),
               counted(matches_, "match").c_str(), static_cast<double>(events_) / seconds());
}

void ScanReport::hide_progress() {
  if (is_shown_) std::fprintf(stderr, "\r\033[K");
  is_shown_ = false;
}

void ScanReport::tell_totals(const std::optional<detect::CorrelatorStats>& correlations) {
  hide_progress();
  if (unreadable_ > told_)
    std::fprintf(stderr, "and %s more that cannot be read\n", counted(unreadable_ - told_, "line").c_str());
  const auto taken = seconds();
  std::fprintf(stderr, "scan: %s in %s, %s, %s unreadable", counted(events_, "event").c_str(),
               counted(read_, "file").c_str(),
               matches_ == 1 ? "1 match" : (std::to_string(matches_) + " matches").c_str(),
               counted(unreadable_, "line").c_str());
  if (not_read_ > 0) std::fprintf(stderr, ", %s not read to the end", counted(not_read_, "file").c_str());
  std::fputc('\n', stderr);
  if (correlations) tell_hits(*correlations);
  std::fprintf(stderr, "time: %.2f s, %.0f events/s\n", taken,
               taken > 0 ? static_cast<double>(events_) / taken : 0.0);
}

// What was not counted is told where there is any: it may be why there is no hit.
void ScanReport::tell_hits(const detect::CorrelatorStats& stats) const {
  std::fprintf(stderr, "correlations: %s", counted(hits_, "hit").c_str());
  const auto tell_some = [](std::uint64_t count, const char* what) {
    if (count > 0) std::fprintf(stderr, ", %s", (std::to_string(count) + what).c_str());
  };
  tell_some(timeless_, " matched events without a time");
  tell_some(stats.late_events, " too late to count");
  tell_some(stats.evicted_keys, " groups forgotten for want of room");
  tell_some(stats.dropped_observations, " events dropped of groups that have too many");
  std::fputc('\n', stderr);
}

bool ScanReport::has_read_nothing() const {
  return events_ == 0 && (read_ == 0 || unreadable_ > 0);
}

}  // namespace tocsin::app
