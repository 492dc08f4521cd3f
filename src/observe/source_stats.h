#pragma once
// What one source of records has sent since the start: totals, rates over the last minute and hour, the last
// error, and whether its silence means anything.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace tocsin::observe {

// Counts per second of the last minute and per minute of the last hour. Not thread-safe.
class RateRing {
 public:
  void add(Timestamp now, std::uint64_t count);
  std::uint64_t last_minute(Timestamp now) const { return seconds_.sum(seconds_of(now)); }
  std::uint64_t last_hour(Timestamp now) const { return minutes_.sum(seconds_of(now) / 60); }

 private:
  static std::int64_t seconds_of(Timestamp now);
  struct Ring {
    static constexpr std::int64_t kSlots = 60;
    void add(std::int64_t tick, std::uint64_t count);
    std::uint64_t sum(std::int64_t tick) const;  // of the last kSlots ticks
    std::array<std::int64_t, kSlots> ticks{};
    std::array<std::uint64_t, kSlots> counts{};
  };
  Ring seconds_;
  Ring minutes_;
};

enum class Speech : std::uint8_t {
  kUnknown,    // nothing has come, or nothing says how often something should
  kReceiving,  // a record came within the expected interval, or within a minute when none is set
  kSilent,     // none came within the expected interval
};
std::string_view to_text(Speech speech);

struct SourceTotals {
  std::uint64_t records = 0;  // messages read, whatever became of them
  std::uint64_t bytes = 0;
  std::uint64_t alerts = 0;  // created
  std::uint64_t occurrences = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t events = 0;
  std::uint64_t unreadable = 0;  // of which `dead_letters` were kept, the others only counted
  std::uint64_t dead_letters = 0;
  std::uint64_t cut = 0;      // longer than the limit
  std::uint64_t dropped = 0;  // lost before we could read them (UDP), or at a stop that had to be short
  std::uint64_t errors = 0;   // of connections, handshakes, framing, files, the store

  SourceTotals& operator+=(const SourceTotals& more);
};

struct SourceReport {
  SourceTotals totals;
  std::uint64_t last_minute = 0;  // records
  std::uint64_t last_hour = 0;
  std::optional<Timestamp> last_record_at;
  Speech speech = Speech::kUnknown;
  std::optional<Timestamp> silent_since;  // with kSilent: the last record, or the start
  std::string last_error;
  std::optional<Timestamp> last_error_at;
  std::vector<std::pair<std::string, std::uint64_t>> unreadable_by_reason;  // most first
  std::uint32_t connections = 0;                                            // open now
};

// Thread-safe.
class SourceStats {
 public:
  // `expected_interval` zero: none is known.
  SourceStats(Timestamp started, std::chrono::seconds expected_interval)
      : started_(started), expected_interval_(expected_interval) {}

  void add(Timestamp now, const SourceTotals& more);
  void error(Timestamp now, std::string_view what);
  // True when this unreadable message should be kept: a few of each reason in each minute are, all are
  // counted.
  bool unreadable(Timestamp now, std::string_view reason);
  void connections(int change);
  void set_dropped(std::uint64_t total);  // where the kernel counts

  SourceReport report(Timestamp now) const;

  static constexpr std::uint64_t kKeptPerReason = 10;  // in a minute
  static constexpr std::size_t kMaxReasons = 50;       // others are counted together

 private:
  struct Reason {
    std::uint64_t count = 0;
    std::int64_t minute = 0;
    std::uint64_t kept_in_minute = 0;
  };
  void judge_speech(Timestamp now, SourceReport& report) const;

  const Timestamp started_;
  const std::chrono::seconds expected_interval_;
  mutable std::mutex mutex_;
  SourceTotals totals_;
  std::uint64_t kernel_drops_ = 0;
  RateRing rates_;
  std::optional<Timestamp> last_record_at_;
  std::string last_error_;
  std::optional<Timestamp> last_error_at_;
  std::map<std::string, Reason, std::less<>> reasons_;
  std::uint32_t connections_ = 0;
};

}  // namespace tocsin::observe
