#include "store/sqlite/key_index.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "base/hash.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kBloomBytes = std::size_t{16} << 20;
constexpr std::size_t kWordsPerLine = 8;  // one cache line holds all bits of a key: one miss a question
constexpr std::size_t kLines = kBloomBytes / (kWordsPerLine * sizeof(std::uint64_t));
constexpr int kBitsPerKey = 6;

std::string_view bytes_of(const std::int64_t& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::uint64_t id_prefix(TenantId tenant, std::string_view source_id) {
  return FieldHasher().add("id").add(bytes_of(tenant.value)).add(source_id).finish() & 0xFFFFFFFF00000000ULL;
}

// Keys are hashes, but half of a client id's key is shared by design: mixed again before bits are taken from
// it.
std::uint64_t mixed(Key key) {
  auto value = static_cast<std::uint64_t>(key);
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdULL;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

template <class Visit>
void for_each_bit(Key key, Visit visit) {
  const auto hash = mixed(key);
  const auto line = static_cast<std::size_t>(hash % kLines) * kWordsPerLine;
  auto bits = mixed(static_cast<Key>(hash));
  for (int i = 0; i < kBitsPerKey; ++i, bits >>= 9) {
    visit(line + (bits >> 6 & 7), std::uint64_t{1} << (bits & 63));
  }
}

}  // namespace

Key client_id_key(TenantId tenant, std::string_view source, std::string_view source_id) {
  return static_cast<Key>(id_prefix(tenant, source_id) | (hash64(source) & 0xFFFFFFFFULL));
}

KeyRange client_id_range(TenantId tenant, std::string_view source_id) {
  const auto prefix = id_prefix(tenant, source_id);
  return {static_cast<Key>(prefix), static_cast<Key>(prefix | 0xFFFFFFFFULL)};
}

Key fingerprint_key(TenantId tenant, std::uint64_t fingerprint) {
  const auto number = static_cast<std::int64_t>(fingerprint);
  return static_cast<Key>(FieldHasher().add("fp").add(bytes_of(tenant.value)).add(bytes_of(number)).finish());
}

BloomFilter::BloomFilter() {
  void* memory =
      mmap(nullptr, kBloomBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  words_.reset(static_cast<std::uint64_t*>(memory));
}

void BloomFilter::Unmap::operator()(std::uint64_t* words) const {
  munmap(words, kBloomBytes);
}

void BloomFilter::add(Key key) {
  for_each_bit(key, [&](std::size_t word, std::uint64_t bit) { words_[word] |= bit; });
}

bool BloomFilter::may_have(Key key) const {
  bool all = true;
  for_each_bit(key, [&](std::size_t word, std::uint64_t bit) { all = all && (words_[word] & bit) != 0; });
  return all;
}

void KeyTail::add(Key key, model::Seq seq) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({key, seq});
  by_key_.emplace(key, seq);
}

std::vector<model::Seq> KeyTail::find(Key key, std::size_t limit) const {
  std::vector<model::Seq> seqs;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = by_key_.equal_range(key);
    for (auto it = first; it != last; ++it) seqs.push_back(it->second);
  }
  std::sort(seqs.rbegin(), seqs.rend());
  if (seqs.size() > limit) seqs.resize(limit);
  return seqs;
}

std::vector<model::Seq> KeyTail::find(const KeyRange& range, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<model::Seq> seqs;
  for (auto it = entries_.rbegin(); it != entries_.rend() && seqs.size() < limit; ++it) {
    if (it->key >= range.first && it->key <= range.last) seqs.push_back(it->seq);
  }
  return seqs;
}

void KeyTail::unlink(const KeyEntry& entry) {
  const auto [first, last] = by_key_.equal_range(entry.key);
  const auto found = std::find_if(first, last, [&](const auto& item) { return item.second == entry.seq; });
  if (found != last) by_key_.erase(found);
}

void KeyTail::remove_from(model::Seq seq) {
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && entries_.back().seq >= seq) {
    unlink(entries_.back());
    entries_.pop_back();
  }
}

void KeyTail::remove_through(model::Seq seq) {
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && entries_.front().seq <= seq) {
    unlink(entries_.front());
    entries_.pop_front();
  }
}

std::vector<KeyEntry> KeyTail::sorted_through(model::Seq seq) const {
  std::vector<KeyEntry> entries;
  {
    const std::lock_guard lock(mutex_);
    const auto end =
        std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.seq > seq; });
    entries.assign(entries_.begin(), end);
  }
  std::sort(entries.begin(), entries.end(), [](const KeyEntry& a, const KeyEntry& b) {
    return a.key != b.key ? a.key < b.key : a.seq < b.seq;
  });
  return entries;
}

std::size_t KeyTail::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace tocsin::store
