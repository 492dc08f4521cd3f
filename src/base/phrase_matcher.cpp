#include "base/phrase_matcher.h"

namespace tocsin {
namespace {

constexpr std::uint8_t kBlank = 0;

constexpr std::uint8_t symbol_of(char c) {
  if (c >= 'a' && c <= 'z') return static_cast<std::uint8_t>(1 + (c - 'a'));
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint8_t>(1 + (c - 'A'));
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(27 + (c - '0'));
  return kBlank;
}

}  // namespace

PhraseMatcher::PhraseMatcher(const std::vector<std::string_view>& phrases) {
  for (std::size_t i = 0; i < phrases.size(); ++i) insert(phrases[i], static_cast<std::int32_t>(i));
  link();
}

void PhraseMatcher::insert(std::string_view phrase, std::int32_t index) {
  lengths_.push_back(static_cast<std::uint16_t>(phrase.size()));
  const bool open_end = phrase.ends_with('*');
  if (open_end) phrase.remove_suffix(1);
  std::uint16_t state = 0;
  const auto step = [&](std::uint8_t symbol) {
    if (states_[state].next[symbol] == 0) {
      states_[state].next[symbol] = static_cast<std::uint16_t>(states_.size());
      states_.emplace_back();
    }
    state = states_[state].next[symbol];
  };
  step(kBlank);
  for (const char c : phrase) step(symbol_of(c));
  if (!open_end) step(kBlank);
  if (states_[state].phrase < 0) states_[state].phrase = index;  // the first row of the table wins
}

// Breadth first: every missing edge becomes the edge of the fallback, so that find() never walks back.
void PhraseMatcher::link() {
  std::vector<std::uint16_t> queue;
  for (const auto child : states_[0].next) {
    if (child != 0) queue.push_back(child);
  }
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const auto state = queue[head];
    const auto fallback = states_[state].fallback;
    states_[state].next_hit = states_[fallback].phrase >= 0 ? fallback : states_[fallback].next_hit;
    for (std::size_t s = 0; s < kSymbols; ++s) {
      auto& child = states_[state].next[s];
      if (child == 0) {
        child = states_[fallback].next[s];
        continue;
      }
      states_[child].fallback = states_[fallback].next[s];
      queue.push_back(child);
    }
  }
}

std::vector<PhraseMatcher::Hit> PhraseMatcher::find(std::string_view text) const {
  std::vector<Hit> hits;
  auto state = states_[0].next[kBlank];
  bool blank = true;  // runs of separators count as one
  const auto step = [&](std::uint8_t symbol) {
    if (symbol == kBlank && blank) return;
    blank = symbol == kBlank;
    state = states_[state].next[symbol];
    for (auto at = state; at != 0; at = states_[at].next_hit) {
      const auto phrase = states_[at].phrase;
      if (phrase >= 0)
        hits.push_back({static_cast<std::uint16_t>(phrase), lengths_[static_cast<std::size_t>(phrase)]});
    }
  };
  for (const char c : text.substr(0, kScanned)) step(symbol_of(c));
  step(kBlank);
  return hits;
}

}  // namespace tocsin
