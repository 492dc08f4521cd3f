#include "app/rule_watcher.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>

namespace tocsin::app {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause{2'000};
constexpr std::chrono::milliseconds kMostPause{15'000};
constexpr int kShare = 20;  // looking takes at most one part of so many of the time, up to that pause

std::set<std::string> lines_of(const std::vector<Error>& refusals) {
  std::set<std::string> lines;
  for (const auto& why : refusals) lines.insert(to_string(why));
  return lines;
}

}  // namespace

RuleWatcher::RuleWatcher(detect::RuleLibrary& rules, const Clock& clock, observe::Log& log)
    : clock_(clock), log_(log), rules_(rules), watch_(rules), told_(rules.state()) {}

RuleWatcher::~RuleWatcher() {
  stop();
}

void RuleWatcher::start() {
  thread_.start("rules", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void RuleWatcher::stop() {
  thread_.stop();
}

void RuleWatcher::run(BackgroundThread::Rest& rest) {
  for (auto pause = kPause; !rest.is_stopping();) {
    rest.pause(pause);
    if (rest.is_stopping()) return;
    const auto begin = steady_clock::now();
    look();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
    pause = std::max(took, std::clamp(kShare * took, kPause, kMostPause));
  }
}

void RuleWatcher::look() {
  if (const auto reloaded = watch_.look(clock_.now())) tell(*reloaded);
}

// Each thing once, however often it is met.
void RuleWatcher::tell(const Result<detect::RuleStatePtr>& reloaded) {
  const auto before = std::exchange(told_, rules_.state());
  if (!reloaded) {
    const auto& why = reloaded.error();
    if (!before->problem || before->problem->message != why.message)
      log_.error("rules_not_reloaded", {{"why", to_string(why)}});
    return;
  }
  const auto& now = **reloaded;
  if (now.catalog == before->catalog) return;
  const auto known = lines_of(before->catalog->refusals());
  for (const auto& line : lines_of(now.catalog->refusals())) {
    if (!known.contains(line)) log_.error("rule_left_out", {{"why", line}});
  }
  log_.info("rules_reloaded", {{"rules", now.catalog->rules().size()},
                               {"correlations", now.catalog->correlations().size()},
                               {"refused", now.catalog->refusals().size()},
                               {"files_as_before", now.kept.size()}});
}

}  // namespace tocsin::app
