#pragma once
// Gathers what is read of a file's items into chunks of bounded size. Chunk has items, bytes and content_hash
// as FileChunk does; the same bytes, in pieces of any size, give the same chunks. Pure.

#include <utility>

#include "base/hash.h"
#include "ingest/file/file_items.h"

namespace tocsin::ingest {

constexpr std::size_t kChunkItems = 1000;
constexpr std::size_t kChunkBytes = 1U << 20;

template <typename Chunk>
class FileChunks {
 public:
  explicit FileChunks(FileKind kind) : items_(kind) {}

  void feed(std::string_view bytes) { items_.feed(bytes); }
  void finish() { items_.finish(), last_ = true; }
  std::string_view header() const { return items_.header(); }

  // The chunk that is being filled.
  Chunk& open() { return open_; }

  // Gives each item to `read`, which adds to open(). True when a chunk is full, or the file is at its end and
  // something is left. False: feed more.
  template <typename Read>
  bool next(Chunk& chunk, Read&& read) {
    FileItem item;
    while (open_.items < kChunkItems && open_.bytes < kChunkBytes) {
      if (!items_.next(item)) {
        if (!last_ || open_.items == 0) return false;
        break;
      }
      ++open_.items;
      open_.bytes += item.text.size();
      open_.content_hash = FieldHasher().add(to_hex(open_.content_hash)).add(item.text).finish();
      read(item);
    }
    chunk = std::exchange(open_, {});
    return true;
  }

 private:
  FileItems items_;
  Chunk open_;
  bool last_ = false;
};

}  // namespace tocsin::ingest
