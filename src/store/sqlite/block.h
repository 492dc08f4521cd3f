#pragma once
// A block: the items of one batch behind each other, compressed as one, so that neither a million small rows
// nor their repeated words cost anything.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::store {

// zstd level 1; the compression state is kept per thread. Thread-safe.
std::string compress(std::string_view bytes);
// kInternal for bytes that are not ours or claim more than kUnpackedAtMost.
Result<std::string> decompress(std::string_view packed);
constexpr std::size_t kUnpackedAtMost = std::size_t{256} << 20;

// Puts items behind each other, each with its length.
class BlockWriter {
 public:
  // Hands out where the next item is to be written; then call close_item().
  std::string& open_item();
  void close_item();
  std::size_t items() const { return items_; }
  std::size_t bytes() const { return bytes_.size(); }
  std::string pack() const { return compress(bytes_); }
  // Empty again; its memory is kept for the next block, as far as it is no more than usual.
  void clear();

 private:
  std::string bytes_;
  std::string item_;
  std::size_t items_ = 0;
};

// The unpacked block and where its items are.
class BlockReader {
 public:
  static Result<BlockReader> open(std::string_view packed);
  std::size_t size() const { return places_.size(); }
  // Empty for a slot that is not there.
  std::string_view item(std::size_t slot) const;

 private:
  std::string bytes_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  // offset, length: views would not survive a move
};

}  // namespace tocsin::store
