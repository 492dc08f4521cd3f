#include "store/sqlite/block.h"

#include <zstd.h>

#include <memory>

#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

// One of zstd's fast levels: documents are compressed before the acknowledgement.
constexpr int kLevel = -1;
constexpr std::size_t kKept = std::size_t{2} << 20;  // of a buffer that waits for its next use

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Error broken() {
  return error(ErrorKind::kInternal, "unpack a block", "its bytes are not what was written",
               "The database file is damaged: restore a backup");
}

}  // namespace

std::string compress(std::string_view bytes) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  thread_local std::string room;  // several times what comes out: kept, so that it is cleared once
  const auto bound = ZSTD_compressBound(bytes.size());
  if (room.size() < bound) room.resize(bound);
  const auto size =
      ZSTD_compressCCtx(context.get(), room.data(), room.size(), bytes.data(), bytes.size(), kLevel);
  std::string packed(room, 0, ZSTD_isError(size) != 0 ? 0 : size);
  if (room.size() > kKept) {
    room.clear();
    room.shrink_to_fit();
  }
  return packed;
}

Result<std::string> decompress(std::string_view packed) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  const auto claimed = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (claimed > kUnpackedAtMost)
    return broken();  // also ZSTD_CONTENTSIZE_ERROR and _UNKNOWN, the highest values
  std::string bytes(static_cast<std::size_t>(claimed), '\0');
  const auto size =
      ZSTD_decompressDCtx(context.get(), bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != bytes.size()) return broken();
  return bytes;
}

std::string& BlockWriter::open_item() {
  item_.clear();
  return item_;
}

void BlockWriter::close_item() {
  ByteWriter(bytes_).text(item_);
  ++items_;
}

void BlockWriter::clear() {
  items_ = 0;
  for (auto* text : {&bytes_, &item_}) {
    text->clear();
    if (text->capacity() > kKept) text->shrink_to_fit();
  }
}

Result<BlockReader> BlockReader::open(std::string_view packed) {
  BlockReader reader;
  TOCSIN_TRY(bytes, decompress(packed));
  reader.bytes_ = std::move(bytes);
  ByteReader from(reader.bytes_);
  while (from.ok() && !from.rest().empty()) {
    const auto item = from.text();
    if (!from.ok()) return broken();
    reader.places_.emplace_back(static_cast<std::size_t>(item.data() - reader.bytes_.data()), item.size());
  }
  if (!from.ok()) return broken();
  return reader;
}

std::string_view BlockReader::item(std::size_t slot) const {
  if (slot >= places_.size()) return {};
  return std::string_view(bytes_).substr(places_[slot].first, places_[slot].second);
}

}  // namespace tocsin::store
