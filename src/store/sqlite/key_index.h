#pragma once
// Which alert has this client's id, or this fingerprint? Both are random, and an index keyed at random costs
// half of an insert. So keys wait in memory (the tail) and reach the table alert_keys in large sorted runs; a
// Bloom filter answers for the table when a key is new, which it nearly always is.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
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
  void prefetch(Key key) const;  // for a question that comes soon

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

// Keys in order of seq, with the newest of each found by hash. Entries with one key are chained from the
// newest to the oldest, so that a key that comes a hundred thousand times costs no more than one that comes
// once.
class KeyLog {
 public:
  void reserve(std::size_t keys);
  void add(Key key, model::Seq seq);
  void find(Key key, std::size_t limit,
            std::vector<model::Seq>& seqs) const;  // newest first; appends up to limit
  void find(const KeyRange& range, std::size_t limit,
            std::vector<model::Seq>& seqs) const;  // looks at every entry
  void remove_from(model::Seq seq);                // this one and all later ones
  void prefetch(Key key) const;
  std::vector<KeyEntry> sorted() const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    KeyEntry at;
    std::uint32_t older = 0;  // index + 1 of the one before with this key; 0: none
  };
  // A key's newest entry. Most keys are new, and the tag tells that without a look at the entry, which lies
  // somewhere else in memory.
  struct Cell {
    std::uint32_t newest = 0;  // index + 1; 0: free
    std::uint32_t tag = 0;
  };
  std::size_t cell_of(Key key) const;  // where the key is, or would be
  void grow();
  void rebuild(std::size_t cells);

  std::vector<Entry> entries_;
  std::vector<Cell> cells_;  // a power of two; linear probing
  std::size_t used_cells_ = 0;
};

// Keys of alerts that alert_keys does not hold yet: those on their way into it, and newer ones. Thread-safe;
// only the writer changes it.
class KeyTail {
 public:
  void add(Key key, model::Seq seq);
  // Seqs with this key, newest first, at most `limit`.
  std::vector<model::Seq> find(Key key, std::size_t limit) const;
  std::vector<model::Seq> find(const KeyRange& range, std::size_t limit) const;
  void prefetch(Key key) const;      // by the writer
  void remove_from(model::Seq seq);  // after a rollback; none of them is on its way into the table
  // All of it, sorted as the table is; it stays findable until end_run. Only after the run before has ended.
  std::vector<KeyEntry> start_run();
  void end_run();  // the run is in the table
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  KeyLog moving_;
  KeyLog newest_;
};

}  // namespace tocsin::store
