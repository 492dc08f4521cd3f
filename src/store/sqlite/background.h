#pragma once
// What the writer does when nobody waits: lookup keys into their table, alerts into full-text search, old
// keys out, the log back into the file. Each step is a transaction of its own and gives way as soon as a
// write arrives.

#include <functional>
#include <vector>

#include "store/sqlite/core.h"

namespace tocsin::store {

class Background {
 public:
  Background(SqliteConnection& db, IngestState& state, const SqliteOptions& options);

  // After each group, in a busy time too: what must not fall behind.
  void between_groups();
  // One step; true when there is more to do at once. Errors end the step: it is tried again later.
  bool when_idle(Timestamp now, const std::function<bool()>& interrupted);
  // True when something has come due by the clock alone.
  bool due(Timestamp now) const;

 private:
  struct KeyRun {  // keys on their way into the table
    std::vector<KeyEntry> entries;
    std::size_t written = 0;
    model::Seq through = 0;
    bool active() const { return written < entries.size(); }
  };

  void start_key_run();
  Result<void> write_keys();
  Result<void> insert_keys(std::size_t end, bool last);
  Result<void> fill_bloom();
  Result<void> fill_bloom_of_repeats();
  Result<bool> index_text(const std::function<bool()>& interrupted);
  Result<void> insert_texts(const std::function<bool()>& interrupted, model::Seq& reached);
  Result<void> prune(Timestamp now);
  void checkpoint();
  Result<void> transact(const std::function<Result<void>()>& body);

  SqliteConnection& db_;
  IngestState& state_;
  const SqliteOptions& options_;
  KeyRun run_;
  KeyEntry bloom_at_{std::numeric_limits<Key>::min(), 0};
  Key bloom_at_repeat_ = std::numeric_limits<Key>::min();
  model::Seq searched_ = -1;  // -1: not read yet
  Timestamp pruned_at_{};
  int log_pages_ = 0;  // of the write-ahead log, as of the last commit
};

}  // namespace tocsin::store
