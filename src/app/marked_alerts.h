#pragma once

#include <algorithm>
#include <vector>

#include "app/suppressor.h"
#include "model/suppressed.h"
#include "store/store.h"

namespace tocsin::app {

// The alerts of a batch that a suppression marked, with their places in it.
class MarkedAlerts {
 public:
  void add(const model::Alert& alert, std::size_t place) {
    for (const bool is_hidden : {true, false}) {
      const auto mark = is_hidden ? model::kSuppressedTag : model::kSuppressionReviewTag;
      const auto by = model::marked_by(alert, mark);
      if (by.empty()) continue;
      marked_.push_back({is_hidden, std::string(by), alert.id.str(), std::nullopt});
      places_.push_back(place);
    }
  }
  // Null: nothing was stored.
  const std::vector<Suppressor::Marked>& settled(const std::vector<store::AppendOutcome>* outcomes) {
    for (std::size_t i = 0; i < marked_.size() && outcomes != nullptr; ++i) {
      const auto& outcome = (*outcomes)[places_[i]];
      if (outcome.kind != store::AppendKind::kDuplicate) marked_[i].stored = outcome.id;
    }
    return marked_;
  }
  std::size_t hidden() const {
    return static_cast<std::size_t>(std::count_if(
        marked_.begin(), marked_.end(), [](const auto& one) { return one.is_hidden && one.stored; }));
  }
  bool empty() const { return marked_.empty(); }

 private:
  std::vector<Suppressor::Marked> marked_;
  std::vector<std::size_t> places_;
};

}  // namespace tocsin::app
