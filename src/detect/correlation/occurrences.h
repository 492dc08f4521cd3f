#pragma once
// What an event says to a correlation: the groups it belongs to, and the values it brings.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "detect/correlation/correlation_plan.h"
#include "detect/sigma/event.h"

namespace tocsin::detect {

// A value as it is compared and as it is shown.
struct GroupValue {
  std::uint64_t hash = 0;
  std::string_view text;
};

struct Occurrence {
  std::uint64_t group = 0;      // hash of its values
  std::size_t first_value = 0;  // of its values, in the order of group-by: group_values()
  std::uint64_t value = 0;      // Observation::value
};

// What the event is read through for one reference: itself, and the group of the correlation that fired.
struct EventView {
  const sigma::Event* event = nullptr;
  std::span<const GroupValue> lower_group;
};

class OccurrenceReader {
 public:
  explicit OccurrenceReader(std::uint64_t secret) : secret_(secret) {}

  // Appends one for each group and value, at most kMost of each; none when a field is missing. Refers to
  // texts of the event.
  void read(const CorrelationPlan& plan, std::size_t reference, const EventView& view,
            std::vector<Occurrence>& out);
  std::span<const GroupValue> group_values(const CorrelationPlan& plan, const Occurrence& occurrence) const;
  void forget_texts() { texts_.clear(); }
  static constexpr std::size_t kMost = 16;

 private:
  struct Group {
    std::uint64_t hash = 0;
    std::size_t first_value = 0;
  };
  using Values = std::vector<GroupValue>;

  bool read_field(const ValueSource& source, const EventView& view, Values& out) const;
  bool read_fields(const std::vector<ValueSource>& sources, const EventView& view);
  bool read_groups(const std::vector<ValueSource>& sources, const EventView& view);
  bool read_values(const CorrelationPlan& plan, std::size_t reference, const EventView& view);
  void read_numbers(const ValueSource& source, const EventView& view);
  bool next_choice();
  std::uint64_t hash_of_choice() const;

  std::uint64_t secret_;
  std::vector<GroupValue> texts_;    // of the groups read so far
  std::vector<Values> fields_;       // values of each field that is being combined
  std::vector<std::size_t> choice_;  // one of each
  std::vector<Group> groups_;
  std::vector<std::uint64_t> values_;
};

}  // namespace tocsin::detect
