#pragma once
// Reads the items of one file into records, a chunk at a time. Pure, apart from Options::now.

#include <string>
#include <vector>

#include "ingest/file/file_chunks.h"
#include "ingest/file/file_shape.h"
#include "ingest/ingest.h"

namespace tocsin::ingest {

struct FileChunk {
  Normalised normalised;           // Record::index and Rejection::index are lines of the file, from 1
  std::size_t items = 0;           // that were looked at
  std::size_t bytes = 0;           // of them
  std::uint64_t content_hash = 0;  // the same bytes give the same chunks and hashes
};

class FileReader {
 public:
  // `options` and what it points to outlive this.
  FileReader(FileShape shape, const Options& options);

  void feed(std::string_view bytes) { chunks_.feed(bytes); }
  void finish() { chunks_.finish(); }
  // True when a chunk is full, or the file is at its end and something is left. False: feed more.
  bool next(FileChunk& chunk);

 private:
  void read(const FileItem& item);
  void read_row(std::string_view row, std::size_t line);
  void read_json(std::string_view object, std::size_t line);
  void take(Result<Normalised> read, std::string_view item, std::size_t line);

  const FileShape shape_;
  const Options& options_;
  FileChunks<FileChunk> chunks_;
  std::vector<std::string> columns_;
};

}  // namespace tocsin::ingest
