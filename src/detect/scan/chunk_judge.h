#pragma once
// What the rules say of the events of a chunk. One for each thread.

#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "detect/match/matcher.h"
#include "detect/scan/correlated_match.h"
#include "detect/scan/event_file.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {

struct ScanMatch {
  std::uint64_t line = 1;
  std::uint32_t rule = 0;  // place in RuleMatcher::rules()
  std::string event_id;    // the event's EventID or eventID as JSON writes it; empty when it has none
};

struct ScanFault {
  std::uint64_t line = 1;
  std::string reason;
};

struct ChunkJudgement {
  std::vector<ScanMatch> matches;           // by line, then rule
  std::vector<ScanFault> faults;            // the first kMaxFaults
  std::uint64_t events = 0;                 // that could be read
  std::uint64_t unreadable = 0;             // that could not
  std::vector<CorrelatedMatch> correlated;  // of rules that correlations refer to, by line
  std::uint64_t timeless = 0;               // events that would be among them, but say no time
};

// What is asked of each event.
struct ScanQuestions {
  LogSource given;               // what is known of the events besides what they say
  std::vector<bool> left_out{};  // by place: rules whose matches are not told; may be shorter
  const CorrelationNeeds* correlations = nullptr;  // null: none; outlives the scan and what it gives
};

class ChunkJudge {
 public:
  static constexpr std::size_t kMaxFaults = 8;
  static constexpr std::size_t kMaxIdBytes = 200;  // a longer one is no id

  // Borrows its arguments.
  ChunkJudge(const RuleMatcher& rules, const SourceTable& sources, const ScanQuestions& questions)
      : rules_(rules), sources_(sources), questions_(questions), scratch_(rules) {}

  ChunkJudgement judge(EventChunk& chunk);

 private:
  void judge_event(std::string_view json, std::uint64_t line, ChunkJudgement& out);
  void take_told(std::span<const std::uint32_t> matched);
  void tell(std::string_view json, std::uint64_t line, ChunkJudgement& out);
  void keep_correlated(JsonValue event, const std::vector<View>& views, std::uint64_t line,
                       ChunkJudgement& out) const;

  const RuleMatcher& rules_;
  const SourceTable& sources_;
  const ScanQuestions& questions_;
  RuleMatcher::Scratch scratch_;
  simdjson::dom::parser parser_;
  std::string named_;                // the event at hand, where it lists its data
  std::vector<std::uint32_t> told_;  // rules that match it
};

}  // namespace tocsin::detect
