#include "detect/scan/event_file.h"

#include <simdjson.h>

#include <utility>

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

Result<bool> EventFile::next(EventChunk& chunk) {
  auto& text = chunk.text;
  chunk.events.clear();
  text.assign(left_over_);
  auto cut = cutter_.cut(text, is_at_end_, chunk.events);
  while (chunk.events.empty() && !is_at_end_) {
    text.erase(0, cut);
    append_pieces(text, text.size() < kLongBytes ? 0 : 2 * text.size());
    if (!std::exchange(has_begun_, true) && is_utf16(text)) {
      is_at_end_ = true;
      return error(ErrorKind::kUnsupported, "read", "the text is UTF-16", "Write it again as UTF-8.");
    }
    cut = cutter_.cut(text, is_at_end_, chunk.events);
  }
  left_over_.assign(text, cut);
  text.append(simdjson::SIMDJSON_PADDING, ' ');
  if (!is_at_end_ || !left_over_.empty()) return true;
  if (fault_) return *fault_;
  return false;
}

}  // namespace tocsin::detect
