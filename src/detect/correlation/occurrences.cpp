#include "detect/correlation/occurrences.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"
#include "detect/sigma/case_fold.h"

namespace tocsin::detect {
namespace {

constexpr std::uint64_t kNoValues = 0x2545f4914f6cdd1dU;

std::uint64_t joined(std::uint64_t hash, std::uint64_t next) {
  hash = (std::rotl(hash, 23) ^ next) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 32);
}

}  // namespace

void OccurrenceReader::read(const CorrelationPlan& plan, std::size_t reference, const EventView& view,
                            std::vector<Occurrence>& out) {
  const auto& sources = plan.references[reference];
  if (!read_groups(sources.group, view) || !read_values(plan, reference, view)) return;
  for (const auto& group : groups_) {
    for (const auto value : values_) out.push_back({group.hash, group.first_value, value});
  }
}

std::span<const GroupValue> OccurrenceReader::group_values(const CorrelationPlan& plan,
                                                           const Occurrence& occurrence) const {
  return std::span(texts_).subspan(occurrence.first_value, plan.references.front().group.size());
}

bool OccurrenceReader::read_field(const ValueSource& source, const EventView& view, Values& out) const {
  out.clear();
  if (source.lower_group) {
    out.push_back(view.lower_group[*source.lower_group]);
    return true;
  }
  const auto* values = view.event->find(source.field);
  if (values == nullptr) return false;
  for (const auto& value : *values) {
    if (value.kind == sigma::ValueKind::kNull) continue;
    out.push_back({hash64(value.folded, secret_), value.text});
    if (out.size() == kMost) break;
  }
  return !out.empty();
}

bool OccurrenceReader::read_fields(const std::vector<ValueSource>& sources, const EventView& view) {
  if (fields_.size() < sources.size()) fields_.resize(sources.size());
  choice_.assign(sources.size(), 0);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!read_field(sources[i], view, fields_[i])) return false;
  }
  return true;
}

bool OccurrenceReader::read_groups(const std::vector<ValueSource>& sources, const EventView& view) {
  groups_.clear();
  if (!read_fields(sources, view)) return false;
  do {
    const auto hash = hash_of_choice();
    const bool again =
        std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) { return group.hash == hash; });
    if (again) continue;
    groups_.push_back({hash, texts_.size()});
    for (std::size_t i = 0; i < choice_.size(); ++i) texts_.push_back(fields_[i][choice_[i]]);
  } while (groups_.size() < kMost && next_choice());
  return true;
}

bool OccurrenceReader::read_values(const CorrelationPlan& plan, std::size_t reference,
                                   const EventView& view) {
  const auto& sources = plan.references[reference].values;
  values_.clear();
  if (plan.is_numeric()) {
    read_numbers(sources.front(), view);
  } else if (plan.type == sigma::CorrelationType::kValueCount) {
    if (!read_fields(sources, view)) return false;
    do {
      values_.push_back(hash_of_choice());
    } while (values_.size() < kMost && next_choice());
  } else {
    values_.push_back(plan.is_temporal() ? reference : 0);
  }
  return !values_.empty();
}

void OccurrenceReader::read_numbers(const ValueSource& source, const EventView& view) {
  if (!read_fields({source}, view)) return;
  for (const auto& value : fields_.front()) {
    const auto number = sigma::parse_number(value.text);
    if (!number) continue;
    const double real = std::visit([](auto plain) { return static_cast<double>(plain); }, *number);
    values_.push_back(std::bit_cast<std::uint64_t>(real));
  }
}

// The next combination of one value of each field; false after the last.
bool OccurrenceReader::next_choice() {
  for (std::size_t i = 0; i < choice_.size(); ++i) {
    if (++choice_[i] < fields_[i].size()) return true;
    choice_[i] = 0;
  }
  return false;
}

std::uint64_t OccurrenceReader::hash_of_choice() const {
  std::uint64_t hash = kNoValues;
  for (std::size_t i = 0; i < choice_.size(); ++i) hash = joined(hash, fields_[i][choice_[i]].hash);
  return hash;
}

}  // namespace tocsin::detect
