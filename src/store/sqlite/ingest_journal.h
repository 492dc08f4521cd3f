#pragma once
// The file that makes an append durable before its rows are committed. A group of the writer holds a few
// hundred alerts, and SQLite logs every page that a commit touched: ten thousand alerts touch hardly more
// pages than a few hundred. So the rows of many groups share one commit, and each group's batches are written
// here first, with one flush. What a crash leaves is appended anew at the next start
// (docs/decisions/0005-ingest-journal.md).
//
// A record: 8 bytes ordinal, 8 bytes size, 8 bytes hash, the payload. Ordinals never repeat; after a commit
// the file is written from its beginning again, so that it neither grows nor has to be extended at each
// flush. One thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::store {

class IngestJournal {
 public:
  // Makes the file when it is absent. `applied`: ordinal of the last record whose rows are committed.
  static Result<std::unique_ptr<IngestJournal>> open(const std::string& file, std::uint64_t applied);
  ~IngestJournal();
  IngestJournal(const IngestJournal&) = delete;
  IngestJournal& operator=(const IngestJournal&) = delete;

  // The whole records of a file that another process may be writing, as they lie there, and the ordinal of
  // the last; none when it is absent.
  struct Copy {
    std::string records;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  static Result<Copy> copy(const std::string& file);

  // The records behind the applied one, oldest first, up to the first that is torn or of an earlier round.
  Result<void> read(const std::function<Result<void>(std::string_view payload)>& each);
  // Durable when it returns. kStorageFull: nothing was added.
  Result<void> append(std::string_view payload);
  // The rows of all records are committed: the next one stands at the beginning.
  void rewind() { end_ = 0; }
  std::uint64_t last() const { return last_; }  // ordinal of the newest record
  std::uint64_t bytes() const { return end_; }  // of the records since the last rewind

 private:
  IngestJournal(int file, std::uint64_t applied) : file_(file), last_(applied) {}
  Result<void> write_all(std::string_view bytes);

  int file_;
  std::uint64_t last_;
  std::uint64_t end_ = 0;
  std::string buffer_;
};

}  // namespace tocsin::store
