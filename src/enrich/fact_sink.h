#pragma once
// Puts facts onto an alert, at most model::kMaxFacts of them.

#include <string_view>

#include "model/alert.h"

namespace tocsin::enrich {

class FactSink {
 public:
  FactSink(model::Alert& alert, Timestamp at) : alert_(alert), at_(at) {}

  model::Alert& alert() { return alert_; }
  Timestamp at() const { return at_; }

  // Leaves out what has no value.
  void add(std::string_view name, std::string_view value, std::string_view from, Timestamp as_of,
           std::string_view subject) {
    if (value.empty() || alert_.facts.size() >= model::kMaxFacts) return;
    alert_.facts.push_back(
        {std::string(name), std::string(value), std::string(from), as_of, std::string(subject), at_});
  }

 private:
  model::Alert& alert_;
  Timestamp at_;
};

}  // namespace tocsin::enrich
