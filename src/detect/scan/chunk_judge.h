#pragma once
// What the rules say of the events of a chunk. One for each thread.

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <vector>

#include "detect/match/matcher.h"
#include "detect/scan/event_file.h"

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

struct Judgement {
  std::vector<ScanMatch> matches;  // by line, then rule
  std::vector<ScanFault> faults;   // the first kMaxFaults
  std::uint64_t events = 0;        // that could be read
  std::uint64_t unreadable = 0;    // that could not
};

class ChunkJudge {
 public:
  static constexpr std::size_t kMaxFaults = 8;
  static constexpr std::size_t kMaxIdBytes = 200;  // a longer one is no id

  // Borrows its arguments. `given` is what is known of the events besides what they say.
  ChunkJudge(const RuleMatcher& rules, const SourceTable& sources, const LogSource& given)
      : rules_(rules), sources_(sources), given_(given), scratch_(rules) {}

  Judgement judge(EventChunk& chunk);

 private:
  void judge_event(std::string_view json, std::uint64_t line, Judgement& out);
  std::string event_id_of(std::string_view json);

  const RuleMatcher& rules_;
  const SourceTable& sources_;
  const LogSource& given_;
  RuleMatcher::Scratch scratch_;
  simdjson::dom::parser parser_;
  std::string named_;  // the event at hand, where it lists its data
};

}  // namespace tocsin::detect
