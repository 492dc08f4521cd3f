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

// The lower half of a hash says where a key is, the upper half tells it from its neighbours.
std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

std::size_t line_of(std::uint64_t hash) {
  return static_cast<std::size_t>(hash % kLines) * kWordsPerLine;
}

template <class Visit>
void for_each_bit(Key key, Visit visit) {
  const auto hash = mixed(key);
  const auto line = line_of(hash);
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
  (void)madvise(memory, kBloomBytes, MADV_HUGEPAGE);
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

void BloomFilter::prefetch(Key key) const {
  __builtin_prefetch(&words_[line_of(mixed(key))]);
}

std::size_t KeyLog::cell_of(Key key) const {
  const auto hash = mixed(key);
  auto at = static_cast<std::size_t>(hash) & (cells_.size() - 1);
  const auto is_it = [&](const Cell& cell) {
    return cell.tag == tag_of(hash) && entries_[cell.newest - 1].at.key == key;
  };
  while (cells_[at].newest != 0 && !is_it(cells_[at])) at = (at + 1) & (cells_.size() - 1);
  return at;
}

void KeyLog::prefetch(Key key) const {
  if (!cells_.empty())
    __builtin_prefetch(&cells_[static_cast<std::size_t>(mixed(key)) & (cells_.size() - 1)]);
}

// Growing step by step would touch every page several times.
void KeyLog::reserve(std::size_t keys) {
  entries_.reserve(keys);
  std::size_t cells = 1024;
  while (cells <= keys * 2) cells *= 2;
  if (cells > cells_.size()) rebuild(cells);
}

// Half empty at worst. Entries are put back in their order, as remove_from relies on.
void KeyLog::grow() {
  if (used_cells_ * 2 >= cells_.size()) rebuild(std::max<std::size_t>(1024, cells_.size() * 2));
}

void KeyLog::rebuild(std::size_t cells) {
  cells_.assign(cells, Cell{});
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto key = entries_[i].at.key;
    cells_[cell_of(key)] = {static_cast<std::uint32_t>(i + 1), tag_of(mixed(key))};
  }
}

void KeyLog::add(Key key, model::Seq seq) {
  grow();
  auto& cell = cells_[cell_of(key)];
  if (cell.newest == 0) ++used_cells_;
  entries_.push_back({{key, seq}, cell.newest});
  cell = {static_cast<std::uint32_t>(entries_.size()), tag_of(mixed(key))};
}

void KeyLog::find(Key key, std::size_t limit, std::vector<model::Seq>& seqs) const {
  if (cells_.empty()) return;
  for (auto at = cells_[cell_of(key)].newest; at != 0 && seqs.size() < limit; at = entries_[at - 1].older) {
    seqs.push_back(entries_[at - 1].at.seq);
  }
}

void KeyLog::find(const KeyRange& range, std::size_t limit, std::vector<model::Seq>& seqs) const {
  for (auto it = entries_.rbegin(); it != entries_.rend() && seqs.size() < limit; ++it) {
    if (it->at.key >= range.first && it->at.key <= range.last) seqs.push_back(it->at.seq);
  }
}

// The last entry put in is the only one that no probe has gone past, so its cell may simply be emptied.
void KeyLog::remove_from(model::Seq seq) {
  for (; !entries_.empty() && entries_.back().at.seq >= seq; entries_.pop_back()) {
    auto& cell = cells_[cell_of(entries_.back().at.key)];
    cell.newest = entries_.back().older;
    if (cell.newest == 0) --used_cells_;
  }
}

std::vector<KeyEntry> KeyLog::sorted() const {
  std::vector<KeyEntry> entries;
  entries.reserve(entries_.size());
  for (const auto& entry : entries_) entries.push_back(entry.at);
  std::sort(entries.begin(), entries.end(), [](const KeyEntry& a, const KeyEntry& b) {
    return a.key != b.key ? a.key < b.key : a.seq < b.seq;
  });
  return entries;
}

void KeyTail::add(Key key, model::Seq seq) {
  const std::lock_guard lock(mutex_);
  newest_.add(key, seq);
}

std::vector<model::Seq> KeyTail::find(Key key, std::size_t limit) const {
  std::vector<model::Seq> seqs;
  const std::lock_guard lock(mutex_);
  newest_.find(key, limit, seqs);
  moving_.find(key, limit, seqs);
  return seqs;
}

std::vector<model::Seq> KeyTail::find(const KeyRange& range, std::size_t limit) const {
  std::vector<model::Seq> seqs;
  const std::lock_guard lock(mutex_);
  newest_.find(range, limit, seqs);
  moving_.find(range, limit, seqs);
  return seqs;
}

// Without the lock: only the writer, which calls this, changes what is read.
void KeyTail::prefetch(Key key) const {
  newest_.prefetch(key);
  moving_.prefetch(key);
}

void KeyTail::remove_from(model::Seq seq) {
  const std::lock_guard lock(mutex_);
  newest_.remove_from(seq);
}

std::vector<KeyEntry> KeyTail::start_run() {
  {
    const std::lock_guard lock(mutex_);
    moving_ = std::move(newest_);
    newest_ = KeyLog();
    newest_.reserve(moving_.size());  // the next run is probably as long
  }
  return moving_.sorted();
}

void KeyTail::end_run() {
  const std::lock_guard lock(mutex_);
  moving_ = KeyLog();
}

std::size_t KeyTail::size() const {
  const std::lock_guard lock(mutex_);
  return newest_.size();
}

}  // namespace tocsin::store
