#include "detect/keyed_window.h"

#include <set>

namespace tocsin::detect {

KeyedWindow::Slot& KeyedWindow::touch(std::uint64_t key) {
  if (const auto found = slots_.find(key); found != slots_.end()) {
    by_touch_.splice(by_touch_.begin(), by_touch_, found->second.place);
    return found->second;
  }
  if (slots_.size() >= max_keys_ && !by_touch_.empty()) {
    slots_.erase(by_touch_.back());
    by_touch_.pop_back();
  }
  by_touch_.push_front(key);
  auto& slot = slots_[key];
  slot.place = by_touch_.begin();
  return slot;
}

const std::deque<Observation>& KeyedWindow::observe(std::uint64_t key, const Observation& observation) {
  auto& slot = touch(key);
  slot.newest = std::max(slot.newest, observation.at);
  slot.seen.push_back(observation);
  const auto oldest = slot.newest - window_;
  std::erase_if(slot.seen, [oldest](const Observation& one) { return one.at < oldest; });
  if (slot.seen.size() > kPerKey) slot.seen.pop_front();
  return slot.seen;
}

const std::deque<Observation>& KeyedWindow::peek(std::uint64_t key) const {
  static const std::deque<Observation> kNothing;
  const auto found = slots_.find(key);
  return found == slots_.end() ? kNothing : found->second.seen;
}

void KeyedWindow::forget(std::uint64_t key) {
  const auto found = slots_.find(key);
  if (found == slots_.end()) return;
  by_touch_.erase(found->second.place);
  slots_.erase(found);
}

std::size_t distinct_values(const std::deque<Observation>& seen) {
  std::set<std::uint64_t> values;
  for (const auto& one : seen) values.insert(one.value);
  return values.size();
}

std::vector<model::Seq> seqs_of(const std::deque<Observation>& seen) {
  std::vector<model::Seq> seqs;
  for (const auto& one : seen) seqs.push_back(one.seq);
  return seqs;
}

}  // namespace tocsin::detect
