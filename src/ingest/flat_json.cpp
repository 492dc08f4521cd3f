#include "ingest/flat_json.h"

#include <cstring>

#include "base/hash.h"

namespace tocsin::ingest {
namespace {

std::uint64_t hash_of(std::string_view path) {
  return hash64(path) | 1U;  // never the mark of an empty slot
}

}  // namespace

FlatJson::FlatJson(const Node& root) : slots_(128) {
  walk(root, 0);
}

void FlatJson::walk(const Node& object, std::size_t prefix) {
  object.members([&](std::string_view key, const Node& value) {
    const auto end = prefix + key.size();
    if (!value || end + 1 >= kMaxPathBytes || count_ >= kMaxPaths) return;
    std::memcpy(path_.data() + prefix, key.data(), key.size());
    put(hash_of({path_.data(), end}), value);
    if (!value.is_object()) return;
    path_[end] = '.';
    walk(value, end + 1);
  });
}

// Paths are told apart by their 64-bit hash alone: a collision can only be made on purpose, and then shows a
// value of the same document in another place.
void FlatJson::put(std::uint64_t hash, const Node& value) {
  if (count_ * 2 >= slots_.size()) grow();
  auto at = hash & (slots_.size() - 1);
  for (; slots_[at].hash != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash == hash) return;
  }
  slots_[at] = {hash, value};
  ++count_;
}

void FlatJson::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  count_ = 0;
  for (const auto& slot : old) {
    if (slot.hash != 0) put(slot.hash, slot.value);
  }
}

Node FlatJson::operator[](std::string_view path) const {
  const auto hash = hash_of(path);
  for (auto at = hash & (slots_.size() - 1); slots_[at].hash != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash == hash) return slots_[at].value;
  }
  return {};
}

Node FlatJson::any(std::initializer_list<std::string_view> paths) const {
  for (const auto path : paths) {
    const Node found = (*this)[path];
    if (found && !(found.is_string() && found.text().empty())) return found;
  }
  return {};
}

}  // namespace tocsin::ingest
