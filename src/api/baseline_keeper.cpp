#include "api/baseline_keeper.h"

#include <charconv>
#include <map>
#include <sstream>
#include <string>

namespace tocsin::api {
namespace {

constexpr std::string_view kIndexKey = "detection.baselines";    // how far, and which
constexpr std::string_view kTextPrefix = "detection.baseline/";  // and its name
constexpr std::size_t kChunk = 5'000;
constexpr model::Seq kNewPast = 100'000;       // events that a baseline without a past is taught
constexpr model::Seq kKeepEvents = 100'000;    // after so many, and
constexpr std::chrono::minutes kKeepEvery{5};  // after so long at most

std::string key_of(std::string_view name) {
  return std::string(kTextPrefix) + std::string(name);
}

// "UNTIL NAME NAME": these had learned all up to there when they were last written.
std::map<std::string, model::Seq> read_index(const std::string& text) {
  std::map<std::string, model::Seq> index;
  std::istringstream words(text);
  model::Seq until = 0;
  if (!(words >> until)) return index;
  for (std::string name; words >> name;) index[name] = until;
  return index;
}

}  // namespace

Result<void> BaselineKeeper::give_past(detect::Detector& detector, detect::Detector* before,
                                       model::Seq until) {
  auto& baselines = detector.baselines();
  if (before != nullptr) baselines.adopt(std::move(before->baselines()));
  TOCSIN_CHECK(restore(detector));
  baselines.start_after(std::max<model::Seq>(0, until - kNewPast));
  TOCSIN_CHECK(learn_missing(detector, until));
  baselines.advance(until);
  if (!kept_at_) kept_at_ = clock_.now();
  kept_until_ = std::max(kept_until_, until);
  return {};
}

// What cannot be read is learned anew.
Result<void> BaselineKeeper::restore(detect::Detector& detector) const {
  auto& baselines = detector.baselines();
  std::optional<std::map<std::string, model::Seq>> index;
  for (const auto& name : baselines.names()) {
    if (baselines.has_past(name)) continue;
    if (!index) {
      TOCSIN_TRY(text, store_.setting(kIndexKey));
      index = read_index(text.value_or(""));
    }
    TOCSIN_TRY(text, store_.setting(key_of(name)));
    if (text) static_cast<void>(baselines.restore(name, *text, (*index)[name]));
  }
  return {};
}

Result<void> BaselineKeeper::learn_missing(detect::Detector& detector, model::Seq until) const {
  auto after = detector.baselines().learned_until().value_or(until);
  while (after < until) {
    TOCSIN_TRY(events, store_.events().after(after, kChunk));
    std::erase_if(events, [&](const model::Event& event) { return event.seq > until; });
    if (events.empty()) return {};
    after = events.back().seq;
    detector.learn(events);
  }
  return {};
}

void BaselineKeeper::keep_some(detect::Detector& detector, model::Seq until) {
  const bool is_time = !kept_at_ || clock_.now() - *kept_at_ >= kKeepEvery;
  if (!is_time && until - kept_until_ < kKeepEvents) return;
  if (!keep(detector, until)) return;
  kept_until_ = until;
  kept_at_ = clock_.now();
}

Result<void> BaselineKeeper::keep(detect::Detector& detector, model::Seq until) {
  auto& baselines = detector.baselines();
  for (const auto& [name, text] : baselines.changed()) TOCSIN_CHECK(store_.set_setting(key_of(name), text));
  auto index = std::to_string(until);
  for (const auto& name : baselines.names()) index += ' ' + name;
  TOCSIN_CHECK(store_.set_setting(kIndexKey, index));
  baselines.mark_saved();
  return {};
}

}  // namespace tocsin::api
