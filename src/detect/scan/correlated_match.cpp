#include "detect/scan/correlated_match.h"

#include <algorithm>

namespace tocsin::detect {
namespace {

constexpr std::size_t kMostValues = 16;  // of a field: more do not count in a correlation

}  // namespace

CorrelatedMatch::CorrelatedMatch(std::uint64_t line, Timestamp at, std::vector<std::uint32_t> rules,
                                 const CorrelationNeeds& needs, const sigma::Event& event)
    : line_(line), at_(at), rules_(std::move(rules)) {
  bytes_ = sizeof(*this) + rules_.size() * sizeof(std::uint32_t);
  for (const auto& name : needs.fields) {
    const auto* values = event.find(name);
    if (values == nullptr || values->empty()) continue;
    auto& field = fields_.emplace_back(Field{name, {}});
    for (const auto& value : *values) {
      if (value.kind == sigma::ValueKind::kNull) continue;
      field.values.push_back(value);
      bytes_ += sizeof(value) + value.text.size() + value.folded.size();
      if (field.values.size() == kMostValues) break;
    }
    bytes_ += sizeof(field);
  }
}

const std::vector<sigma::Value>* CorrelatedMatch::find(std::string_view field) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& one) { return one.name == field; });
  return found == fields_.end() ? nullptr : &found->values;
}

}  // namespace tocsin::detect
