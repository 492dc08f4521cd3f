#pragma once
// One pass over an event's JSON that notes where the values stand that some rule may ask for. Texts are
// unescaped and folded only when they are asked for, once.

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/match/path_walk.h"
#include "detect/sigma/event.h"

namespace tocsin::detect {

// A value of the event. Views hold until the next scan.
struct ScannedValue {
  sigma::ValueKind kind = sigma::ValueKind::kNull;
  std::string_view raw;  // as it is written: a text without its quotes; else the token
  bool is_read = false;
  bool is_folded = false;
  std::string_view text;
  std::string_view folded;
};

// What one thread needs to look at events, reused from event to event. Not thread-safe.
class EventScan {
 public:
  explicit EventScan(const PathTree& tree) : walk_(tree), slots_(tree.slot_count()) {}

  // `json` must have simdjson::SIMDJSON_PADDING readable bytes after its end, and stay as it is until the
  // next scan. kInvalidSyntax when it is no JSON object as far as it was looked at.
  Result<void> scan(std::string_view json);

  // Whether something stands there, be it an object or an empty list.
  bool is_there(std::uint32_t slot) const { return slots_[slot].scan == scans_; }
  bool has_value(std::uint32_t slot) const { return is_there(slot) && slots_[slot].says_something; }
  // Where something stands, in the event's order.
  const std::vector<std::uint32_t>& seen_slots() const noexcept { return seen_slots_; }
  // Calls f(ScannedValue&) for each value of the slot, nulls included.
  template <class F>
  void each(std::uint32_t slot, const F& f) {
    if (!is_there(slot)) return;
    for (auto at = slots_[slot].first; at != kNone; at = links_[at].next) f(values_[links_[at].value]);
  }
  // Every value of the event, found by a second pass.
  std::vector<ScannedValue>& all_values();

  // Absent when the text has an escape that means nothing.
  std::optional<std::string_view> text(ScannedValue& value);
  std::optional<std::string_view> folded(ScannedValue& value);
  std::string_view json() const noexcept { return json_; }

 private:
  static constexpr std::uint32_t kNone = ~0U;
  static constexpr PathWalk::State kNoName = ~0U;
  static constexpr int kMaxDepth = 1024;  // the parser refuses what is deeper
  struct Slot {
    std::uint64_t scan = 0;  // in which it was last seen
    std::uint32_t first = kNone, last = kNone;
    bool says_something = false;
  };
  struct Link {
    std::uint32_t value = 0, next = kNone;
  };
  using OnDemandValue = simdjson::ondemand::value;
  using State = PathWalk::State;
  simdjson::error_code walk_object(simdjson::ondemand::object object, State state, int depth);
  simdjson::error_code walk_array(simdjson::ondemand::array array, State state, int depth);
  simdjson::error_code walk_value(OnDemandValue& value, State state, int depth);
  void note_scalar(OnDemandValue& value, simdjson::ondemand::json_type type, State state);
  void note_presence(State state);
  Slot& present(std::uint32_t slot);
  // kNoName when the name has an escape that means nothing.
  State member_state(State from, simdjson::ondemand::field& field);
  void reserve_text(std::size_t bytes);

  PathWalk walk_;
  simdjson::ondemand::parser parser_;
  std::string_view json_;
  std::uint64_t scans_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> seen_slots_;
  std::vector<Link> links_;
  std::vector<ScannedValue> values_;
  std::vector<ScannedValue> all_values_;
  bool all_values_known_ = false;
  std::vector<std::vector<char>> text_blocks_;  // unescaped and folded texts
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

// ASCII letters in lower case; false, and nothing certain in `out`, when a byte is not ASCII.
bool fold_ascii(std::string_view text, char* out);

}  // namespace tocsin::detect
