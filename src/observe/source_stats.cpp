#include "observe/source_stats.h"

#include <algorithm>

namespace tocsin::observe {
namespace {

constexpr std::chrono::minutes kFresh{1};  // without an expected interval
constexpr std::string_view kOtherReasons = "other reasons";
constexpr std::size_t kMaxErrorBytes = 500;

std::int64_t minute_of(Timestamp now) {
  return std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
}

}  // namespace

std::string_view to_text(Speech speech) {
  switch (speech) {
    case Speech::kReceiving:
      return "receiving";
    case Speech::kSilent:
      return "silent";
    case Speech::kUnknown:
      break;
  }
  return "unknown";
}

SourceTotals& SourceTotals::operator+=(const SourceTotals& more) {
  records += more.records;
  bytes += more.bytes;
  alerts += more.alerts;
  occurrences += more.occurrences;
  duplicates += more.duplicates;
  events += more.events;
  unreadable += more.unreadable;
  dead_letters += more.dead_letters;
  cut += more.cut;
  dropped += more.dropped;
  errors += more.errors;
  return *this;
}

void RateRing::Ring::add(std::int64_t tick, std::uint64_t count) {
  const auto slot = static_cast<std::size_t>(tick % kSlots);
  if (ticks[slot] != tick) counts[slot] = 0;
  ticks[slot] = tick;
  counts[slot] += count;
}

std::uint64_t RateRing::Ring::sum(std::int64_t tick) const {
  std::uint64_t total = 0;
  for (std::size_t slot = 0; slot < ticks.size(); ++slot) {
    if (ticks[slot] > tick - kSlots && ticks[slot] <= tick) total += counts[slot];
  }
  return total;
}

std::int64_t RateRing::seconds_of(Timestamp now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}

void RateRing::add(Timestamp now, std::uint64_t count) {
  seconds_.add(seconds_of(now), count);
  minutes_.add(seconds_of(now) / 60, count);
}

void SourceStats::add(Timestamp now, const SourceTotals& more) {
  const std::lock_guard lock(mutex_);
  totals_ += more;
  if (more.records == 0) return;
  rates_.add(now, more.records);
  last_record_at_ = now;
}

void SourceStats::error(Timestamp now, std::string_view what) {
  const std::lock_guard lock(mutex_);
  ++totals_.errors;
  last_error_ = what.substr(0, kMaxErrorBytes);
  last_error_at_ = now;
}

bool SourceStats::unreadable(Timestamp now, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++totals_.unreadable;
  auto found = reasons_.find(reason);
  if (found == reasons_.end()) {
    const bool full = reasons_.size() >= kMaxReasons;
    found = reasons_.try_emplace(std::string(full ? kOtherReasons : reason)).first;
  }
  auto& entry = found->second;
  ++entry.count;
  if (entry.minute != minute_of(now)) entry.kept_in_minute = 0;
  entry.minute = minute_of(now);
  return ++entry.kept_in_minute <= kKeptPerReason;
}

void SourceStats::connections(int change) {
  const std::lock_guard lock(mutex_);
  connections_ = static_cast<std::uint32_t>(static_cast<int>(connections_) + change);
}

void SourceStats::set_dropped(std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  kernel_drops_ = total;
}

void SourceStats::judge_speech(Timestamp now, SourceReport& report) const {
  if (expected_interval_.count() == 0) {
    const bool fresh = last_record_at_ && now - *last_record_at_ <= kFresh;
    report.speech = fresh ? Speech::kReceiving : Speech::kUnknown;
    return;
  }
  const auto heard_at = last_record_at_.value_or(started_);
  if (now - heard_at > expected_interval_) {
    report.speech = Speech::kSilent;
    report.silent_since = heard_at;
  } else if (last_record_at_) {
    report.speech = Speech::kReceiving;
  }
}

SourceReport SourceStats::report(Timestamp now) const {
  const std::lock_guard lock(mutex_);
  SourceReport report;
  report.totals = totals_;
  report.totals.dropped += kernel_drops_;
  report.last_minute = rates_.last_minute(now);
  report.last_hour = rates_.last_hour(now);
  report.last_record_at = last_record_at_;
  judge_speech(now, report);
  report.last_error = last_error_;
  report.last_error_at = last_error_at_;
  report.connections = connections_;
  for (const auto& [reason, entry] : reasons_) report.unreadable_by_reason.emplace_back(reason, entry.count);
  std::sort(report.unreadable_by_reason.begin(), report.unreadable_by_reason.end(),
            [](const auto& a, const auto& b) { return a.second > b.second; });
  return report;
}

}  // namespace tocsin::observe
