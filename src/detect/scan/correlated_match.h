#pragma once
// What correlations need of an event, kept when the event is gone.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "detect/sigma/event.h"

namespace tocsin::detect {

// What a thread that judges events asks of them for correlations. Immutable, any thread.
struct CorrelationNeeds {
  std::vector<bool> rules;          // by place: whether a correlation refers to it
  std::vector<std::string> fields;  // that correlations ask for

  bool uses(std::uint32_t rule) const { return rule < rules.size() && rules[rule]; }
};

// An event that rules of correlations match, with what those ask for. It outlives the event.
class CorrelatedMatch : public sigma::Event {
 public:
  CorrelatedMatch(std::uint64_t line, Timestamp at, std::vector<std::uint32_t> rules,
                  const CorrelationNeeds& needs, const sigma::Event& event);

  std::uint64_t line() const noexcept { return line_; }
  Timestamp at() const noexcept { return at_; }
  const std::vector<std::uint32_t>& rules() const noexcept { return rules_; }
  std::size_t bytes() const noexcept { return bytes_; }

  const std::vector<sigma::Value>* find(std::string_view field) const override;
  // Correlations ask for fields by name.
  bool any_value(const std::function<bool(const sigma::Value&)>&) const override { return false; }

 private:
  struct Field {
    std::string_view name;  // of CorrelationNeeds::fields
    std::vector<sigma::Value> values;
  };
  std::uint64_t line_;
  Timestamp at_;
  std::vector<std::uint32_t> rules_;
  std::vector<Field> fields_;
  std::size_t bytes_;
};

}  // namespace tocsin::detect
