#pragma once
// When rule files that changed are read again. Pure but for the library's look at the files.
//
// Files are looked at, not subscribed to: inotify tells nothing of what other machines write to a network
// file system, nor of some overlays, and loses events when its queue is full; names, sizes and times are told
// by all of them. Two looks that tell the same end a change, so that a checkout is not read half-written; one
// that goes on and on is read all the same.

#include <cstdint>
#include <optional>

#include "detect/engine/rule_library.h"

namespace tocsin::detect {

class RuleWatch {
 public:
  static constexpr int kMostLooks = 15;  // at a change that goes on
  static constexpr int kTryAgain = 30;   // looks; at files that could not be read, which no look tells

  explicit RuleWatch(RuleLibrary& library) : library_(library) {}

  // One look. Answers what a reload gave; absent when there was none.
  std::optional<Result<RuleStatePtr>> look(Timestamp now);

 private:
  bool is_due();

  RuleLibrary& library_;
  std::optional<std::uint64_t> changing_;  // the last look, when it told of a change
  int looks_ = 0;                          // since the change began, or since the last try
};

}  // namespace tocsin::detect
