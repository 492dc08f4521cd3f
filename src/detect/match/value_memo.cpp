#include "detect/match/value_memo.h"

#include "detect/match/quick_hash.h"

namespace tocsin::detect {

ValueMemo::Entry& ValueMemo::entry_of(std::uint64_t question, std::string_view text, bool& known) {
  QuickHash hasher(question);
  hasher.add(text);
  const auto hash = hasher.value();
  auto& set = sets_[hash % kSets];
  for (std::size_t i = 0; i < set.entries.size(); ++i) {
    auto& entry = set.entries[i];
    if (entry.hash != hash || entry.question != question || entry.text != text) continue;
    set.older = static_cast<std::uint8_t>(1 - i);
    known = true;
    return entry;
  }
  known = false;
  auto& entry = set.entries[set.older];
  set.older = static_cast<std::uint8_t>(1 - set.older);
  entry.question = question;
  entry.hash = hash;
  entry.text = text;
  entry.answer.clear();
  return entry;
}

}  // namespace tocsin::detect
