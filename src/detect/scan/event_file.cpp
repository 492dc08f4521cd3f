#include "detect/scan/event_file.h"

#include <simdjson.h>

#include <utility>

#include "detect/evtx/evtx_chunk.h"

namespace tocsin::detect {
namespace {

// An event longer than this is looked at again for each doubling of its bytes, not for each piece.
constexpr std::size_t kLongBytes = 256U << 10;

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

}  // namespace

Result<EventFile> EventFile::open(const std::string& file, std::stop_token stop,
                                  std::atomic<std::uint64_t>& bytes_read) {
  TOCSIN_TRY(bytes, UnpackedFile::open(file, std::move(stop), bytes_read));
  return EventFile(std::move(bytes));
}

// At least one piece more, and as many as it takes until the text has `wanted` bytes.
void EventFile::append_pieces(std::string& text, std::size_t wanted) {
  do {
    const auto piece = bytes_->next();
    if (!piece) fault_ = piece.error();
    is_at_end_ = !piece || piece->empty();
    if (!is_at_end_) text += *piece;
  } while (!is_at_end_ && text.size() < wanted);
}

// Looks at the first bytes.
Result<void> EventFile::begin() {
  append_pieces(left_over_, kEvtxMagic.size());
  if (is_utf16(left_over_)) {
    is_at_end_ = true;
    return error(ErrorKind::kUnsupported, "read", "the text is UTF-16", "Write it again as UTF-8.");
  }
  is_evtx_ = left_over_.starts_with(kEvtxMagic);
  if (!is_evtx_) return {};
  if (left_over_.size() < kEvtxHeadBytes) append_pieces(left_over_, kEvtxHeadBytes);
  const auto block = evtx_head_block(left_over_);
  if (left_over_.size() < block) append_pieces(left_over_, block);
  left_over_.erase(0, block);
  return {};
}

Result<bool> EventFile::next(EventChunk& chunk) {
  chunk.events.clear();
  chunk.evtx.clear();
  if (!std::exchange(has_begun_, true)) TOCSIN_CHECK(begin());
  is_evtx_ ? next_evtx(chunk) : next_json(chunk);
  if (!is_at_end_ || !left_over_.empty()) return true;
  if (fault_) return *fault_;
  return false;
}

void EventFile::next_json(EventChunk& chunk) {
  auto& text = chunk.text;
  text.assign(left_over_);
  auto cut = cutter_.cut(text, is_at_end_, chunk.events);
  while (chunk.events.empty() && !is_at_end_) {
    text.erase(0, cut);
    append_pieces(text, text.size() < kLongBytes ? 0 : 2 * text.size());
    cut = cutter_.cut(text, is_at_end_, chunk.events);
  }
  left_over_.assign(text, cut);
  text.append(simdjson::SIMDJSON_PADDING, ' ');
}

void EventFile::next_evtx(EventChunk& chunk) {
  if (left_over_.size() < kEvtxChunkBytes && !is_at_end_) append_pieces(left_over_, kEvtxChunkBytes);
  chunk.evtx.assign(left_over_, 0, kEvtxChunkBytes);
  left_over_.erase(0, kEvtxChunkBytes);
}

void EventChunk::read_evtx() {
  if (evtx.empty()) return;
  std::vector<EvtxRecord> records;
  text.clear();
  read_evtx_chunk(evtx, text, records);
  for (const auto& record : records) events.push_back({record.offset, record.size, record.id, record.fault});
  text.append(simdjson::SIMDJSON_PADDING, ' ');
}

}  // namespace tocsin::detect
