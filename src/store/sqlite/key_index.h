#pragma once
// Which alert has this client's id, or this fingerprint? Both are random, and an index keyed at random costs
// half of an insert. So keys wait in memory (the tail) and reach the table alert_keys in large sorted runs; a
// Bloom filter answers for the table when a key is new, which it nearly always is.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/link.h"
#include "store/store.h"

namespace tocsin::store {

using Key = std::int64_t;  // as SQLite stores it

// The upper half depends on tenant and id only, so that a range finds the id whatever its source.
Key client_id_key(TenantId tenant, std::string_view source, std::string_view source_id);
struct KeyRange {
  Key first;
  Key last;
};
KeyRange client_id_range(TenantId tenant, std::string_view source_id);
Key fingerprint_key(TenantId tenant, std::uint64_t fingerprint);

// 16 MiB of address space, of which only touched pages take memory. One owner.
class BloomFilter {
 public:
  BloomFilter();
  void add(Key key);
  bool may_have(Key key) const;

 private:
  struct Unmap {
    void operator()(std::uint64_t* words) const;
  };
  std::unique_ptr<std::uint64_t[], Unmap> words_;
};

struct KeyEntry {
  Key key = 0;
  model::Seq seq = 0;
};

// Keys of alerts that alert_keys does not hold yet, in order of seq. Thread-safe; only the writer changes it.
class KeyTail {
 public:
  void add(Key key, model::Seq seq);
  // Seqs with this key, newest first, at most `limit`.
  std::vector<model::Seq> find(Key key, std::size_t limit) const;
  // As above, for any key of the range; looks at every entry.
  std::vector<model::Seq> find(const KeyRange& range, std::size_t limit) const;
  void remove_from(model::Seq seq);     // after a rollback: this one and all later ones
  void remove_through(model::Seq seq);  // they are in the table now
  // Everything through `seq`, sorted as the table is.
  std::vector<KeyEntry> sorted_through(model::Seq seq) const;
  std::size_t size() const;

 private:
  void unlink(const KeyEntry& entry);

  mutable std::mutex mutex_;
  std::deque<KeyEntry> entries_;
  std::unordered_multimap<Key, model::Seq> by_key_;
};

}  // namespace tocsin::store
