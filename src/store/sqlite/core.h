#pragma once
// What the writer of SQLite remembers between transactions.

#include "store/sql/core.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/key_index.h"
#include "store/sqlite/sqlite.h"

namespace tocsin::store {

// Only the writer's thread changes it; `tail` may be read by all.
struct IngestState {
  model::Seq last_seq = 0;
  std::int64_t last_block = 0;
  KeyTail tail;
  BloomFilter bloom;
  bool bloom_ready = false;  // false: every key may be in the table
  CountedNames names;

  struct Mark {
    model::Seq last_seq;
    std::int64_t last_block;
  };
  Mark mark() const { return {last_seq, last_block}; }
  void roll_back(const Mark& mark) {
    tail.remove_from(mark.last_seq + 1);
    last_seq = mark.last_seq;
    last_block = mark.last_block;
  }
};

}  // namespace tocsin::store
